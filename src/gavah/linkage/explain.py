"""Why two reports are taken for one person or not, in words and weights. Invariant: the weights of the steps add up to the log-odds
of the probability shown, and that is the link run's own where the run kept the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gavah.linkage.calibration import calibrated
from gavah.linkage.compare import compare
from gavah.linkage.evidence import Frequencies, evidence_of
from gavah.linkage.levels import COMPARISONS
from gavah.linkage.values import MILLION, LinkResult
from gavah.linkage.weights import UNIT, weight_of
from gavah.model.dates import DateRange
from gavah.model.reports import StandardReport

LEAST_KEPT = 0.01
ROUNDING = 20
"""Thousandths of a bit that rounded parameters may leave between the steps and the run's own probability."""


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison: what each report says, what that amounts to, and its weight in bits: +1 doubles the odds that they are
    one person, -1 halves them. `code` is the comparison and its level, such as `name.4`, for translation.
    """

    code: str
    name: str
    a: str
    b: str
    level: str
    weight: float

    def as_json(self) -> dict[str, str | float]:
        return {field: getattr(self, field) for field in ("code", "name", "a", "b", "level", "weight")}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps from the odds of two reports at random to `probability`, strongest first after the start."""

    a: bytes
    b: bytes
    steps: tuple[Step, ...]
    probability: float

    def as_json(self) -> dict[str, object]:
        """Plain values for one JSON document."""
        return {
            "a": self.a.hex(),
            "b": self.b.hex(),
            "probability": self.probability,
            "steps": [step.as_json() for step in self.steps],
        }


def frequencies_of(reports: Sequence[StandardReport]) -> Frequencies:
    """How common words of names, fathers and towns are among `reports`: once for any number of explanations."""
    return evidence_of(reports).frequencies


def explain(
    report_a: StandardReport,
    report_b: StandardReport,
    result: LinkResult,
    frequencies: Frequencies | None = None,
) -> Explanation:
    """The comparison of two reports under the parameters of `result`, step by step. Symmetric but for the sides shown.

    With the `frequencies` of the reports linked, each step has its whole weight. Without, how rare the words and places shared are is read
    off the probability of the run as a step of its own; for a pair that the run left out (under .01) it then counts for nothing, and
    the probability shown is a ceiling. Reports without a name are never compared: probability 0.
    """
    if report_a.report_id == report_b.report_id:
        raise ValueError("a report is not compared with itself")
    known = evidence_of([report_a, report_b], usual_day=_day(result.parameters))
    if not known.named.all():
        unnamed = Step(
            "name", "name", _names(report_a), _names(report_b), "one of the two has no name: not compared", 0.0
        )
        return Explanation(report_a.report_id, report_b.report_id, (unnamed,), 0.0)
    if frequencies is not None:
        known = replace(known, frequencies=frequencies)
    vectors = compare(known, np.array([0]), np.array([1]))
    total = int(result.parameters["prior"])
    steps = []
    for comparison in COMPARISONS:
        level = int(vectors.levels[comparison.name][0])
        if level < 0:
            continue
        code = f"{comparison.name}.{level}"
        weight = int(result.parameters.get(code, 0))  # a run of an earlier version may not know the comparison
        if frequencies is not None and level in comparison.adjusted:
            weight += int(vectors.rarity[comparison.name][0])
        total += weight
        shown = _SHOWN[comparison.name]
        steps.append((code, comparison.name, shown(report_a), shown(report_b), comparison.words[level], weight))
    moved = round(float(calibrated(np.array([total / UNIT]), result.parameters)[0]) * UNIT) - total
    if moved:
        steps.append(("calibration", "calibration", "", "", "how often such pairs prove to be one person", moved))
        total += moved
    ppm = _kept(result, report_a.report_id, report_b.report_id)
    if ppm is not None:
        rarity = weight_of(ppm) - total
    if ppm is not None and abs(rarity) > ROUNDING:
        steps.append(("rarity", "rarity", "", "", "how rare the words and places are that both share", rarity))
    odds = 2.0 ** ((weight_of(ppm) if ppm is not None else total) / UNIT)
    probability = ppm / MILLION if ppm is not None else min(odds / (1 + odds), LEAST_KEPT)
    ordered = sorted(steps, key=lambda step: (-abs(step[5]), step[0]))
    start = ("prior", "start", "", "", "two reports taken at random", int(result.parameters["prior"]))
    return Explanation(
        report_a.report_id,
        report_b.report_id,
        tuple(Step(*step[:5], step[5] / UNIT) for step in [start, *ordered]),
        probability,
    )


def _day(parameters: Mapping[str, int | str]) -> float:
    day = int(parameters.get("usual_day", 0))
    return float(day) if day else float("nan")


def _kept(result: LinkResult, one: bytes, two: bytes) -> int | None:
    """The probability the run gave the pair, in millionths, or None when it kept none."""
    low, high = min(one, two), max(one, two)
    at = {report: spot for spot, report in enumerate(result.ids)}
    if low not in at or high not in at:
        return None
    found = np.flatnonzero((result.a == at[low]) & (result.b == at[high]))
    return int(result.ppm[found[0]]) if len(found) else None


def _names(report: StandardReport) -> str:
    return " | ".join(report.names)


def _when(when: DateRange | None) -> str:
    return "" if when is None else "/".join(dict.fromkeys(day.written for day in when.options))


def _born(report: StandardReport) -> str:
    age = "" if report.age is None else "-".join(str(value) for value in report.age.options)
    return ", ".join(part for part in (_when(report.birth), age) if part)


def _places(report: StandardReport) -> str:
    told = [*report.places, report.residence, report.birth_place]
    return " | ".join(dict.fromkeys(place.text for place in told if place is not None and place.text))


_SHOWN: dict[str, Callable[[StandardReport], str]] = {
    "name": _names,
    "born": _born,
    "date": lambda report: _when(report.when),
    "place": _places,
    "residence": lambda report: "" if report.residence is None else report.residence.text,
    "birthplace": lambda report: "" if report.birth_place is None else report.birth_place.text,
    "note": lambda report: report.note,
    "father": lambda report: " | ".join(report.father_names),
    "sex": lambda report: "" if report.sex is None else report.sex.value,
    "national_id": lambda report: report.national_id,
    "link": lambda report: " | ".join(report.urls),
    "list": lambda report: report.source,
}
