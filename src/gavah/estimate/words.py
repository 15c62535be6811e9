"""The sentences that travel with figures. Invariant: every assumption, refusal and warning exists in English and Persian."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict

from gavah.model import Estimate, Said


class Assumption(TypedDict):
    """The fields of an Estimate that say what it assumes."""

    assumption: str
    assumption_fa: str


@cache
def _sentences(name: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("gavah.estimate").joinpath("data", name).read_text(encoding="utf-8"))


def assumption(method: str, variant: str) -> dict[str, Any]:
    """The assumption of a method, as the fields of an Estimate."""
    sentence = _sentences("assumptions.toml")[f"{method}.{variant}"]
    return {"assumption": sentence["en"], "assumption_fa": sentence["fa"]}


def refused(method: str, variant: str, reason: str, **fields: object) -> Estimate:
    """A refusal; `reason` is a key of data/reasons.toml and `fields` fill its braces."""
    sentence = _sentences("reasons.toml")[reason]
    return Estimate(
        method=method,
        variant=variant,
        status="refused",
        reason=sentence["en"].format(**fields),
        reason_fa=sentence["fa"].format(**fields),
        diagnostics={"refusal": reason},
    )


def warning(key: str, **fields: object) -> Said:
    """A warning of data/warnings.toml in both languages; `fields` fill its braces."""
    sentence = _sentences("warnings.toml")[key]
    return Said.both(sentence["en"].format(**fields), sentence["fa"].format(**fields))


def headline_reason(key: str, **fields: object) -> Said:
    """Why a figure leads or none does, of data/headlines.toml."""
    sentence = _sentences("headlines.toml")[key]
    return Said.both(sentence["en"].format(**fields), sentence["fa"].format(**fields))


def delay_sentence(key: str, **fields: object) -> tuple[str, str]:
    """What is said of reporting delay, of data/delays.toml, in English and Persian."""
    sentence = _sentences("delays.toml")[key]
    return sentence["en"].format(**fields), sentence["fa"].format(**fields)
