"""From bytes to standardised reports: one file per format, mappings, cells, profiles. All faults at once; nothing lost."""

from gavah.intake.connectivity import SeriesFile, Told, read_series
from gavah.intake.connectivity.zones import zone, zones_of
from gavah.intake.counts import read_counts, read_counts_by
from gavah.intake.guess import guess_mapping
from gavah.intake.mapping import Mapping
from gavah.intake.posts import posted
from gavah.intake.profile import Profiler
from gavah.intake.rows import Row, Table
from gavah.intake.standardise import CellFault, identify, keeps, standardise
from gavah.intake.tables import read_tables
from gavah.intake.template import write_template

__all__ = [
    "CellFault",
    "Mapping",
    "Profiler",
    "Row",
    "SeriesFile",
    "Table",
    "Told",
    "guess_mapping",
    "identify",
    "keeps",
    "posted",
    "read_counts",
    "read_counts_by",
    "read_series",
    "read_tables",
    "standardise",
    "write_template",
    "zone",
    "zones_of",
]
