"""Well-formed objects of a believed member that say what this version has no word for: kept, carried, not counted, and nothing stops."""

from click.testing import CliRunner

from gavah import Archive, seal, store
from gavah.app.cli import main
from gavah.app.understanding import understood
from gavah.model.objects import Assessment, Correction, Judgement, LinkRun, Receipt

PART = {"file": bytes(32), "name": "x.csv", "sheet": "", "mapping": "", "reports": b"", "left_out": {}, "faults": 0}


def strange(author, a, b):
    """One of each kind, with a word of some later version or of malice."""
    ids = b"".join(sorted([a, b]))
    yield Judgement(author, 9, min(a, b), max(a, b), "perhaps", "X")
    yield Assessment(author, 9, a, "occurrence", "splendid", "R1", "X")
    yield Assessment(author, 9, a, "colour", "fair", "R1", "X")
    yield Correction(author, 9, a, 'name = "x"\n[list]\nyear', "1", "", "X")
    yield LinkRun(author, 2**60, bytes(32), {}, ids, bytes(4), b"\xff\xff\xff\x7f", bytes(4), 0)
    yield LinkRun(author, 2**60, bytes(32), {}, ids, b"\x01\0\0\0", b"\x01\0\0\0", bytes(4), 0)
    yield LinkRun(author, 2**60, bytes(32), {}, ids[32:] + ids[:32], bytes(4), b"\x01\0\0\0", bytes(4), 0)
    yield LinkRun(author, 2**60, bytes(32), {}, ids, bytes(4), b"\x01\0\0\0", b"\xff\xff\xff\xff", 0)
    yield Receipt(
        author, 2**60, "Home", ({**PART, "mapping": "[columns]\nname_of_later_days = 'x'\n", "reports": ids},)
    )
    yield Receipt(author, 2**60, "Home", ({**PART, "left_out": {"Home": "many"}, "reports": ids},))


def test_strange_words_stop_nothing(archive):
    archive.link()
    a, b = (report.report_id for report in archive._view.reports()[:2])
    before = repr(archive.register().cases), [profile.rows for profile in archive.sources()]
    private = store.member_key()
    for thing in strange(seal.public_key(private), a, b):
        assert not understood(thing)
        with archive._store.transaction() as writer:
            object_id = writer.sign_and_add(thing, private)
        with Archive(archive.path) as held:
            assert (repr(held.register().cases), [profile.rows for profile in held.sources()]) == before, thing
            assert list(held.log())
            assert held._store.get(object_id) == thing
        assert CliRunner().invoke(main, ["log", str(archive.path)]).exit_code == 0


def test_what_is_known_is_understood(archive):
    archive.link()
    assert all(understood(thing) for thing in archive._view.decisions.values())
