"""Which figure to show first, or none. Invariant: the rule looks at the estimates and the size of the table alone and states
its reason in both languages; no figure leads that the data do not bound, or that another family which allows for dependence,
or people of two kinds, contradict.
"""

from __future__ import annotations

from collections.abc import Sequence

from gavah.estimate import kinds
from gavah.estimate.strata import LEAST_LISTED, LEAST_SHARED
from gavah.estimate.unequal import UNEQUAL
from gavah.estimate.words import headline_reason
from gavah.model import Estimate, Headline, Said

LEADERS = (
    ("loglinear", "strata-bca"),
    ("loglinear", "combined"),
    ("loglinear", "bic-bca"),
    ("loglinear", "bic"),
    ("loglinear", "coverage"),
    ("lcmcr", ""),
    ("independence", "chapman"),
)  # the first that answered leads
PEERS = ("loglinear", "dga", "lcmcr")  # families that allow for dependence between lists
WIDE = 5.0  # upper over lower limit beyond which no figure leads
APART = 1.5  # ratio of two families' figures that, with intervals that do not meet, lets neither lead


def headline(estimates: Sequence[Estimate], listed: int | None = None, shared: int | None = None) -> Headline:
    """The place in `estimates` of the figure to lead with, or None, and why. `listed` and `shared`, the people of the table
    and those on two lists or more, are asked to be as many as a stratum needs; None asks nothing.
    """
    where = {(e.method, e.variant): k for k, e in enumerate(estimates) if e.ok and not _partial(e)}
    place = next((where[key] for key in LEADERS if key in where), None)
    if place is None:
        return Headline(None, headline_reason("nothing"))
    lead = estimates[place]
    against = _against(lead, estimates)
    if listed is not None and shared is not None and (listed < LEAST_LISTED or shared < LEAST_SHARED):
        fields = {"least_listed": LEAST_LISTED, "least_shared": LEAST_SHARED}
        against = headline_reason("little", listed=listed, shared=shared, **fields)
    if against:
        return Headline(None, against)
    key = {"chapman": "two_lists", "strata-bca": "strata", "combined": "combined"}.get(lead.variant, "chosen")
    return Headline(place, headline_reason(key if lead.method != "lcmcr" else "classes", method=_name(lead)))


def _partial(estimate: Estimate) -> bool:
    """Whether it is a total of strata that leaves some of them out: it stands beside the others, and never leads."""
    return bool(estimate.diagnostics.get("strata_left_out"))


def _against(lead: Estimate, estimates: Sequence[Estimate]) -> Said | None:
    """Why `lead` must not lead, or None."""
    if lead.upper is None or lead.lower is None or lead.median is None:
        return headline_reason("unbounded")
    if lead.upper > WIDE * lead.lower:
        return headline_reason("wide", low=lead.lower, high=lead.upper)
    if lead.diagnostics.get("unequal_p", 1.0) < UNEQUAL or lead.diagnostics.get("unequal_better"):
        return _unequal(lead, estimates)
    if (figure := _other_kinds(lead)) is not None:
        return headline_reason("two_kinds", figure=figure)
    if lead.variant == "strata-bca":
        return None  # the others are of the whole, taken as one: what strata mend is what they get wrong
    for other in estimates:
        if other.ok and other.method in PEERS and other.variant != "strata-bca" and _contradicts(lead, other):
            return headline_reason("contradicted", method=_name(other), figure=other.median)
    return None


def _other_kinds(lead: Estimate) -> float | None:
    """The total by two kinds of people where they explain the counts about as well and make it another one."""
    figure = lead.diagnostics.get("two_kinds")
    if figure is None or lead.diagnostics["two_kinds_behind"] >= kinds.WITHIN:
        return None
    low, mid, high = float(lead.lower or 0), float(lead.median or 0), float(lead.upper or 0)
    alike = low <= figure <= high and max(mid, figure) <= kinds.APART * min(mid, figure)
    return None if alike else float(figure)


def _unequal(lead: Estimate, estimates: Sequence[Estimate]) -> Said:
    """People of unequal reach; Chao's bound, the lower of its two forms, is what stands then."""
    chao = next((e for e in estimates if e.ok and e.method == "chao"), None)
    if chao is None or chao.median is None:
        return headline_reason("unequal", method=_name(lead))
    bound = min(chao.median, chao.diagnostics.get("allowing_for_list_sizes") or chao.median)
    return headline_reason("unequal_bound", method=_name(lead), bound=bound)


def _contradicts(lead: Estimate, other: Estimate) -> bool:
    if None in (lead.lower, lead.median, lead.upper, other.lower, other.median, other.upper):
        return False
    low, mid, high = float(lead.lower or 0), float(lead.median or 0), float(lead.upper or 0)
    disjoint = float(other.lower or 0) > high or float(other.upper or 0) < low
    return disjoint and max(mid, float(other.median or 0)) > APART * min(mid, float(other.median or 0))


def _name(estimate: Estimate) -> str:
    return f"{estimate.method} {estimate.variant}".strip()
