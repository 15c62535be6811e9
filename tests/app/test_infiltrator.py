"""After an infiltrator is revoked from the day it turned, an archive shows what one shows that never received anything of it from then on.

`bench/drill.py` plays the same with 200 false reports among 2,000.
"""

import pytest
from tests.app.infiltration import Drill, renumbered

METHODS = ("chao",)


@pytest.fixture(params=["reports", "everything"])
def drill(request, tmp_path):
    made = Drill(tmp_path, people=100, false=20)
    getattr(made, request.param)()
    return made


def test_what_comes_after_equals_what_was_never_received(drill):
    before = drill.shown(drill.desk.path, methods=METHODS)
    told = drill.revoke()
    if drill.erased:
        _receipts, _rows = drill.give_back().new, len(drill.erased)
        assert _receipts >= _rows == 30  # refused no longer: what the infiltrator erased comes again
    after, never = (drill.shown(path, methods=METHODS) for path in (drill.desk.path, drill.never))
    assert repr(before["register"]) != repr(never["register"])
    assert before["captures"] != never["captures"]
    for what in ("captures", "run", "check"):
        assert after[what] == never[what], what
    assert repr(after["estimate"]) == repr(never["estimate"])
    assert never["check"] == []
    if not drill.false_numbers:
        assert repr(after["register"]) == repr(never["register"])
    wanted, _, _ = renumbered(never["register"], never["register"])
    found, _, _ = renumbered(after["register"], never["register"])
    assert repr(found) == repr(wanted)
    assert drill.false_numbers.isdisjoint(case.case_id for case in after["register"].cases)
    for case in after[
        "register"
    ].cases:  # of forty numbers for each case one at most leads to it for each of its reports
        assert len(drill.false_numbers.intersection(case.redirects)) <= len(case.reports)
    if not drill.erased:
        _everything_is_listed(told.changes, before["register"], after["register"])


def _everything_is_listed(changes, before, after):
    """Of cases compared one by one here: each that is in one register alone, or reads otherwise, is in the list, and no other."""
    old, new = ({case.case_id: case for case in one.cases} for one in (before, after))
    differ = {number for number in old.keys() | new.keys() if repr(old.get(number)) != repr(new.get(number))}
    assert {one.case_id for one in changes.cases} == differ
    assert {one.case_id for one in changes.cases if one.what == "gone"} == old.keys() - new.keys()
    assert {one.case_id for one in changes.cases if one.what == "new"} == new.keys() - old.keys()
    total = next(one for one in changes.figures if (one.by, one.count) == ("all", "at_least"))
    assert (total.before, total.after) == (before.figures["all"][0].at_least, after.figures["all"][0].at_least)
