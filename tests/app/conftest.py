"""Small invented lists in two scripts, and an archive made of them."""

from types import SimpleNamespace

import pytest

from gavah import Archive, Mapping

PERSIAN = """شناسه,نام,سن,تاریخ,شهر,استان,جنس
۱,علیرضا کاویانی,۲۳,۱۸ دی ۱۴۰۴,تهران,تهران,مرد
۲,مریم رستگار,۱۷,۱۹ دی ۱۴۰۴,کرج,البرز,زن
۳,ناشناس,,۱۹ دی ۱۴۰۴,کرج,البرز,مرد
۴,حسن بهاروند,۴۰,۱۸ دی ۱۴۰۴,شیراز,فارس,مرد
۵,پرویز شادمهر,نامشخص,۲۰ دی ۱۴۰۴,رشت,گیلان,مرد
۶,سهراب نیک‌روش,۳۱,۴۵ دی ۱۴۰۴,تبریز,آذربایجان شرقی,مرد
"""
LATIN = """id,name,age,date,place,sex
a1,Alireza Kaviani,24,2026-01-08,Tehran,male
a2,Hossein Baharvand,40,2026-01-08,"Shiraz, Fars",male
a3,Parviz Shadmehr,52,2026-01-10,Rasht,male
a4,Unknown,,2026-01-09,Karaj,male
a5,Golnaz Ardalan,19,2026-01-11,Sanandaj,female
"""
MAPPING = """[columns]
ref = "شناسه"
name = "نام"
age = "سن"
date = "تاریخ"
place = [{city="شهر", province="استان"}]
sex = "جنس"
[list]
violation = "killed"
"""


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "home.csv").write_text(PERSIAN, encoding="utf-8")
    (tmp_path / "abroad.csv").write_text(LATIN, encoding="utf-8")
    (tmp_path / "home.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def archive(lists):
    with Archive.create(lists / "archive") as made:
        made.add([lists / "home.csv"], "Home", mapping=Mapping.from_toml(MAPPING, "home.toml"))
        made.add([lists / "abroad.csv"], "Abroad")
        yield made


@pytest.fixture
def texts():
    return SimpleNamespace(latin=LATIN, mapping=MAPPING)
