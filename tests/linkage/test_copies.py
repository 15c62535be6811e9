"""Copies among invented lists: what is found, which way round, and what is left alone."""

import random
import sys
from pathlib import Path

import pytest

from gavah.linkage import copies
from gavah.linkage.copies import USUAL, Alike

sys.path.insert(0, str(Path(__file__).parent))
from people import GIVEN, report

LATIN = {
    "given": [("Hossein", "Hosein", "Hussein"), ("Mahdi", "Mehdi", "Mahdee"), ("Rouhollah", "Ruhollah", "Roohollah"),
              ("Yousef", "Yusef", "Yousof"), ("Mohsen", "Muhsen", "Mohssen"), ("Shirin", "Shireen", "Sheerin")],
    "family": [("Golzar", "Golzaar", "Gulzar"), ("Nikpey", "Nikpay", "Nikpei"), ("Parvaneh", "Parwaneh", "Parvane"),
               ("Kavousi", "Kavoosi", "Kavusi"), ("Roshandel", "Rowshandel", "Roshandell"), ("Tavakkol", "Tavakol", "Tawakol")],
}  # fmt: skip


def written(person, writer):
    """One writer's row of a person: spelling by whim, ages and days off at times, places now and then left out."""
    draw = random.Random(f"{person}/{writer}")
    truth = random.Random(person)
    given, family = truth.choice(LATIN["given"]), truth.choice(LATIN["family"])
    age, day = truth.randint(15, 60), truth.randint(1, 28)
    name = f"{draw.choice(given)} {draw.choice(family)} {chr(65 + person % 26)}{person}"
    return {
        "names": name,
        "age": age + draw.choice((0, 0, 0, 1)) if draw.random() < 0.8 else None,
        "on": f"2019-11-{min(day + draw.choice((0, 0, 0, 1)), 28):02}",
        "city": truth.choice(("Shiraz", "Karaj", "Tabriz")) if draw.random() < 0.7 else "",
    }


def listed(source, people, writer=None, **more):
    out = []
    for number, person in enumerate(people):
        row = written(person, writer or source)
        out.append((person, report(number, source, row.pop("names"), **row, **more)))
    return out


def found_in(*lists, declared=None, released=None):
    everyone = [entry for entries in lists for entry in entries]
    clusters = {}
    for person, one in everyone:
        clusters.setdefault(person, []).append(one.report_id)
    order = {one.report_id: place for entries in lists for place, (_, one) in enumerate(entries)}
    return copies([one for _, one in everyone], list(clusters.values()), declared or {}, order, released)


def shuffled(people, seed):
    return random.Random(seed).sample(people, len(people))


ALL = list(range(200))


def test_independent_lists_are_not_accused():
    lists = [listed(name, shuffled(ALL, name)[:140]) for name in ("A", "B", "C")]
    assert found_in(*lists) == ()


def test_a_copy_inside_another_list_is_found_with_its_direction():
    a, b = listed("A", shuffled(ALL, 1)[:140]), listed("B", shuffled(ALL, 2)[:140])
    copy = listed("Copy", [person for person, _ in a][:60], writer="A")
    (found,) = found_in(a, b, copy)
    assert (found.source, found.derived_from, found.direction) == ("Copy", "A", "inside")
    assert (found.shared, found.inside) == (60, 1.0)
    assert {"latin", "omitted"} <= {one.code for one in found.evidence}
    assert all(one.share == 1.0 and one.tells for one in found.evidence)
    (told,) = found_in(a, b, copy, declared={"Copy": ("A",)})
    assert told.declared


def test_two_copies_of_one_another_without_a_sign_have_no_direction_but_a_release_gives_one():
    a, twin = listed("A", shuffled(ALL, 1)), listed("Twin", shuffled(ALL, 1), writer="A")
    (found,) = found_in(a, twin)
    assert found.direction == ""
    (found,) = found_in(a, twin, released={"A": "2020-02-01", "Twin": "2020-01-01"})
    assert (found.source, found.derived_from, found.direction) == ("A", "Twin", "later")


def test_a_small_list_inside_a_large_one_is_no_copy():
    assert found_in(listed("A", ALL), listed("B", shuffled(ALL, 3)[:50])) == ()


def test_few_shared_persons_say_nothing():
    a = listed("A", ALL[:14])
    assert found_in(a, listed("Copy", ALL[:14], writer="A")) == ()


def test_nine_tenths_equal_rows_in_arabic_letters_alone_are_no_accusation():
    """Persian lists spell most names alike by themselves: agreement of names alone must not accuse."""
    names = [f"{GIVEN[at % len(GIVEN)]} بهاروند {at}" for at in range(100)]
    a = [(at, report(at, "A", name, on=None)) for at, name in enumerate(names)]
    b = [(at, report(at, "B", name, on=None)) for at, name in enumerate(shuffled(names, 4))]
    b = [(names.index(one.names[0]), one) for _, one in b]
    assert found_in(a, b) == ()


@pytest.mark.parametrize("order", [1, -1])
def test_lists_sorted_by_name_stand_in_one_order_without_copying(order):
    a = sorted(listed("A", ALL), key=lambda entry: entry[1].names[0])
    b = sorted(listed("B", ALL), key=lambda entry: entry[1].names[0])
    assert found_in(*[a, b][::order]) == ()


def test_most_rows_from_one_channel():
    urls = [f"https://t.me/some_channel/{number}" for number in range(40)]
    rows = [(at, report(at, "Page", f"Name{at} Golzar", urls=[url])) for at, url in enumerate(urls)]
    (found,) = found_in(rows)
    assert (found.source, found.derived_from, found.upstream) == ("Page", "", "t.me/some_channel")
    own = [(at, report(at, "Some Channel", f"Name{at} Golzar", urls=[url])) for at, url in enumerate(urls)]
    assert found_in(own) == ()
    (found,) = found_in(rows, [(99, report(99, "Some channel", "Other Name"))])
    assert found.derived_from == "Some channel"


def test_a_comparison_tells_only_far_above_its_measure():
    assert Alike("latin", 99, 100, 0.66, "usual", 1e-17).tells
    assert not Alike("latin", 75, 100, 0.66, "usual", 1e-5).tells
    assert not Alike("latin", 14, 14, 0.66, "usual", 1e-5).tells
    assert all(0 < value < 1 for value in USUAL.values())


def test_any_reports_are_taken():
    assert copies([], [], {}) == ()
    assert copies([report(1, "A", "")], [[b"unknown"]], {}) == ()
