"""Values only: reports, dates, ranges, cases, capture tables, results, objects, errors. No I/O, imports no other room."""

from gavah.model.captures import CaptureTable, History
from gavah.model.cases import Captures, Case, Figure, Overlap, Register
from gavah.model.dates import Calendar, DateRange, PartialDate, first_day, last_day, spans
from gavah.model.faults import Fault
from gavah.model.profiles import FieldProfile, ListProfile
from gavah.model.ranges import Range, RangeKind
from gavah.model.reports import Act, Place, StandardReport
from gavah.model.results import Estimate, EstimateReport, Headline, ListCoverage, Said, Sensitivity, in_persian
from gavah.model.series import Area, NotClaimed, Outage, OutageReport, Series, Witness
from gavah.model.vocabulary import Grade, Identification, Sex, Verdict, Violation

__all__ = [
    "Act",
    "Area",
    "Calendar",
    "CaptureTable",
    "Captures",
    "Case",
    "DateRange",
    "Estimate",
    "EstimateReport",
    "Fault",
    "FieldProfile",
    "Figure",
    "Grade",
    "Headline",
    "History",
    "Identification",
    "ListCoverage",
    "ListProfile",
    "NotClaimed",
    "Outage",
    "OutageReport",
    "Overlap",
    "PartialDate",
    "Place",
    "Range",
    "RangeKind",
    "Register",
    "Said",
    "Sensitivity",
    "Series",
    "Sex",
    "StandardReport",
    "Verdict",
    "Violation",
    "Witness",
    "first_day",
    "in_persian",
    "last_day",
    "spans",
]
