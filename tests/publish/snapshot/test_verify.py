"""An edition is believed when enough organisations vouch, it is the newest seen, and every file is as signed; else the check
says which of these failed. Freeze, rollback and mix-and-match are the attacks the TUF specification names.
"""

import json
import os
import random
import shutil
from datetime import timedelta

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publish.snapshot import editions, tampering
from tests.publish.snapshot.editions import DAY, EDITOR, HOLDERS, LATER, ORGANISATIONS, PUBLISHERS, key, signed

from gavah import seal
from gavah.model.errors import MemoryDamaged, NotASnapshot, RootUnusable
from gavah.publish import snapshot
from gavah.publish.snapshot import Memory, Weight, metadata


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "home/seen")


def codes(verdict, *weights):
    return [finding.code for finding in verdict.findings if not weights or finding.weight in weights]


def check(folder, memory, now=DAY, **rest):
    return snapshot.verify_edition(folder, memory, now, **rest)


def bad(verdict):
    assert not verdict.good
    return codes(verdict, Weight.BAD)


def test_a_first_edition_is_good_and_says_that_its_signers_are_new(tmp_path, memory):
    signed(tmp_path / "one")
    verdict = check(tmp_path / "one", memory)
    assert verdict.good
    assert codes(verdict) == ["first-use", "root", "signed", "files"]
    root = next(finding for finding in verdict.findings if finding.code == "root")
    assert root.fields == {"version": 1, "needed": 2, "allowed": 3, "holders": "North Archive, گروه سپیده"}
    assert (verdict.version, verdict.edition["figure.killed"]) == (1, 11)
    assert len(verdict.words["fa"]) == len(verdict.root_words["en"]) == 12


def test_the_next_edition_is_newer_and_its_changes_are_told(tmp_path, memory):
    signed(tmp_path / "one")
    signed(tmp_path / "two", version=2, mark="two")
    check(tmp_path / "one", memory)
    assert "same-again" in codes(check(tmp_path / "one", memory))
    verdict = check(tmp_path / "two", memory)
    assert verdict.good
    assert {"root-known", "newer"} <= set(codes(verdict))
    assert verdict.changes.as_json() == {
        "since_edition": 1, "new": [], "gone": [], "altered": ["G-2"], "figures": {"killed": [11, 12]},
    }  # fmt: skip


def test_an_older_edition_is_a_rollback(tmp_path, memory):
    signed(tmp_path / "one")
    signed(tmp_path / "two", version=2)
    check(tmp_path / "two", memory)
    assert bad(check(tmp_path / "one", memory)) == ["rollback"]
    assert bad(check(tmp_path / "one", memory)) == ["rollback"]  # and was not noted


def test_two_editions_of_one_number_are_a_fork(tmp_path, memory):
    signed(tmp_path / "one")
    signed(tmp_path / "other", mark="other")
    check(tmp_path / "one", memory)
    assert bad(check(tmp_path / "other", memory)) == ["fork"]


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_metadata_of_two_editions_do_not_mix(tmp_path, memory, role):
    signed(tmp_path / "one")
    signed(tmp_path / "two", version=2, mark="two")
    shutil.copy(tmp_path / f"one/signed/{role}.json", tmp_path / f"two/signed/{role}.json")
    assert bad(check(tmp_path / "two", memory)) == ["mixed"]


def test_a_file_of_an_earlier_edition_is_named_as_such(tmp_path, memory):
    signed(tmp_path / "one")
    signed(tmp_path / "two", version=2, mark="two")
    check(tmp_path / "one", memory)
    shutil.copy(tmp_path / "one/index.html", tmp_path / "two/index.html")
    verdict = check(tmp_path / "two", memory)
    assert bad(verdict) == ["changed-earlier"]
    assert verdict.findings[-1].fields == {"file": "index.html", "seen": 1}


def test_a_stale_edition_warns_and_stays_readable(tmp_path, memory):
    signed(tmp_path / "one")
    verdict = check(tmp_path / "one", memory, now=DAY + timedelta(days=45))
    assert verdict.good
    stale = [finding for finding in verdict.findings if finding.code == "stale"]
    assert [finding.fields for finding in stale] == [{"days": 14}]  # fresh for 30
    assert codes(verdict, Weight.WARNING) == ["stale"]
    assert codes(check(tmp_path / "one", memory, now=LATER + timedelta(days=9)), Weight.WARNING) == [
        "root-stale",
        "stale",
    ]


def test_a_clock_behind_the_notes_is_told(tmp_path, memory):
    signed(tmp_path / "one")
    check(tmp_path / "one", memory)
    assert "clock" in codes(check(tmp_path / "one", memory, now=DAY - timedelta(days=90)), Weight.WARNING)


def test_what_is_missing_added_and_changed_is_named(tmp_path, memory):
    folder = tmp_path / "one"
    signed(folder)
    (folder / "index.html").write_text("<h1>forged</h1>", encoding="utf-8")
    (folder / "data/empty.csv").unlink()
    (folder / "extra.html").write_text("x", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"left by a computer the stick was in")
    found = [(finding.code, finding.fields.get("file")) for finding in check(folder, memory).findings]
    assert found[-4:] == [
        ("left-by-system", ".DS_Store"), ("added", "extra.html"), ("changed", "index.html"), ("missing", "data/empty.csv"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_a_random_single_change_is_caught(tmp_path, memory, seed):
    """bench/snapshot.py makes 1,000."""
    folder = tmp_path / "one"
    signed(folder)
    said = tampering.change(folder, random.Random(seed))
    assert not check(folder, memory).good, said


def test_a_change_of_a_byte_of_the_metadata_is_caught(tmp_path, memory):
    """Also where TUF itself would not look: white space, a spare signature, capital digits."""
    folder = tmp_path / "one"
    spare = editions.cosigned(editions.first_root(), ORGANISATIONS[1])  # three signatures where two are needed
    signed(folder, roots=[spare])
    for name in ("1.root.json", "timestamp.json"):
        path = folder / "signed" / name
        data = path.read_bytes()
        for place in range(0, len(data), 29):
            path.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
            assert not check(folder, memory, remember=False).good, (name, place)
        path.write_bytes(data)
    assert check(folder, memory).good


# --- roots -------------------------------------------------------------------------------------------------------------


def test_a_forger_with_roots_of_their_own_is_only_ever_new(tmp_path, memory):
    signed(tmp_path / "one")
    check(tmp_path / "one", memory)
    forged = {name: seal.public_key(key(f"forged {name}")) for name in ORGANISATIONS}
    root = snapshot.new_root(forged, 2, PUBLISHERS, expires=LATER)
    for name in ORGANISATIONS[:2]:
        root, _ = snapshot.cosign(root, key(f"forged {name}"))
    signed(tmp_path / "forged", roots=[root])
    verdict = check(tmp_path / "forged", memory)
    assert {"first-use", "others-known"} <= set(codes(verdict))
    assert verdict.root_words != check(tmp_path / "one", memory).root_words
    assert bad(check(tmp_path / "forged", memory, pinned=editions.first_root())) == ["foreign-root"]
    assert "root-pinned" in codes(check(tmp_path / "one", memory, pinned=editions.first_root()))


def test_a_root_that_claims_a_known_series_is_foreign(tmp_path, memory):
    signed(tmp_path / "one")
    series = check(tmp_path / "one", memory).series
    forged = {name: seal.public_key(key(f"forged {name}")) for name in ORGANISATIONS}
    root = snapshot.new_root(forged, 1, PUBLISHERS, expires=LATER, series=series)
    root, _ = snapshot.cosign(root, key(f"forged {ORGANISATIONS[0]}"))
    signed(tmp_path / "forged", version=9, roots=[root])
    assert bad(check(tmp_path / "forged", memory)) == ["foreign-root"]


def test_one_organisation_alone_cannot_make_a_root_of_two(tmp_path, memory):
    half, by = snapshot.cosign(snapshot.new_root(HOLDERS, 2, PUBLISHERS, expires=LATER), key(ORGANISATIONS[0]))
    assert not by.enough
    with pytest.raises(RootUnusable):
        signed(tmp_path / "one", roots=[half])
    signed(tmp_path / "one")
    (tmp_path / "one/signed/1.root.json").write_bytes(half)
    assert bad(check(tmp_path / "one", memory)) == ["too-few-signatures"]


def second_root(first, editor):
    """One organisation leaves for another, and the editor's key is replaced; old and new holders sign."""
    new = "Delta Desk"
    holders = {name: HOLDERS[name] for name in ORGANISATIONS[:2]} | {new: seal.public_key(key(new))}
    unsigned = snapshot.new_root(holders, 2, {"new editor": seal.public_key(editor)}, expires=LATER, after=first)
    return editions.cosigned(unsigned, *ORGANISATIONS[:2], before=first)


def test_a_root_is_followed_to_its_successor_and_never_back(tmp_path, memory):
    first, editor = editions.first_root(), key("new editor")
    signed(tmp_path / "one")
    check(tmp_path / "one", memory)
    editions.fill(tmp_path / "two", "two")
    roots = [first, second_root(first, editor)]
    snapshot.sign_edition(tmp_path / "two", roots, editor, version=2, edition={}, now=DAY)
    assert "root-renewed" in codes(check(tmp_path / "two", memory))
    signed(tmp_path / "three", version=3)  # by the key that was taken out
    assert bad(check(tmp_path / "three", memory)) == ["older-root"]
    (tmp_path / "two/signed/1.root.json").unlink()
    assert bad(check(tmp_path / "two", memory)) == ["absent"]


def test_a_successor_that_the_old_holders_did_not_sign_is_not_followed(tmp_path, memory):
    first = editions.first_root()
    stolen = {"x": seal.public_key(key("x"))}
    unsigned = snapshot.new_root(stolen, 1, {"y": seal.public_key(EDITOR)}, expires=LATER, after=first)
    taken, _ = snapshot.cosign(unsigned, key("x"))
    signed(tmp_path / "one")
    (tmp_path / "one/signed/2.root.json").write_bytes(taken)
    assert bad(check(tmp_path / "one", memory)) == ["not-approved"]


# --- words read out ----------------------------------------------------------------------------------------------------


def test_words_heard_are_compared_in_either_language(tmp_path, memory):
    words = signed(tmp_path / "one").words
    for lang in ("en", "fa"):
        assert "words-agree" in codes(check(tmp_path / "one", memory, heard=" ".join(words[lang])))
    heard = [*words["en"]]
    heard[4] = "zebra" if heard[4] != "zebra" else "yacht"
    verdict = check(tmp_path / "one", memory, heard=" ".join(heard))
    assert bad(verdict) == ["words-differ"]
    assert next(one for one in verdict.findings if one.code == "words-differ").fields == {"places": "5"}


def test_words_are_of_the_content_not_of_the_signatures(tmp_path):
    """Signed twice, an edition is the same; with one byte of any file changed it is not."""
    first = signed(tmp_path / "one").words
    assert signed(tmp_path / "two", now=DAY + timedelta(days=3)).words == first
    assert signed(tmp_path / "three", mark="onf").words != first
    assert signed(tmp_path / "four", version=2).words != first


# --- a file that travels alone -----------------------------------------------------------------------------------------


def alone(tmp_path, folder, name="sent"):
    sent = tmp_path / name
    sent.mkdir()
    for file in ("edition.html", "edition.html.sig"):
        shutil.copy(folder / file, sent / file)
    return sent / "edition.html"


def test_a_single_file_is_checked_by_the_signature_beside_it(tmp_path, memory):
    edition = signed(tmp_path / "one")
    file = alone(tmp_path, tmp_path / "one")
    verdict = check(file, memory, heard=" ".join(edition.words["fa"]))
    assert verdict.good
    assert codes(verdict) == ["first-use", "root", "signed", "file", "words-agree"]
    assert verdict.words == edition.words
    file.write_text("<h1>forged</h1>", encoding="utf-8")
    assert bad(check(file, memory)) == ["changed"]


def test_a_single_file_and_its_folder_know_of_each_other(tmp_path, memory):
    signed(tmp_path / "one")
    signed(tmp_path / "two", version=2, mark="two")
    check(alone(tmp_path, tmp_path / "two"), memory)
    assert bad(check(tmp_path / "one", memory)) == ["rollback"]
    verdict = check(tmp_path / "two", memory)
    assert verdict.good
    assert "same-again" in codes(verdict)
    assert bad(check(alone(tmp_path, tmp_path / "one", "old"), memory)) == ["rollback"]


def test_the_signature_of_a_single_file_cannot_stand_for_a_folder(tmp_path, memory):
    signed(tmp_path / "one")
    statement = json.loads((tmp_path / "one/edition.html.sig").read_bytes())["single"]
    (tmp_path / "one/signed/targets.json").write_text(statement, encoding="utf-8")
    assert bad(check(tmp_path / "one", memory)) == ["mixed"]


def test_one_file_of_a_folder_is_checked_against_the_folders_signatures(tmp_path, memory):
    signed(tmp_path / "one")
    assert check(tmp_path / "one/data/cases.jsonl", memory).good
    (tmp_path / "one/data/new.csv").write_text("x", encoding="utf-8")
    assert bad(check(tmp_path / "one/data/new.csv", memory)) == ["not-listed"]
    (tmp_path / "one/data/cases.jsonl").write_text("x", encoding="utf-8")
    assert bad(check(tmp_path / "one/data/cases.jsonl", memory)) == ["changed"]


def test_what_carries_no_signature_is_said_to_carry_none(tmp_path, memory):
    editions.fill(tmp_path / "plain")
    assert bad(check(tmp_path / "plain", memory)) == ["no-signature"]
    with pytest.raises(NotASnapshot):
        check(tmp_path / "nothing", memory)


# --- what an archive at hand gives -------------------------------------------------------------------------------------


def test_figures_and_files_are_compared_with_an_archives(tmp_path, memory):
    signed(tmp_path / "one")
    assert "figures-agree" in codes(check(tmp_path / "one", memory, figures={"killed": 11}))
    verdict = check(tmp_path / "one", memory, figures={"killed": 12})
    assert bad(verdict) == ["figures-differ"]
    assert verdict.findings[-1].fields == {"name": "killed", "signed": 11, "found": 12}
    own = {file.relative_to(tmp_path / "one").as_posix(): snapshot.folder.digest(file)
           for file in tampering.files_of(tmp_path / "one") if "signed" not in file.parts and file.suffix != ".sig"}  # fmt: skip
    assert "rebuilt-agree" in codes(check(tmp_path / "one", memory, rebuilt=own))
    assert bad(check(tmp_path / "one", memory, rebuilt=own | {"index.html": "0"})) == ["rebuilt-differ"]


# --- hostile input -----------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(["1.root", "timestamp", "snapshot", "targets"]), seed=st.integers(0, 10**6), value=JSON)
def test_no_metadata_crashes_the_check(tmp_path_factory, name, seed, value):
    folder = tmp_path_factory.mktemp("hostile") / "one"
    signed(folder)
    path = folder / f"signed/{name}.json"
    whole = json.loads(path.read_bytes())
    rng, part = random.Random(seed), whole
    while True:  # some value at any depth is replaced by any other
        place = rng.choice(list(part) if isinstance(part, dict) else range(len(part)))
        if not isinstance(part[place], dict | list) or not part[place] or rng.random() < 0.3:
            break
        part = part[place]
    if part[place] == value and type(part[place]) is type(value):
        return
    part[place] = value
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert not check(folder, Memory(folder.parent / "seen")).good


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[" * 50_000, b"[]", b"{}", b'{"signed":1}', b"1" * 5000, b'{"signed":{"_type":"root"}}']
)
def test_bytes_that_are_no_metadata_are_told(tmp_path, memory, data):
    signed(tmp_path / "one")
    for name in ("1.root.json", "timestamp.json", "snapshot.json", "targets.json"):
        kept = (tmp_path / "one/signed" / name).read_bytes()
        (tmp_path / "one/signed" / name).write_bytes(data)
        assert bad(check(tmp_path / "one", memory)) == ["not-metadata"]
        (tmp_path / "one/signed" / name).write_bytes(kept)
    (tmp_path / "one/edition.html.sig").write_bytes(data)
    assert bad(check(tmp_path / "one/edition.html", memory)) == ["not-metadata"]


def test_metadata_over_its_limit_is_not_read(tmp_path, memory):
    signed(tmp_path / "one")
    with (tmp_path / "one/signed/timestamp.json").open("ab") as stream:
        stream.truncate(1 << 40)  # a hole: takes no room on the disk
    assert bad(check(tmp_path / "one", memory)) == ["too-large"]


def test_damaged_notes_are_told_with_the_cure(tmp_path, memory):
    signed(tmp_path / "one")
    series = check(tmp_path / "one", memory).series
    note = tmp_path / f"home/seen/{series}.json"
    assert json.loads(note.read_text(encoding="utf-8"))["version"] == 1
    for damage in ("{", "[]", '{"version": 1}', "[" * 100_000):
        note.write_text(damage, encoding="utf-8")
        with pytest.raises(MemoryDamaged):
            check(tmp_path / "one", memory)


def test_words_cover_each_file_of_the_folder(tmp_path):
    """The single file stays as it is; another file has one byte changed, another name, or another neighbour."""
    first = signed(tmp_path / "one").words
    for number, change in enumerate(
        (
            lambda folder: (folder / "data/cases.jsonl").write_bytes(b"{}\n"),
            lambda folder: (folder / "index.html").rename(folder / "start.html"),
            lambda folder: (folder / "more.txt").write_bytes(b""),
        )
    ):
        folder = editions.fill(tmp_path / f"other{number}")
        change(folder)
        edition = {"as-of": "2026-02-28", "figure.killed": 11}
        made = snapshot.sign_edition(
            folder, [editions.first_root()], EDITOR, version=1, edition=edition, now=DAY, singles=("edition.html",)
        )
        assert made.words != first


def test_a_statement_that_gives_the_core_of_another_file_is_unsound(tmp_path, memory):
    """Whoever holds the publisher's key could else let a forged single file bear the words of a true edition."""
    signed(tmp_path / "one")
    path = tmp_path / "one/edition.html.sig"
    whole = json.loads(path.read_bytes())
    found = metadata.read(whole["single"].encode(), "targets")
    found.signed.unrecognized_fields["x-gavah-singles"] = {"edition.html": "0" * 64}
    found.signatures.clear()
    path.write_bytes(rfc8785.dumps({**whole, "single": metadata.sign(found, [EDITOR]).decode()}))
    assert bad(check(alone(tmp_path, tmp_path / "one"), memory)) == ["unsound"]


def test_a_device_in_place_of_a_file_is_named_and_not_opened(tmp_path, memory):
    signed(tmp_path / "one")
    (tmp_path / "one/index.html").unlink()
    os.mkfifo(tmp_path / "one/index.html")  # reading it would wait for ever
    os.mkfifo(tmp_path / "one/other")
    verdict = check(tmp_path / "one", memory)
    assert {(one.code, one.fields["file"]) for one in verdict.findings[-2:]} == {
        ("odd", "index.html"),
        ("added", "other"),
    }


def test_past_slip_the_second_of_signing_stood_in_every_edition(tmp_path):
    """Past slip: the end of an edition's term told the hour at which its publisher worked, and so the zone they live in."""
    signed(tmp_path / "one")
    found = sorted((tmp_path / "one/signed").glob("*.json"))
    assert len(found) == 4
    for path in found:
        assert json.loads(path.read_text())["signed"]["expires"].endswith("T00:00:00Z")
