"""Scripts, person names, places and calendars: pure functions of text; the word lists are data files of this room."""

from gavah.names.calendars import month_names, month_number, partial_date, to_jalali, to_persian_digits
from gavah.names.keys import name_keys, skeleton
from gavah.names.persons import PersonName, is_placeholder, parse_name
from gavah.names.places import Gazetteer, distance_km, locate, province_name
from gavah.names.scripts import digits, fold, script_of
from gavah.names.similarity import NameTable, similarities, similarity, similarity_pairs
from gavah.names.words import given_roots

__all__ = [
    "Gazetteer",
    "NameTable",
    "PersonName",
    "digits",
    "distance_km",
    "fold",
    "given_roots",
    "is_placeholder",
    "locate",
    "month_names",
    "month_number",
    "name_keys",
    "parse_name",
    "partial_date",
    "province_name",
    "script_of",
    "similarities",
    "similarity",
    "similarity_pairs",
    "skeleton",
    "to_jalali",
    "to_persian_digits",
]
