"""Bundles between groups: union, receipts, what is lacking, what is refused, what never leaves."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.app.app_parties import Group, listed
from tests.app.test_field import MAPPING as FIELD
from tests.app.test_field import PRIVATE
from tests.app.test_field import ROWS as FIELD_ROWS

from gavah import Archive, Mapping, carry, seal, store
from gavah.app import carrying, parcels
from gavah.app.cli import main
from gavah.carry import FilePart, Signed
from gavah.model import Verdict
from gavah.model.carried import Companion, Manifest
from gavah.model.errors import BundleError, DecisionError, NotFound, NotSealedForYou
from gavah.model.objects import Receipt
from gavah.model.statements import Vouch


@pytest.fixture
def groups(tmp_path):
    a, b = Group(tmp_path, "a"), Group(tmp_path, "b")
    a.believe(b)
    b.believe(a)
    a.do(lambda held: held.add([listed(tmp_path, "home", ["Sina Golzar", "Laleh Parand", "Omid Kavirian"])], "Home"))
    b.do(lambda held: held.add([listed(tmp_path, "abroad", ["Sina Golzar", "Mina Zarin"])], "Abroad"))
    return a, b


def test_two_groups_reach_one_digest(groups, tmp_path):
    a, b = groups
    (made,) = a.pack(tmp_path / "to-b", b)
    (came,) = b.unpack(made.path)
    told = came.received
    assert (told.new, told.quarantined, came.same) == (5, 0, False)  # manifest, receipt and three rows
    (made,) = b.pack(tmp_path / "to-a", a)
    (came,) = a.unpack(made.path)
    assert came.same
    assert a.digest() == b.digest()
    assert a.digest()[1] == 5
    for group in groups:
        assert group.do(lambda held: held.check()) == []


def test_the_same_bundle_again_changes_nothing(groups, tmp_path):
    a, b = groups
    (made,) = a.pack(tmp_path / "x", b)
    (first,), before = b.unpack(made.path), b.digest()
    (again,) = b.unpack(made.path)
    assert first.receipt is not None
    assert again.receipt is None
    assert (again.received.new, b.digest()) == (0, before)


def test_reports_are_read_by_the_mapping_of_those_who_received_them(groups, tmp_path):
    a, b = groups
    (made,) = a.pack(tmp_path / "x", b)
    b.unpack(made.path)
    names = b.do(lambda held: {name for report in held._view.reports() for name in report.names})
    assert names == {"Sina Golzar", "Laleh Parand", "Omid Kavirian", "Mina Zarin"}
    assert {profile.source: profile.rows for profile in b.do(lambda held: held.sources())} == {"Home": 3, "Abroad": 2}


def test_decisions_travel_and_the_registers_are_the_same(groups, tmp_path):
    a, b = groups
    b.unpack(a.pack(tmp_path / "1", b)[0].path)

    def decide(held):
        held.link()
        by_source = {one.source: one for one in held._view.reports() if "Sina Golzar" in one.names}
        held.judge(by_source["Home"].report_id.hex(), by_source["Abroad"].report_id.hex(), Verdict.SAME, by="B")
        laleh = next(one for one in held._view.reports() if "Laleh Parand" in one.names)
        held.withdraw(laleh.report_id.hex(), reason="asked for it", by="B")

    b.do(decide)
    a.unpack(b.pack(tmp_path / "2", a)[0].path)
    assert a.digest() == b.digest()
    registers = [group.do(lambda held: repr(held.register())) for group in groups]
    assert registers[0] == registers[1]
    assert "Laleh Parand" not in registers[0]


def test_what_strangers_send_waits_and_counts_once_they_are_known(groups, tmp_path):
    a, _ = groups
    c = Group(tmp_path, "c")
    c.do(lambda held: held.add([listed(tmp_path, "c", ["Ziba Rad"])], "C"))
    (made,) = c.pack(tmp_path / "x", a)
    before = a.digest()
    (came,) = a.unpack(made.path)
    assert (came.received.new, came.received.quarantined) == (0, 3)
    assert a.digest() == before
    a.believe(c)
    (came,) = a.unpack(made.path)
    assert a.digest()[1] == before[1] + 1


def test_only_the_readers_open_it(groups, tmp_path):
    a, b = groups
    c = Group(tmp_path, "c")
    (made,) = a.pack(tmp_path / "x", b)
    for other in (a, c):  # the sender neither: what is seized with the sender says nothing of what was sent
        with pytest.raises(NotSealedForYou):
            other.unpack(made.path)


def test_a_receipt_or_a_have_list_spares_what_is_known(groups, tmp_path):
    a, b = groups
    b.unpack(a.pack(tmp_path / "1", b)[0].path)
    a.unpack(b.pack(tmp_path / "2", a)[0].path)
    a.do(lambda held: held.add([listed(tmp_path, "more", ["Parviz Sorkh"])], "More"))
    receipt = next(
        oid
        for oid, thing in a.do(lambda held: list(held._store.of_kind("receipt")))
        if thing.bundle and thing.author == b.key
    )
    (made,) = a.pack(tmp_path / "3", b, since=receipt.hex()[:12])
    # the row, the receipt of its add, and a's receipt for bundle 2: b's own two receipts and all else b has
    assert made.objects == 3
    (have,) = b.pack(tmp_path / "have", a, have=True)
    (by_list,) = a.pack(tmp_path / "4", b, since=have.path)
    assert by_list.objects == 3
    assert len(by_list.path.read_bytes()) < 2500
    b.unpack(by_list.path)
    assert a.digest() == b.digest()
    (told,) = a.unpack(have.path)
    assert told.have
    with pytest.raises(BundleError, match="no list of what"):
        b.pack(tmp_path / "5", a, since=made.path)
    for wrong in ("0123456789", "nonsense"):
        with pytest.raises(NotFound):
            a.pack(tmp_path / "6", b, since=wrong)
    add = next(oid for oid, thing in a.do(lambda held: list(held._store.of_kind("receipt"))) if not thing.bundle)
    with pytest.raises(DecisionError, match="not the receipt of one bundle"):
        a.pack(tmp_path / "6", b, since=add.hex())


def test_parts_come_in_any_order_and_gaps_are_told(groups, tmp_path):
    a, b = groups
    made = a.pack(tmp_path / "set", b, part_size=300)
    assert len(made) > 2
    assert [one.path.name for one in made[:2]] == ["set", "set.2"]
    came = b.unpack(made[-1].path)[0]
    assert len(came.stream.missing) == len(made) - 1
    b.unpack(*[one.path for one in reversed(made[:-1])])
    assert b.do(lambda held: [one.whole for one in held.streams()]) == [True]
    assert b.digest()[1] == 5


def test_a_folder_gets_random_names_and_files_show_no_time(groups, tmp_path):
    a, b = groups
    (tmp_path / "stick").mkdir()
    (made,) = a.pack(tmp_path / "stick", b)
    assert len(made.path.name) == 16
    told = made.path.stat()
    assert (int(told.st_mtime), oct(told.st_mode)[-3:]) == (315_532_800, "600")
    assert [path.name for path in (tmp_path / "stick").iterdir()] == [made.path.name]


def opened(group, path):
    with group:
        return carry.read_bundle(path, store.reading_keys())


def test_companions_and_manifests_never_go_in(groups, tmp_path):
    a, b = groups
    (tmp_path / "field.csv").write_text(FIELD_ROWS, encoding="utf-8")
    a.do(lambda held: held.add([tmp_path / "field.csv"], "Field", mapping=Mapping.from_toml(FIELD, "m")))
    made = a.pack(tmp_path / "x", b, files=True)
    whole = b"".join(item.encode() for one in made for item in opened(b, one.path).items())
    assert not any(secret.encode() in whole for secret in PRIVATE)
    kinds = carrying_kinds(b, made[0].path)
    assert kinds["report"] == 7
    assert not {Companion.kind, Manifest.kind} & kinds.keys()
    b.unpack(made[0].path)
    ziba = next(
        one for one in b.do(lambda held: held._view.reports()) if "Laleh Parand" in one.names and one.source == "Field"
    )
    assert b.do(lambda held: held.companion(ziba.report_id.hex())) == {}
    assert a.do(lambda held: held.companion(ziba.report_id.hex()))["phone"] == "0900-222"


def carrying_kinds(group, path):
    with group:
        return carrying.inspect(path).kinds


def test_a_companion_that_someone_sends_is_refused(groups, tmp_path):
    a, b = groups
    body = carrying.objects.encode(Companion(bytes(16), {"phone": "1"}))
    with a:
        told = Manifest(b"", 0, (seal.reader(b.reader),), 1, b"", 0, b"")
        sealed = carry.pack([Signed(body)], told, store.member_key()).sealed
    (tmp_path / "x").write_bytes(sealed)
    (came,) = b.unpack(tmp_path / "x")
    assert (came.received.bad, b.digest()[1]) == (1, 2)


def test_files_travel_small_ones_first_and_each_part_alone(groups, tmp_path):
    a, b = groups
    big = tmp_path / "big.csv"
    rows = [f"B-{number},Person {number} of the long list,{str(number) * 500}" for number in range(1000, 1900)]
    big.write_text("\n".join(["no,name,remark", *rows]), encoding="utf-8")
    assert 1_500_000 < big.stat().st_size < 2_000_000
    a.do(lambda held: held.add([big], "Big"))
    made = a.pack(tmp_path / "x", b, files=True)
    priorities = [opened(b, one.path).manifest.priority for one in made]
    assert priorities == [0, 1, 2, 2]
    assert b.unpack(made[3].path)[0].refused_parts == 1  # nobody named that file yet
    came = b.unpack(*[one.path for one in (made[0], made[3], made[1], made[2])])
    assert [one.files for one in came] == [0, 0, 1, 1]
    assert b.do(lambda held: held.check()) == []
    with a:
        name = store.sha256_of(big)
    assert store.Folder(b.path).place(store.received(name)).read_bytes() == big.read_bytes()
    assert not list((b.path / "parts").iterdir())


def test_parts_that_do_not_make_the_file_they_name_are_dropped(groups, tmp_path):
    a, b = groups
    b.unpack(a.pack(tmp_path / "x", b)[0].path)
    name = store.sha256_of(tmp_path / "home.csv")
    with a:
        told = Manifest(b"", 0, (seal.reader(b.reader),), 9, bytes(32), 0, b"", priority=1)
        made = carry.pack([FilePart(name, 3, 0, b"abc")], told, store.member_key())
    (tmp_path / "forged").write_bytes(made.sealed)
    (came,) = b.unpack(tmp_path / "forged")
    assert came.files == 0
    assert not store.Folder(b.path).place(store.received(name)).exists()


def test_parts_of_strangers_and_of_a_second_size_take_no_room(groups, tmp_path):
    a, b = groups
    b.unpack(a.pack(tmp_path / "x", b)[0].path)
    name, big = store.sha256_of(tmp_path / "home.csv"), carry.limits.PART

    def send(sender, number, size, offset):
        with sender:
            told = Manifest(b"", 0, (seal.reader(b.reader),), number, bytes(32), 0, b"", priority=2)
            content = FilePart(name, size, offset, bytes(min(big, size - offset)))
            (tmp_path / "p").write_bytes(carry.pack([content], told, store.member_key()).sealed)
        return b.unpack(tmp_path / "p")[0]

    assert send(Group(tmp_path, "c"), 2, 3 * big, 0).refused_parts == 1
    for number, size in ((9, 3 * big), (10, 4 * big), (11, 5 * big)):
        assert send(a, number, size, big).refused_parts == 0
    assert len(list((b.path / "parts").rglob("*-*"))) == 1


def test_an_unpacking_is_not_undone(groups, tmp_path):
    a, b = groups
    (came,) = b.unpack(a.pack(tmp_path / "x", b)[0].path)
    with pytest.raises(DecisionError, match="not taken back whole"):
        b.do(lambda held: held.undo(came.receipt.hex()))


def test_a_receipt_says_what_was_held_and_when(groups, tmp_path):
    a, b = groups
    (made,) = a.pack(tmp_path / "x", b)
    (came,) = b.unpack(made.path)
    thing = b.do(lambda held: held._store.get(came.receipt))
    assert isinstance(thing, Receipt)
    assert thing.bundle == made.manifest
    assert thing.received == b"".join(sorted(opened(b, made.path).ids))


def test_a_list_with_private_columns_is_never_packed_as_a_file_even_if_it_is_received_again_without(tmp_path):
    plain = Mapping.from_toml(FIELD.split("[list]")[0], "m").to_toml()
    private = Mapping.from_toml(FIELD, "m").to_toml()

    def receipt(mapping):
        part = {"file": bytes(32), "name": "x", "sheet": "", "mapping": mapping, "reports": b""}
        return b"", Receipt(bytes(32), 0, "S", (part,))

    assert parcels._files_of([receipt(plain)], frozenset()) == {bytes(32)}
    assert parcels._files_of([receipt(plain), receipt(private)], frozenset()) == set()
    assert parcels._files_of([receipt("not [ toml")], frozenset()) == set()


# --- the commands ------------------------------------------------------------------------------------------------------


def run(group, *arguments, code=0):
    with group:
        done = CliRunner().invoke(main, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def test_the_commands(groups, tmp_path):
    a, b = groups
    packed = json.loads(run(a, "pack", a.path, tmp_path / "x", "--to", b.reader, "--json").stdout)
    assert packed[0]["objects"] == 4
    told = json.loads(run(b, "inspect", tmp_path / "x", "--json").stdout)
    assert (told["opens"], told["kinds"], told["sender"]) == (True, {"receipt": 1, "report": 3}, a.key.hex())
    assert told["readers"] == [b.reader]
    sealed = json.loads(run(a, "inspect", tmp_path / "x", "--json").stdout)
    assert sealed["opens"] is False
    assert "signed by" in run(b, "inspect", tmp_path / "x").stdout
    assert "مهرشده" in run(b, "inspect", tmp_path / "x", "--lang", "fa").stdout
    assert "not opened" in run(a, "inspect", tmp_path / "x").stdout or "box" in run(a, "inspect", tmp_path / "x").stdout
    assert "Not a bundle" in run(a, "inspect", tmp_path / "home.csv").stdout
    (tmp_path / "bad").write_bytes(b"junk")
    done = run(b, "unpack", b.path, tmp_path / "bad", tmp_path / "x", "--json", code=1)
    document = json.loads(done.stdout)
    assert document["bundles"][0]["new"] == 5
    assert document["faults"][0]["file"].endswith("bad")
    assert document["digest"] == "{} {}".format(*b.digest())
    shown = run(b, "unpack", b.path, tmp_path / "x").stdout
    assert "0 objects stored" in shown
    run(a, "pack", a.path, tmp_path / "y", "--to", "nobody", code=1)
    run(a, "pack", a.path, tmp_path / "y", code=2)
    run(a, "stamp", a.path, code=1)


def test_the_reading_key_is_one_that_age_reads(groups):
    a, _ = groups
    path = a.home / "keys" / "reader.key"
    assert seal.recipient(seal.reader_of(seal.private_of(path.read_text()))) == a.reader
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert json.loads(run(a, "reader", "--json").stdout) == {"reading": a.reader, "signing": a.key.hex()}
    assert a.reader in run(a, "reader").stdout
    older = seal.new_reading_key()
    path.write_text(path.read_text() + "# older\n" + seal.identity(older) + "\n")
    with a:
        assert store.reading_keys()[1] == older
    path.write_text("junk\n")
    with a, pytest.raises(store.keys.KeyUnusable):
        store.reading_keys()


def test_an_archive_is_left_as_it_was_when_the_bundle_is_no_good(groups, tmp_path):
    a, b = groups
    sealed = a.pack(tmp_path / "x", b)[0].path.read_bytes()
    before = sorted(path.name for path in b.path.rglob("*"))
    for at in (0, 30, len(sealed) // 2, len(sealed) - 1):
        (tmp_path / "y").write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        with pytest.raises(BundleError):
            b.unpack(tmp_path / "y")
    assert sorted(path.name for path in b.path.rglob("*")) == before
    with b, Archive(b.path) as held:
        assert held.digest()[1] == 2


# --- the recipe --------------------------------------------------------------------------------------------------------


def test_the_recipe_of_two_groups_and_one_stick_runs(tmp_path, monkeypatch):
    """Every command of the page, each by the group that it names; the digests at the end are one."""
    a, b = Group(tmp_path, "a"), Group(tmp_path, "b")
    a.do(lambda held: held.add([listed(tmp_path, "home", ["Sina Golzar", "Laleh Parand"])], "Home"))
    b.do(lambda held: held.add([listed(tmp_path, "abroad", ["Sina Golzar", "Mina Zarin"])], "Abroad"))
    monkeypatch.chdir(tmp_path)
    Path("stick").mkdir()
    page = (Path(__file__).parents[2] / "docs/how-to/two-groups.md").read_text(encoding="utf-8")
    entry = re.search(r"```text\n(\[\[trust\.key.*?)```", page, re.DOTALL)[1]
    for group, other in ((a, b), (b, a)):
        with (group.path / "policy.toml").open("a", encoding="utf-8") as policy:
            policy.write(
                "\n" + re.sub('key = ".*"', f'key = "{other.key}"'.replace(str(other.key), other.key.hex()), entry)
            )
    digests, receipt = [], ""
    for command in re.findall(r"^gavah .*$", page, re.MULTILINE):
        words = []
        for word in command.split()[1:]:
            filled = {"READING-KEY-OF-A": a.reader, "READING-KEY-OF-B": b.reader, "RECEIPT": receipt}.get(word, word)
            words += sorted(map(str, Path().glob(word))) if "*" in word else [filled]
        done = run(a if len(words) > 1 and words[1] == "a" else b, *words)
        receipt = (re.findall(r"Receipt ([0-9a-f]+)", done.output) or [receipt])[-1]
        digests += [done.output] if words[0] == "digest" else []
    assert len(digests) == 2
    assert digests[0] == digests[1]
    assert digests[0].strip() == "{} {}".format(*a.digest())


# --- readers by name ---------------------------------------------------------------------------------------------------


def vouched(group, of, name, reader=None):
    """A vouch of `group` for another's key that names their reading key."""

    def sign(held):
        told = Vouch(1, of.key, ("collector",), name=name, author=group.key, reader=seal.reader(reader or of.reader))
        with held._store.transaction() as writer:
            writer.sign_and_add(told, store.member_key())

    group.do(sign)


def test_a_vouch_names_a_reader(groups, tmp_path):
    a, b = groups
    vouched(a, b, "Group B")
    a.do(lambda held: held.pack(tmp_path / "x", ["Group B"]))
    (came,) = b.unpack(tmp_path / "x")
    assert came.manifest.readers == (seal.reader(b.reader),)
    vouched(a, Group(tmp_path, "c"), "Group B")
    with pytest.raises(DecisionError, match="several keys"):
        a.do(lambda held: held.pack(tmp_path / "y", ["Group B"]))


def test_the_command_vouch_names_a_reader(groups, tmp_path):
    a, b = groups
    c = Group(tmp_path, "c")
    run(a, "vouch", a.path, c.key.hex(), "--role", "collector", "--name", "C", "--reader", c.reader)
    run(a, "pack", a.path, tmp_path / "x", "--to", "C")
    assert json.loads(run(c, "inspect", tmp_path / "x", "--json").stdout)["readers"] == [c.reader]
    run(a, "vouch", a.path, b.key.hex(), "--role", "collector", "--reader", "age1nonsense", code=1)


def test_revocations_and_vouches_stand_first_and_in_every_bundle(groups, tmp_path):
    a, b = groups
    b.unpack(a.pack(tmp_path / "1", b)[0].path)
    vouched(a, b, "Group B")
    b.unpack(a.pack(tmp_path / "2", b)[0].path)
    (have,) = b.pack(tmp_path / "have", a, have=True)
    (made,) = a.pack(tmp_path / "3", b, since=have.path)
    first = next(opened(b, made.path).items())
    assert isinstance(carrying.objects.decode(first.body), Vouch)
    assert made.objects == 1
