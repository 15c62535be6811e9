"""What may be shown, and how: the report page. Invariant: pages are pure functions of the values given; all drawing is here."""

from gavah.publish.edition import Edition
from gavah.publish.picture import estimate_picture
from gavah.publish.report import report_page

__all__ = ["Edition", "estimate_picture", "report_page"]
