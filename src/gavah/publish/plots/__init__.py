"""The drawings of a page, as inline SVG. Invariant: each says in its title what it shows, carries nothing by colour alone,
and stands beside a table or a sentence with the same figures.
"""

from gavah.publish.plots.completeness import completeness, whiskers
from gavah.publish.plots.provinces import known_provinces, outlines, province_map
from gavah.publish.plots.timeline import timeline
from gavah.publish.plots.upset import upset

__all__ = ["completeness", "known_provinces", "outlines", "province_map", "timeline", "upset", "whiskers"]
