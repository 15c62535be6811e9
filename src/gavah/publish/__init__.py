"""What may be public, and how it is shown. Invariant: pages are pure functions of the values given; all drawing is here."""

from gavah.publish.darkness import shutdown_picture
from gavah.publish.edition import Edition
from gavah.publish.making import public_edition
from gavah.publish.picture import estimate_picture
from gavah.publish.public import PublicEdition
from gavah.publish.release import release
from gavah.publish.report import report_page

__all__ = [
    "Edition",
    "PublicEdition",
    "estimate_picture",
    "public_edition",
    "release",
    "report_page",
    "shutdown_picture",
]
