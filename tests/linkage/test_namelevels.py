"""Name levels and how common the shared words are."""

import sys
from pathlib import Path

import numpy as np
import pytest

from gavah.linkage.evidence import evidence_of
from gavah.linkage.namelevels import father_levels, name_levels

sys.path.insert(0, str(Path(__file__).parent))
from people import crowd, report


def level_of(one, two):
    reports = [*crowd(200, "C"), report(1, "A", one), report(2, "B", two)]
    known = evidence_of(reports)
    place = {r: at for at, r in enumerate(known.ids)}
    a, b = place[reports[-2].report_id], place[reports[-1].report_id]
    levels, share = name_levels(known, np.array([a]), np.array([b]))
    return int(levels[0]), float(share[0])


def test_a_name_written_as_one_word_and_as_two_is_as_rare_as_the_name():
    level, apart = level_of("آرش خان جلالی", "Arash Khanjalali")
    assert level >= 3
    _, given_only = level_of("آرش خان جلالی", "Arash")
    assert apart < given_only / 5


@pytest.mark.parametrize(
    ("one", "two"),
    [("حسن کریمی", "حسین کریمی"), ("علی کریمی", "علیرضا کریمی"), ("سارا نوری", "لیلا نوری"), ("رضا نوری", "رضا مرادی")],
)
def test_near_names_of_different_people_stay_at_level_0(one, two):
    assert level_of(one, two)[0] == 0


def test_a_lacking_last_part_does_not_hide_a_name_from_comparison():
    assert level_of("Pedram Rahimnejad Jamalabadi", "پدرام رحیم\u200cنژاد")[0] >= 2


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("حسن کریمی", "Hassan", 2),
        ("Hassan", "حسن", 2),
        ("حسن کریمی", "Hossein", 0),
        ("حسن کریمی", "Karimi", 0),
        ("حسن کریمی", "حسن نوری", 0),
    ],
)
def test_past_slip_a_father_told_by_his_given_name_alone_is_the_same(one, two, level):
    known = evidence_of(
        [*crowd(50, "C"), report(1, "A", "پویا نوری", father=[one]), report(2, "B", "پویا نوری", father=[two])]
    )
    at = np.flatnonzero(known.fathers >= 0)
    levels, _ = father_levels(known, at[:1], at[1:])
    assert levels.tolist() == [level]
