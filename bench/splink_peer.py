"""Splink on the public linkage sets, at the settings of its own tutorials; called by bench/linkage.py in the same run as ours.

Source of the settings: the examples "Deduplicate 50k rows historical persons", "Febrl3 dedupe" and "Febrl4 link only" of Splink's
documentation. Casualty lists have no tutorial: `between` gives them the comparisons and the pattern of rules of those three, on columns that
Gavah's own intake cleaned and folded, which a user of Splink would have to do first. Prediction starts at .001 so that the best threshold on the truth can be shown beside the tutorial's .95.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

LEAST = 0.001
DETERMINISTIC_FEBRL = [
    "l.soc_sec_id = r.soc_sec_id",
    "l.given_name = r.given_name and l.surname = r.surname and l.date_of_birth = r.date_of_birth",
    "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
]


def _febrl(link_type: str) -> tuple[Any, list[Any]]:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type=link_type,
        blocking_rules_to_generate_predictions=[
            block_on(column) for column in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    return settings, [block_on("date_of_birth"), block_on("soc_sec_id")]


def _historical() -> tuple[Any, list[Any]]:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    keys = [
        ("substr(first_name,1,3)", "substr(surname,1,4)"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"),
        ("dob", "birth_place"),
        ("substr(postcode_fake,1,3)", "dob"),
        ("substr(postcode_fake,1,3)", "first_name"),
        ("substr(postcode_fake,1,3)", "surname"),
        ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in keys],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    return settings, [block_on("first_name", "surname"), block_on("dob")]


KEYS = [
    ("substr(first_name,1,3)", "substr(surname,1,4)"),
    ("first_name", "surname"),
    ("surname", "born"),
    ("first_name", "born"),
    ("surname", "day"),
    ("first_name", "day"),
    ("surname", "city"),
    ("first_name", "city"),
    ("born", "city"),
    ("born", "day"),
]
"""Rules on the columns of `between`, after those of the tutorial of 50,000 persons; one that names an empty column is left out."""


def between(lists: list[list[dict[str, str | None]]]) -> list[tuple[str, str, float]]:
    """The pairs between two lists that Splink gives `LEAST` and more. Rows have unique_id, first_name, middle, surname, born (a date, or an age), day,
    city, sex.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    told = {column for rows in lists for row in rows for column, value in row.items() if value}
    dated = any("-" in (row["born"] or "") for rows in lists for row in rows)
    born = cl.DateOfBirthComparison("born", input_is_string=True) if dated else cl.ExactMatch("born")
    comparisons = {
        "middle": cl.NameComparison("middle"),
        "born": born,
        "day": cl.DateOfBirthComparison("day", input_is_string=True),
        "city": cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        "sex": cl.ExactMatch("sex"),
    }
    for rows in lists:
        for row in rows:
            row["first_and_surname"] = f"{row['first_name']} {row['surname']}"
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in KEYS if _columns(columns) <= told],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
            *(comparison for column, comparison in comparisons.items() if column in told),
        ],
    )
    api = DuckDBAPI()
    held = [
        api.register(pa.Table.from_pylist(rows), dataset_display_name=f"list_{at}") for at, rows in enumerate(lists)
    ]
    linker = Linker(held, settings)
    sure = [keys for keys in (("first_name", "surname", "born"), ("first_name", "surname", "day")) if set(keys) <= told]
    linker.training.estimate_probability_two_random_records_match([block_on(*keys) for keys in sure], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for keys in (("first_name", "surname"), ("born",)):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*keys))
    found = linker.inference.predict(threshold_match_probability=LEAST).as_record_list()
    return [(row["unique_id_l"], row["unique_id_r"], row["match_probability"]) for row in found]


def _columns(keys: tuple[str, ...]) -> set[str]:
    return {key.removeprefix("substr(").partition(",")[0] for key in keys}


def run(name: str, tables: list[pa.Table]) -> tuple[list[tuple[str, str, float]], float]:
    """The pairs that Splink gives `LEAST` and more, with their probability, and the seconds it took."""
    from splink import DuckDBAPI, Linker, block_on

    start = time.perf_counter()
    if name == "historical_50k":
        settings, em = _historical()
        exact = [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ]
        recall, pairs, column = 0.6, 5e6, "unique_id"
    else:
        settings, em = _febrl("link_only" if len(tables) > 1 else "dedupe_only")
        exact, recall, pairs, column = DETERMINISTIC_FEBRL, 0.9, 1e6, "rec_id"
    api = DuckDBAPI()
    held = [api.register(table, dataset_display_name=f"list_{at}") for at, table in enumerate(tables)]
    linker = Linker(held if len(held) > 1 else held[0], settings)
    linker.training.estimate_probability_two_random_records_match(exact, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=1)
    for rule in em:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    rows = found.as_record_list()
    return (
        [(row[f"{column}_l"], row[f"{column}_r"], row["match_probability"]) for row in rows],
        time.perf_counter() - start,
    )


def components(items: Iterable[str], pairs: Iterable[tuple[str, str, float]], threshold: float) -> list[list[str]]:
    """Connected components, as Splink clusters."""
    parent = {item: item for item in items}

    def find(item: str) -> str:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for one, two, chance in pairs:
        if chance >= threshold:
            parent[find(one)] = find(two)
    groups: dict[str, list[str]] = {}
    for item in parent:
        groups.setdefault(find(item), []).append(item)
    return list(groups.values())
