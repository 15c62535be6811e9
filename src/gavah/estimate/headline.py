"""Which figure to show first, or none. Invariant: the rule looks at the estimates alone and states its reason in both
languages; no figure leads that the data do not bound, or that another family which allows for dependence contradicts.
"""

from __future__ import annotations

from collections.abc import Sequence

from gavah.estimate.loglinear import UNEQUAL
from gavah.estimate.words import headline_reason
from gavah.model import Estimate, Headline

LEADERS = (("loglinear", "bic-bca"), ("loglinear", "bic"), ("independence", "chapman"))  # the first that answered leads
PEERS = ("loglinear", "dga", "lcmcr")  # families that allow for dependence between lists
WIDE = 5.0  # upper over lower limit beyond which no figure leads
APART = 1.5  # ratio of two families' figures that, with intervals that do not meet, lets neither lead


def headline(estimates: Sequence[Estimate]) -> Headline:
    """The place in `estimates` of the figure to lead with, or None, and why."""
    where = {(e.method, e.variant): k for k, e in enumerate(estimates) if e.ok}
    place = next((where[key] for key in LEADERS if key in where), None)
    if place is None:
        return Headline(None, headline_reason("nothing"))
    lead = estimates[place]
    if lead.upper is None or lead.lower is None or lead.median is None:
        return Headline(None, headline_reason("unbounded"))
    if lead.upper > WIDE * lead.lower:
        return Headline(None, headline_reason("wide", low=lead.lower, high=lead.upper))
    if lead.diagnostics.get("unequal_p", 1.0) < UNEQUAL:
        return Headline(None, headline_reason("unequal", method=_name(lead)))
    for other in estimates:
        if other.ok and other.method in PEERS and _contradicts(lead, other):
            return Headline(None, headline_reason("contradicted", method=_name(other), figure=other.median))
    return Headline(place, headline_reason("two_lists" if lead.variant == "chapman" else "chosen", method=_name(lead)))


def _contradicts(lead: Estimate, other: Estimate) -> bool:
    if None in (lead.lower, lead.median, lead.upper, other.lower, other.median, other.upper):
        return False
    low, mid, high = float(lead.lower or 0), float(lead.median or 0), float(lead.upper or 0)
    disjoint = float(other.lower or 0) > high or float(other.upper or 0) < low
    return disjoint and max(mid, float(other.median or 0)) > APART * min(mid, float(other.median or 0))


def _name(estimate: Estimate) -> str:
    return f"{estimate.method} {estimate.variant}".strip()
