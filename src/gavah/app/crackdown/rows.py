"""How each list writes a person down: its columns, script, calendar, spelling habits and slips.

Invariant: a row is a function of the person and the clerk's random numbers only; a list's reference names its row and
nothing else. `full` dates carry a year; short ones ("۱۸ مهر", "19-Sep") are what people write while it happens.
Slips per row: 3 in 100 a typing error in a name, 1 in 100 given name and surname swapped (where they are separate).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from gavah.app.crackdown.people import SHUTDOWN, Person
from gavah.app.crackdown.words import JOINS_FA, JOINS_LATIN
from gavah.model import Calendar, Sex
from gavah.names import month_names, to_jalali, to_persian_digits

Row = dict[str, str]
Clerk = Callable[[Person, str, Random, bool], Row]

UNNAMED = 0.04  # share of rows that name nobody, in every list
MONTHS_FA = month_names(Calendar.JALALI, "fa")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FATES_FA = {"killed": "جان‌باخته", "wounded": "زخمی", "arrested": "بازداشت", "released": "آزاد شده"}
FATES_EN = {"killed": "Killed", "wounded": "Injured", "arrested": "Detained", "released": "Freed"}
OUTCOMES = {"killed": "فوت", "wounded": "مجروح"}


def home(person: Person, ref: str, rng: Random, full: bool) -> Row:
    """Home committee: Persian, Jalali dates, Persian digits, father's name now and then, a national id seldom."""
    name = slip(f"{person.given.persian(_join(rng, JOINS_FA))} {_surname_fa(person, rng)}", rng)
    if rng.random() < 0.03:
        name = f"{'سید' if person.sex is Sex.MALE else 'سیده'} {name}"
    return {
        "شماره": ref,
        "نام و نام خانوادگی": "ناشناس" if rng.random() < UNNAMED else name,
        "نام پدر": person.father.persian("") if rng.random() < 0.35 else "",
        "جنسیت": "مرد" if person.sex is Sex.MALE else "زن",
        "سن": to_persian_digits(person.age) if rng.random() < 0.75 else rng.choice(("", "نامشخص")),
        "تاریخ": _date_fa(person, rng, full),
        "شهر": person.city.fa,
        "استان": person.city.province_fa,
        "شهر دیگر": "",
        "استان دیگر": "",
        "تعداد": "",
        "وضعیت": FATES_FA[person.fate],
        "کد ملی": person.national_id if rng.random() < 0.15 else "",
    }


def abroad(person: Person, ref: str, rng: Random, full: bool) -> Row:
    """Group abroad: Latin, Gregorian, given name and surname apart, "About 40", "Unknown"."""
    first = slip(person.given.latin(0, rng, _join(rng, JOINS_LATIN)), rng)
    last = slip(person.surname.latin(0, rng, _join(rng, JOINS_LATIN), full=rng.random() < 0.7), rng)
    if rng.random() < 0.01:
        first, last = last, first
    if rng.random() < UNNAMED:
        first, last = "Unknown", ""
    day = person.day + dt.timedelta(rng.choice((-1, 1)) if rng.random() < 0.06 else 0)
    age = f"About {round(person.age, -1) or 10}" if rng.random() < 0.08 else str(person.age)
    return {
        "ID": ref,
        "First name": first,
        "Last name": last,
        "Gender": person.sex.capitalize(),
        "Age": age if rng.random() < 0.8 else "Unknown",
        "Date of death": _date_en(day, full) if rng.random() < 0.93 else "Unknown",
        "City": _spelling(person, 0, rng) if rng.random() < 0.95 else "Unknown",
        "Province": person.city.province,
    }


def newsroom(person: Person, ref: str, rng: Random, full: bool) -> Row:
    """Newsroom: both scripts (one in ten only one), ISO dates and ages as ranges, addresses of its articles, and the
    day of reporting: some days after, and never within the shutdown.
    """
    del full  # ISO dates carry their year
    fa = slip(f"{person.given.persian()} {_surname_fa(person, rng)}", rng)
    en = slip(f"{person.given.latin(1, rng, ' ')} {person.surname.latin(1, rng)}", rng)
    missing = rng.random()
    named = rng.random() >= UNNAMED
    reported = person.day + dt.timedelta(1 + int(rng.expovariate(0.5)))
    if SHUTDOWN[0] <= reported <= SHUTDOWN[1]:
        reported = SHUTDOWN[1] + dt.timedelta(1 + int(rng.expovariate(0.3)))
    articles = range(1 if rng.random() < 0.7 else 2)
    return {
        "id": ref,
        "name_fa": (fa if missing > 0.05 else "") if named else "نامشخص",
        "name_en": (en if not 0.05 < missing < 0.1 else "") if named else "",
        "sex": person.sex.value if rng.random() < 0.97 else "",
        **_age_range(person.age, rng),
        **_date_range(person.day, rng),
        "city": _spelling(person, 1, rng),
        "province": person.city.province,
        "status": FATES_EN[person.fate],
        "reported": reported.isoformat(),
        "source_urls": " | ".join(
            f"https://newsroom.example/{reported:%Y/%m}/{rng.randrange(10**6)}" for _ in articles
        ),
    }


def hospitals(person: Person, ref: str, rng: Random, full: bool) -> Row:
    """Hospital network: Arabic letters for ی and ک, ASCII digits, father's name, the last six digits of a national id,
    ages off by one (15 in 100), the day of admission beside the day of death.
    """
    del full  # numeric dates carry their year
    given = slip(person.given.persian(_join(rng, ("", " ", " "))), rng)
    family = slip(_surname_fa(person, rng), rng)
    if rng.random() < 0.01:
        given, family = family, given
    if rng.random() < UNNAMED:
        given, family = "مجهول الهويه", ""
    age = max(0, person.age + (rng.choice((-1, 1)) if rng.random() < 0.15 else 0))
    died = person.fate == "killed" and not (person.injured and rng.random() < 0.05)
    admitted = person.injured or person.day
    row = {
        "شماره پرونده": ref,
        "نام": given,
        "نام خانوادگی": family,
        "نام پدر": person.father.persian("") if rng.random() < 0.8 else "",
        "جنس": "مذکر" if person.sex is Sex.MALE else "مونث",
        "سن": str(age) if rng.random() < 0.9 else "0",
        "کد ملی": person.national_id[-6:] if rng.random() < 0.6 else "",
        "تاریخ پذیرش": jalali(admitted),
        "تاریخ فوت": jalali(person.day) if died else "",
        "شهر": person.city.fa,
        "استان": person.city.province_fa,
        "نتیجه": OUTCOMES["killed" if died else "wounded"],
    }
    return {arabic_letters(column): arabic_letters(value) for column, value in row.items()}


def slip(name: str, rng: Random) -> str:
    """`name`, in 3 of 100 with one letter dropped or two neighbours swapped, never a word's first."""
    if len(name) < 5 or rng.random() >= 0.03:
        return name
    inside = [at for at in range(1, len(name) - 1) if name[at - 1 : at + 2].isalpha()]
    if not inside:
        return name
    at = rng.choice(inside)
    if rng.random() < 0.5:
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def arabic_letters(text: str) -> str:
    return text.replace("ی", "ي").replace("ک", "ك")


def jalali(day: dt.date) -> str:
    """1403/07/02."""
    return "{}/{:02}/{:02}".format(*to_jalali(day))


def _date_fa(person: Person, rng: Random, full: bool) -> str:
    chance = rng.random()
    if chance < 0.05:
        return "نامشخص"
    if full:
        return to_persian_digits(jalali(person.day))
    _, month, day = to_jalali(person.day)
    text = f"{day} {MONTHS_FA[month - 1]}"
    if chance < 0.09 and day > 1:
        text = f"{day - 1} یا {text}"
    elif person.injured and chance < 0.6:
        _, wounded_month, wounded_day = to_jalali(person.injured)
        text += f" (مجروح {wounded_day} {MONTHS_FA[wounded_month - 1]})"
    return to_persian_digits(text)


def _date_en(day: dt.date, full: bool) -> str:
    return f"{day.day}-{MONTHS_EN[day.month - 1]}" + (f"-{day.year}" if full else "")


def _age_range(age: int, rng: Random) -> Row:
    chance = rng.random()
    if chance < 0.2:
        return {"age_min": "", "age_max": "", "age_kind": "unknown"}
    if chance < 0.24:
        return {"age_min": str(age), "age_max": str(age + rng.choice((1, 10))), "age_kind": "or"}
    if chance < 0.3:
        return {"age_min": str(age - age % 5), "age_max": str(age - age % 5 + 5), "age_kind": "range"}
    return {"age_min": str(age), "age_max": str(age), "age_kind": "fixed"}


def _date_range(day: dt.date, rng: Random) -> Row:
    chance = rng.random()
    first, last, kind = day, day, "fixed"
    if chance < 0.05:
        return {"date_min": "", "date_max": "", "date_kind": "unknown"}
    if chance < 0.1:
        first, kind = day - dt.timedelta(1), "or"
    elif chance < 0.15:
        first, last, kind = day - dt.timedelta(rng.randrange(3)), day + dt.timedelta(1), "range"
    return {"date_min": first.isoformat(), "date_max": last.isoformat(), "date_kind": kind}


def _surname_fa(person: Person, rng: Random) -> str:
    return person.surname.persian(_join(rng, ("\u200c", "", " ")), full=rng.random() < 0.7)


def _join(rng: Random, joins: tuple[str, ...]) -> str:
    """The list's usual way of joining words in four of five, any in the rest."""
    return joins[0] if rng.random() < 0.8 else rng.choice(joins)


def _spelling(person: Person, habit: int, rng: Random) -> str:
    spellings = person.city.latin
    return spellings[habit % len(spellings)] if rng.random() < 0.9 else rng.choice(spellings)
