"""Which lists hold whom: the capture table of a scope, and the overlap of sources.

Invariant: nobody is lost in silence: people in the table, too thin, and out of scope add up to all cases and unnamed
people of the register. A derived source is left out of the table, never merged into its upstream's column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gavah.model import Captures, CaptureTable, Case, History, Overlap, Register
from gavah.register.grades import counts
from gavah.register.independence import Ancestry
from gavah.register.scope import Scope, holders
from gavah.register.strata import STRATA, stratum_of

EVERYTHING = Scope(violation=None)


def captures(register: Register, scope: Scope, by: str | None = None) -> Captures:
    """The capture table of `scope`, and one per stratum when `by` is "province", "week", "sex" or "age".

    Lists are the sources that hold somebody in scope and derive from none of these, in the register's order; the derived
    ones are named in `derived`. `too_thin`: thin cases and unnamed people in scope (R29). `out_of_scope`: the
    others outside the scope or on its edge, discounted (R36), or held by derived sources only. Strata have the same
    lists; the key "" holds people of whom no source says.
    """
    if by is not None and by not in STRATA:
        raise ValueError(f"strata by {by!r}; known: {', '.join(STRATA)}")
    held: list[tuple[Case, frozenset[str]]] = []
    too_thin = sum(scope.holds_report(report) for report in register.unnamed)
    for case in register.cases:
        if scope.holds(case):
            too_thin += case.thin
            if counts(case):
                held.append((case, holders(case, scope.violation)))
    present = {source for _, sources in held for source in sources}
    lists, derived = split_derived([source for source in register.sources if source in present], register)
    histories: list[History] = []
    by_key: dict[str, list[History]] = {}
    for case, sources in held:
        history = tuple(int(name in sources) for name in lists)
        if any(history):
            histories.append(history)
            if by is not None:
                by_key.setdefault(stratum_of(case, by, scope.violation), []).append(history)
    everybody = len(register.cases) + len(register.unnamed)
    return Captures(
        table=CaptureTable.tally(lists, histories, derived=derived),
        too_thin=too_thin,
        out_of_scope=everybody - too_thin - len(histories),
        strata={
            key: CaptureTable.tally(lists, by_key[key], derived=derived, stratum={str(by): key})
            for key in sorted(by_key, key=lambda key: (not key, key))
        },
    )


def split_derived(names: Sequence[str], register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`names` apart into those that derive from none of the others, and those that do (transitively).

    Of sources that derive from each other the first in `names` stays.
    """
    ancestry = Ancestry(register.sources)
    derived = tuple(
        name
        for i, name in enumerate(names)
        if any(
            other in ancestry.of(name) and (name not in ancestry.of(other) or j < i)
            for j, other in enumerate(names)
            if j != i
        )
    )
    return tuple(name for name in names if name not in derived), derived


def overlap(register: Register, violation: str | None = None, scope: Scope | None = None) -> Overlap:
    """How many persons stand on exactly one, two, three ... sources, and on which together (R30).

    All sources enter, derived ones too: this is what the lists hold, not an estimate's table. `violation` limits to the
    persons and sources that tell of it (by default the scope's own). Thin and discounted cases are left out.
    """
    within = scope or EVERYTHING
    said = violation or within.violation
    patterns: Counter[tuple[str, ...]] = Counter()
    order = {source: i for i, source in enumerate(register.sources)}
    for case in register.cases:
        if counts(case) and within.holds(case) and (said is None or said in case.violations):
            patterns[tuple(sorted(holders(case, said), key=order.__getitem__))] += 1
    by_sources: Counter[int] = Counter()
    for pattern, people in patterns.items():
        by_sources[len(pattern)] += people
    ranked = sorted(patterns.items(), key=lambda item: (-item[1], len(item[0]), [order[name] for name in item[0]]))
    return Overlap(dict(sorted(by_sources.items())), tuple(ranked))
