"""Candidate pairs: what the rules find, what the cap leaves out, and that both are told."""

import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from gavah.linkage import candidates, engine
from gavah.linkage.evidence import evidence_of

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


@pytest.fixture(scope="module")
def connection():
    held = engine.connect()
    yield held
    held.close()


def found(reports, connection):
    known = evidence_of(reports)
    got = candidates.candidates_of(known, connection)
    by = {one.report_id: f"{one.source}{one.ref}" for one in reports}
    pairs = {
        frozenset((by[known.ids[a]], by[known.ids[b]])) for a, b in zip(got.a.tolist(), got.b.tolist(), strict=True)
    }
    return pairs, {rule.name: rule for rule in got.rules}, got


def test_pairs_and_counts_agree_with_a_plain_search(connection):
    """The joins against a search of all pairs for a common key."""
    reports = crowd(70, "one") + crowd(50, "two", start=30)
    known = evidence_of(reports)
    held = [
        {
            (rule, key)
            for rule, make in candidates.RULES.items()
            for form in known.forms[known.names[at]]
            for key in make(known, at, form)
        }
        for at in range(len(known))
    ]
    sizes = Counter(key for keys in held for key in keys)
    expected = {
        (a, b): {rule for rule, key in held[a] & held[b] if sizes[rule, key] <= candidates.CAP}
        for a, b in combinations(range(len(known)), 2)
    }
    expected = {pair: rules for pair, rules in expected.items() if rules}
    _, rules, got = found(reports, connection)
    assert list(zip(got.a.tolist(), got.b.tolist(), strict=True)) == sorted(expected)
    for name, rule in rules.items():
        assert rule.pairs == sum(name in by for by in expected.values())
        assert rule.alone == sum(by == {name} for by in expected.values())


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"names": ("Siavash Nikandish",)}, {"names": ("سیاوش نیک‌اندیش",)}),
        ({"names": ("Nikandish Siavash",)}, {"names": ("سیاوش نیک‌اندیش",)}),
        ({"names": ("سیاوش کمالی",), "nid": "0012345678"}, {"names": ("س نیک‌اندیش",), "nid": "345678"}),
        ({"names": ("سیاوش کمالی",), "urls": ("u",)}, {"names": ("سیاوش نیک‌اندیش",), "urls": ("u",), "on": None}),
        (
            {"names": ("سیاوش کمالی",), "father": ("یوسف",), "on": None},
            {"names": ("سیاوش دهنوی",), "father": ("یوسف",)},
        ),
        ({"names": ("سیاوش کمالی",), "city": "شیراز", "on": None}, {"names": ("سیاوش دهنوی",), "city": "Shiraz"}),
    ],
)
def test_what_one_word_loses_another_rule_finds(connection, one, two):
    names = one.pop("names"), two.pop("names")
    pair = [report("a", "one", *names[0], **one), report("b", "two", *names[1], **two)]
    assert found(pair, connection)[0] == {frozenset(("onea", "twob"))}


def test_a_frequent_key_makes_no_pairs_and_is_reported(connection, monkeypatch):
    monkeypatch.setattr(candidates, "CAP", 5)
    reports = [report(n, "one", "رضا مرادی", on=None) for n in range(6)]
    pairs, rules, _ = found(reports, connection)
    assert pairs == set()
    assert rules["all words, any order"].capped == 1
    assert rules["family name and week"].capped == 0
    assert len(found(reports[:5], connection)[0]) == 10


def test_blocks_change_nothing(connection, monkeypatch):
    reports = crowd(70, "one") + crowd(50, "two", start=30)
    whole = found(reports, connection)
    monkeypatch.setattr(candidates, "KEYED", 17)
    assert found(reports, connection)[:2] == whole[:2]


def test_no_reports_no_pairs(connection):
    assert found([], connection)[0] == set()
    assert found([report("a", "one")], connection)[0] == set()
