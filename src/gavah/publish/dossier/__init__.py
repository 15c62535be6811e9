"""The dossier of an edition: a PDF in English and in Persian. Invariant: made of the public edition alone."""

from gavah.publish.dossier.pdf import LANGUAGES, dossier, dossiers
from gavah.publish.dossier.standards import Finding, Status, checklist

__all__ = ["LANGUAGES", "Finding", "Status", "checklist", "dossier", "dossiers"]
