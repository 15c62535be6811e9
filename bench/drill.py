"""The infiltrator drill: a valid, vouched key adds false reports and is revoked from the day it turned; what changed, and whether what comes after equals
an archive that never received them. `docs/benchmarks.md` has the figures.

python bench/drill.py [--people 1460] [--false 200] [--out DIR]     2,000 true reports of five lists; then the same with every false decision too
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.app.infiltration import Drill, renumbered

from gavah.model.results import EstimateReport

METHODS = ("loglinear", "chao", "dga")


def main(people: int, false: int, out: Path | None) -> None:
    for what in ("reports", "everything"):
        with tempfile.TemporaryDirectory() as name:
            _play(what, Drill(Path(name), people, false), out)


def _play(what: str, drill: Drill, out: Path | None) -> None:
    never = drill.shown(drill.never, methods=METHODS)
    getattr(drill, what)()
    before = drill.shown(drill.desk.path, methods=METHODS)
    began = time.process_time()
    told = drill.revoke()
    seconds = time.process_time() - began
    back = drill.give_back() if drill.erased else None
    after = drill.shown(drill.desk.path, methods=METHODS)
    print(
        f"{what}: {_reports(never)} true reports, {_reports(before)} standing with the infiltrator's; revoked in {seconds:.1f} s of processor"
    )
    for name, one in (("never", never), ("before", before), ("after", after)):
        total = one["register"].figures["all"][0]
        print(f"  {name}: at least {total.at_least}, named {total.named}; {_estimates(one['estimate'])}")
    cases = Counter(one.what for one in told.changes.cases)
    print(f"  listed: {dict(cases)} cases, {len(told.changes.figures)} figures, {len(told.estimates)} estimates")
    if back is not None:
        print(
            f"  {len(drill.erased)} true reports had been erased: {back.new} objects came again, {back.erased} refused"
        )
    same = {key: after[key] == never[key] for key in ("captures", "run", "check")}
    same["estimate"] = repr(after["estimate"]) == repr(never["estimate"])
    same["register"] = repr(after["register"]) == repr(never["register"])
    found, bear, more = renumbered(after["register"], never["register"])
    wanted, _, _ = renumbered(never["register"], never["register"])
    same["register under never's numbers"] = repr(found) == repr(wanted)
    print(
        f"  equal to never: {same}; cases {len(wanted.cases)}, of which {bear} bear the same number, {more} have further numbers that lead to them"
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        document = {
            "cases": [asdict(one) for one in told.changes.cases],
            "figures": [asdict(one) for one in told.changes.figures],
        }
        document["estimates"] = [asdict(one) for one in told.estimates]
        (out / f"{what}.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def _reports(one: dict[str, object]) -> int:
    register = one["register"]
    return sum(len(case.reports) for case in register.cases) + len(register.unnamed) + len(register.counts)  # type: ignore[attr-defined]


def _estimates(told: EstimateReport) -> str:
    return "; ".join(
        f"{one.method} {one.variant} {one.median:.0f} [{one.lower:.0f}, {one.upper:.0f}]"
        for one in told.estimates
        if one.ok and one.median is not None and one.lower is not None and one.upper is not None
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1460)
    parser.add_argument("--false", type=int, default=200)
    parser.add_argument("--out", type=Path, help="Write the whole lists of changes here.")
    given = parser.parse_args()
    main(given.people, given.false, given.out)
