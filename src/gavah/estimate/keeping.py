"""Answers kept between runs, so that a long run over many strata goes on where it was stopped. Invariant: a key names all that
an answer depends on, and what is read back equals what was written; anything that cannot be read back is worked out anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from gavah.model import (
    CaptureTable,
    Estimate,
    EstimateReport,
    Headline,
    ListCoverage,
    Said,
    Sensitivity,
)

EDITION = 5
"""Raised whenever a method's figures or sentences change, so that answers of an older edition are not taken for new ones."""


class Kept(Protocol):
    """Where answers are kept: texts by key (lower-case hex)."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, text: str) -> None: ...


def key(table: CaptureTable, methods: Sequence[str], level: float, seed: int, scope: Mapping[str, str]) -> str:
    """The name of the answer to this question, whatever the order of the table's rows."""
    rows = sorted(
        ([-1 if e is None else e for e in history], count) for history, count in table.counts.items() if count
    )
    asked = [
        EDITION,
        table.lists,
        rows,
        table.derived,
        sorted(table.stratum.items()),
        methods,
        level,
        seed,
        sorted(scope.items()),
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def written(report: EstimateReport) -> str:
    """The whole report as text. Numbers keep every digit."""
    return json.dumps(_plain(report), allow_nan=False)


def read(text: str) -> EstimateReport | None:
    """The report that `written` wrote, or None when the text is not one."""
    try:
        return _report(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, Said):
        return {"en": str(value), "fa": value.fa}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return value


def _said(value: Any) -> str:
    return Said.both(value["en"], value["fa"]) if isinstance(value, dict) else value


def _estimate(value: Any) -> Estimate:
    texts = {name: _said(value[name]) for name in ("reason", "reason_fa", "assumption", "assumption_fa")}
    drawn = {name: tuple(map(tuple, value[name])) for name in ("density", "traces")}
    return Estimate(**{**value, **texts, **drawn, "warnings": tuple(map(_said, value["warnings"]))})


def _report(value: Any) -> EstimateReport:
    return EstimateReport(
        **{
            **value,
            "lists": tuple(value["lists"]),
            "derived": tuple(value["derived"]),
            "estimates": tuple(map(_estimate, value["estimates"])),
            "strata": tuple((name, _report(part)) for name, part in value["strata"]),
            "warnings": tuple(map(_said, value["warnings"])),
            "headline": Headline(value["headline"]["place"], _said(value["headline"]["reason"])),
            "sensitivity": tuple(Sensitivity(**point) for point in value["sensitivity"]),
            "leave_one_out": tuple((name, _estimate(one)) for name, one in value["leave_one_out"]),
            "coverage": tuple(ListCoverage(**one) for one in value["coverage"]),
            "strata_total": value["strata_total"] and _estimate(value["strata_total"]),
        }
    )
