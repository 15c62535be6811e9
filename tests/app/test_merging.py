"""Merging loses nothing and depends on no order: by Hypothesis, by killing, and by looking for what must not be there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.app_parties import Group, listed
from tests.carry.bundles import READER, SENDER, STRANGER
from tests.carry.mutations import Maker

from gavah import Archive, Mapping, carry, seal, store
from gavah.model import Verdict

BUNDLES = 9


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two groups with lists, decisions and a link run of their own, all they know packed in many ways, and what a full merge gives."""
    folder = tmp_path_factory.mktemp("world")
    a, b, whole = (Group(folder, name) for name in ("a", "b", "whole"))
    for one, other in ((a, b), (b, a), (whole, a), (whole, b)):
        one.believe(other)
    a.do(lambda held: held.add([listed(folder, "home", ["Sina Golzar", "Laleh Parand", "Omid Kavirian"])], "Home"))
    b.do(
        lambda held: held.add(
            [listed(folder, "abroad", ["Sina Golzar", "Mina Zarin"])], "Abroad", derived_from=["Home"]
        )
    )
    files = [a.pack(folder / "early", whole, b)[0].path]
    b.unpack(files[0])

    def decide(held):
        held.link()
        of = {(one.source, one.names[0]): one.report_id.hex() for one in held._view.reports()}
        judged = held.judge(of["Home", "Sina Golzar"], of["Abroad", "Sina Golzar"], Verdict.NOT_SAME, by="B")
        held.undo(judged, by="B")
        held.judge(of["Home", "Sina Golzar"], of["Abroad", "Sina Golzar"], Verdict.SAME, by="B")
        held.withdraw(of["Home", "Omid Kavirian"], reason="asked for it", by="B")
        held.correct(of["Home", "Laleh Parand"], "age", "31", reason="told", by="B")

    b.do(decide)
    files += [one.path for one in b.pack(folder / "parts", whole, a, part_size=700)]
    files.append(b.pack(folder / "all", whole, a)[0].path)
    a.unpack(files[-1])
    files.append(a.pack(folder / "back", whole, b)[0].path)
    whole.unpack(*files)
    register = whole.do(lambda held: repr(held.register()))
    assert a.digest() == b.digest() == whole.digest()
    assert len(files) >= BUNDLES
    return folder, whole, files, whole.digest(), register


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_any_bundles_in_any_order_give_one_digest_and_one_register(world, tmp_path_factory, data):
    """`all` and `back` each hold everything; the parts together hold everything: whatever else comes, when and how often."""
    _, whole, files, digest, register = world
    some = data.draw(st.lists(st.sampled_from(files), max_size=len(files)))
    complete = data.draw(st.sampled_from([files[-1:], files[-2:-1], files[1:-2]]))
    order = data.draw(st.permutations([*some, *complete]))
    folder = tmp_path_factory.mktemp("merge") / "m"
    with whole, Archive.create(folder) as held:
        store.believe_key(store.Folder(folder), _key(files[0], whole), "a")
        store.believe_key(store.Folder(folder), _key(files[1], whole), "b")
        for file in order:
            held.unpack(file)
        assert held.digest() == digest
        assert repr(held.register()) == register
        if data.draw(st.booleans()):
            _repack(whole, held, folder, digest, register)


def _key(file, group):
    return carry.read_bundle(file, store.reading_keys()).manifest.author


def _repack(group, held, folder, digest, register):
    """What was merged, packed again in pieces and taken in once more by an archive that knows the same keys."""
    again = folder.parent / "again"
    with Archive.create(again) as other:
        (again / "policy.toml").write_bytes((folder / "policy.toml").read_bytes())
        for made in reversed(held.pack(folder.parent / "re", [group.reader], part_size=2000)):
            other.unpack(made.path)
        assert other.digest() == digest
        assert repr(other.register()) == register


COMMAND = "import sys; from gavah.app.cli import main; main(sys.argv[1:])"


def test_killed_at_any_moment_an_archive_is_whole(world, tmp_path):
    """Five kills of `unpack` and `add`: each leaves all of the bundle or list, or nothing; see bench/carry.py for fifty."""
    _, whole, files, digest, _ = world
    lists = listed(tmp_path, "many", [f"Person {number} of many" for number in range(400)])
    chance = random.Random(5)
    env = {**os.environ, "GAVAH_HOME": str(whole.home), "PYTHONPATH": os.pathsep.join(sys.path)}
    for turn in range(5):
        path = tmp_path / f"k{turn}"
        with whole:
            Archive.create(path).close()
            for file in files[:2]:
                store.believe_key(store.Folder(path), _key(file, whole), file.name)
        arguments = ["unpack", path, *files] if turn % 2 else ["add", path, lists, "--source", "Many"]
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *map(str, arguments)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        _wait_for_change(path / "lock", process)
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with whole, Archive(path) as held:
            assert held.check() == []
            if turn % 2:
                for file in files:
                    held.unpack(file)
                assert held.digest() == digest
            else:
                assert held.digest()[1] in (0, 400)
                held.add([lists], "Many")
                assert held.digest()[1] == 400
            assert held.check() == []


def _wait_for_change(lock, process, seconds=60):
    """Until the writer has begun (its lock is written), or has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None and not (lock.exists() and lock.stat().st_size):
        time.sleep(0.005)


def test_damaged_objects_of_a_known_sender_get_no_further_than_quarantine(tmp_path):
    """The sender's own bundles are well made and the sender is believed; what stands in them is damaged or another's."""
    maker, reader = Maker("store"), Group(tmp_path, "r")
    for private in (SENDER, STRANGER):
        store.believe_key(store.Folder(reader.path), seal.public_key(private), "x")
    (reader.home / "keys" / "reader.key").write_text(seal.identity(READER) + "\n")
    good = {item.item_id() for item in maker.items}
    sent = set()
    for _ in range(30):
        packed = maker.of_a_stranger()
        sent.add(packed.manifest_id)
        (tmp_path / "x").write_bytes(packed.sealed)
        (came,) = reader.unpack(tmp_path / "x")
        sent.add(came.receipt)
    with reader, Archive(reader.path) as held:
        assert {object_id for object_id, _, _ in held._store.encoded()} <= good | sent
        assert held.check() == []


def test_two_hundred_secrets_are_in_no_bundle_log_or_temporary_file(tmp_path, monkeypatch):
    """Names, telephones and positions of reporters, their keys and internal remarks: none is in anything that goes out, once opened."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    a, b = Group(tmp_path, "a"), Group(tmp_path, "b")
    b.believe(a)
    chance = random.Random(7)
    secrets = [
        [f"{kind}{chance.randrange(10**12):012d}" for kind in ("rep", "tel", "key", "gps", "int")] for _ in range(40)
    ]
    rows = [f"{at},Person Number {at},2026-01-08,{','.join(five)}" for at, five in enumerate(secrets)]
    rows[7] += ",one cell too many"
    rows[9] = rows[9].replace("2026-01-08", "no date")
    (tmp_path / "f.csv").write_text("\n".join(["no,name,date,rep,tel,key,gps,int", *rows]), encoding="utf-8")
    mapping = (
        '[columns]\nref = "no"\nname = "name"\ndate = "date"\n[list]\nprivate = ["rep", "tel", "key", "gps", "int"]\n'
    )
    told = []

    def work(held):
        added = held.add([tmp_path / "f.csv"], "Field", mapping=Mapping.from_toml(mapping, "m"))
        told.extend(map(str, added.faults))
        held.link()
        held.withdraw(next(held._view.readings()).report.report_id.hex(), reason="asked for it", by="A")
        told.extend(entry.summary for entry in held.log())
        held.report(tmp_path / "page.html")
        for table in ("reports", "cases", "links"):
            held.export(table, tmp_path / f"{table}.csv")
        return held.pack(tmp_path / "out", [b.reader], files=True) + held.pack(tmp_path / "have", [b.reader], have=True)

    made = a.do(work)
    b.unpack(*[one.path for one in made])
    with b:
        opened = [carry.read_bundle(one.path, store.reading_keys()) for one in made]
    outward = [b"".join([bundle.manifest_body, *(item.encode() for item in bundle.items())]) for bundle in opened]
    outward += [path.read_bytes() for path in _files(b.path)] + [path.read_bytes() for path in _files(tmp_path / "tmp")]
    outward += [(tmp_path / name).read_bytes() for name in ("page.html", "reports.csv", "cases.csv", "links.csv")]
    outward.append("\n".join(told).encode())
    hidden = [secret.encode() for five in secrets for secret in five]
    assert len(hidden) == 200
    assert any(hidden[0] in path.read_bytes() for path in _files(a.path))  # they are where they should be
    assert not [secret for secret in hidden if any(secret in text for text in outward)]


def _files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]
