"""Cases from reports and a link run; figures, overlap and capture tables. Pure functions from model types to model types."""

from gavah.model.citations import upstream
from gavah.register.build import build_register
from gavah.register.captures import captures, overlap
from gavah.register.changes import CaseChange, Changes, FigureChange, changes
from gavah.register.drawn import drawn_captures
from gavah.register.find import find
from gavah.register.grades import RULE_FAIR, RULE_WEAK
from gavah.register.independence import Ancestry, independent_count
from gavah.register.scope import Scope
from gavah.register.tables import CASE_COLUMNS, REPORT_COLUMNS, capture_rows, export_rows
from gavah.register.tallies import tally

__all__ = [
    "CASE_COLUMNS",
    "REPORT_COLUMNS",
    "RULE_FAIR",
    "RULE_WEAK",
    "Ancestry",
    "CaseChange",
    "Changes",
    "FigureChange",
    "Scope",
    "build_register",
    "capture_rows",
    "captures",
    "changes",
    "drawn_captures",
    "export_rows",
    "find",
    "independent_count",
    "overlap",
    "tally",
    "upstream",
]
