"""What counts as dark. Invariant: every number of the rule is here, and `METHOD` names the version that an interval was found by."""

from __future__ import annotations

from dataclasses import dataclass

METHOD = "median rule, frozen baseline; PELT (ruptures 1.1) 1"
HOUR, DAY = 3600, 86_400


@dataclass(frozen=True, slots=True)
class Rule:
    """`dark`: share of the expected level under which it is out, as IODA's critical level for probing and routing; `slowed`: share under
    which it is slowed; `normal`: share from which it is back. `window`: days of normal readings that make the expected level.
    `shortest`, `shortest_slowed`: seconds a drop must last. `least`: bins of history before anything is claimed.
    """

    dark: float = 0.5
    slowed: float = 0.75
    normal: float = 0.85
    window: int = 7
    shortest: int = 2 * HOUR
    shortest_slowed: int = DAY
    least: int = 24
    penalty: float = 3.0  # of PELT, times the logarithm of the length and the variance


RULE = Rule()
