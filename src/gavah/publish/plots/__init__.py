"""The drawings of a page, as inline SVG. Invariant: each says in its title what it shows, carries nothing by colour alone,
and stands beside a table or a sentence with the same figures.
"""

from gavah.publish.plots.completeness import completeness
from gavah.publish.plots.posterior import posterior, traces
from gavah.publish.plots.provinces import known_provinces, outlines, province_map
from gavah.publish.plots.sensitivity import sensitivity
from gavah.publish.plots.shares import Share, shares
from gavah.publish.plots.shutdown import shades, shutdown
from gavah.publish.plots.timeline import timeline
from gavah.publish.plots.upset import upset
from gavah.publish.plots.whiskers import Shown, whiskers

__all__ = [
    "Share",
    "Shown",
    "completeness",
    "known_provinces",
    "outlines",
    "posterior",
    "province_map",
    "sensitivity",
    "shades",
    "shares",
    "shutdown",
    "timeline",
    "traces",
    "upset",
    "whiskers",
]
