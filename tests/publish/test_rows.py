"""The table of cases: what is shown, and what never leaves."""

import datetime as dt
import json

import pytest
from editions import case, day, killed

from gavah.model import Act, Place, Range
from gavah.publish.rows import case_table

DAY = dt.date(2026, 1, 8)
AS_OF = dt.date(2026, 6, 1)


def texts(row: dict, table: object, lang: int = 0) -> list[str]:
    items = [item for cell in row["c"] for line in cell for item in line[1:]]
    return [item if isinstance(item, str) else table.phrases[item][lang] for item in items]  # type: ignore[attr-defined]


@pytest.mark.parametrize("violation", ["arrested", "disappeared", "wounded", "sentenced", "tortured", "released"])
def test_nothing_that_names_the_living_leaves(violation: str) -> None:
    acts = (Act(violation, Range.fixed(day(DAY))),)
    living = case(
        77123, ("Navid Zarrinbaf", "نوید زرین‌باف"), acts, sources=("Family list",), age=Range.fixed(34),
        places=(Place("Marivan", "Kurdistan", "marivan", "IR-12"),),
    )  # fmt: skip
    table = case_table([living], AS_OF)
    whole = json.dumps([table.rows, table.phrases], ensure_ascii=False)
    for secret in ("Navid", "زرین", "77123", "Marivan", "34", "۳۴", "8 Jan", "۱۸ دی", "Family"):
        assert secret not in whole, secret
    assert "Name withheld" in whole
    assert table.withheld == 1


def test_those_who_died_after_an_arrest_are_named() -> None:
    acts = (Act("arrested", Range.fixed(day(DAY))), Act("executed", Range.fixed(day(DAY))))
    table = case_table([case(1, ("Sirwan Barzanjeh",), acts)], AS_OF)
    assert "Sirwan Barzanjeh" in texts(table.rows[0], table)
    assert table.withheld == 0


def test_withheld_rows_come_last_and_not_in_the_order_of_their_numbers() -> None:
    living = [
        case(i, (f"N{i}",), (Act("arrested", Range.fixed(day(DAY - dt.timedelta(days=40 * (i % 2))))),))
        for i in range(6)
    ]
    table = case_table([*living, case(9, ("Dead",), (killed(DAY),))], AS_OF)
    assert "Dead" in texts(table.rows[0], table)
    assert [row["k"] for row in table.rows[1:]] == ["|"] * 6
    assert table.rows == case_table([*living[::-1], case(9, ("Dead",), (killed(DAY),))], AS_OF).rows


def test_disagreement_thinness_and_names_of_both_scripts_are_shown() -> None:
    one = case(
        3,
        ("Hossein Kuhsarian", "حسین کوهساریان"),
        (killed(DAY),),
        age=Range.either((17, 27)),
        disagree=("age",),
        thin=True,
    )
    table = case_table([one], AS_OF)
    english, persian = texts(table.rows[0], table), texts(table.rows[0], table, 1)
    assert {"Hossein Kuhsarian", "حسین کوهساریان", "17 or 27", "Sources differ:", "age"} <= set(english)
    assert {"۱۷ یا ۲۷", "اختلاف منابع:", "سن", "کشته‌شده", "۱۸ دی ۱۴۰۴"} <= set(persian)
    assert any("too thin" in text for text in english)


def test_a_province_given_with_its_town_is_not_repeated() -> None:
    places = (Place("Mahshahr", "", "", "IR-06"), Place("", "Khuzestan", "", "IR-06"), Place("Abadan", "", "", "IR-06"))
    table = case_table([case(1, ("A",), (killed(DAY),), places=places)], AS_OF)
    assert texts(table.rows[0], table).count("Khuzestan") == 1
    assert "Abadan" in texts(table.rows[0], table)
