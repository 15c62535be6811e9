"""A believable edition of invented people, for tests and pictures. Every name is put together at random; nobody is meant."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from gavah.model import (
    Act,
    Calendar,
    Captures,
    CaptureTable,
    Case,
    Estimate,
    EstimateReport,
    FieldProfile,
    Figure,
    Grade,
    Headline,
    Identification,
    ListCoverage,
    ListProfile,
    Overlap,
    PartialDate,
    Place,
    Range,
    Register,
    Said,
    Sensitivity,
    Sex,
    StandardReport,
)
from gavah.publish import Edition

SOURCES = ("Field network", "Hospital records", "انجمن ثبت", "Diaspora list")
GIVEN = [
    ("Arvin", "آروین", "m"), ("Hossein", "حسین", "m"), ("Alireza", "علیرضا", "m"), ("Kaveh", "کاوه", "m"), ("Navid", "نوید", "m"),
    ("Mohsen", "محسن", "m"), ("Sirwan", "سیروان", "m"), ("Yashar", "یاشار", "m"), ("Mahin", "مهین", "f"), ("Golnaz", "گلناز", "f"),
    ("Shirin", "شیرین", "f"), ("Zeynab", "زینب", "f"), ("Ghazal", "غزل", "f"), ("Khatereh", "خاطره", "f"),
]  # fmt: skip
FAMILY = [
    ("Darbandi-Far", "دربندی‌فر"), ("Kuhsarian", "کوهساریان"), ("Sepidrud", "سپیدرود"), ("Gholampour", "غلام‌پور"), ("Barzanjeh", "برزنجه"),
    ("Tolouian", "طلوعیان"), ("Qashqavand", "قشقاوند"), ("Khorramdel", "خرم‌دل"), ("Zarrinbaf", "زرین‌باف"), ("Chamanara", "چمن‌آرا"),
]  # fmt: skip
PLACES = [
    ("IR-23", "Tehran", 34), ("IR-06", "Mahshahr", 22), ("IR-12", "Marivan", 15), ("IR-05", "Kermanshah", 13), ("IR-07", "Shiraz", 12),
    ("IR-30", "Fardis", 10), ("IR-10", "Isfahan", 7), ("IR-09", "Mashhad", 5), ("IR-11", "Zahedan", 9), ("IR-03", "Tabriz", 3),
    ("IR-01", "Rasht", 3), ("IR-18", "Bushehr", 2), ("IR-25", "Qom", 1),
]  # fmt: skip
START = dt.date(2025, 12, 29)
REACH = (0.62, 0.34, 0.48, 0.27)


def day(date: dt.date) -> PartialDate:
    return PartialDate(Calendar.GREGORIAN, date.year, date.month, date.day, date, date)


def killed(date: dt.date) -> Act:
    return Act("killed", Range.fixed(day(date)))


def case(number: int, names: tuple[str, ...], acts: tuple[Act, ...], **rest: object) -> Case:
    given: dict[str, object] = {
        "reports": (), "sources": SOURCES[:1], "independent": 1, "identification": Identification.NAMED, "status": acts[-1].core
    }  # fmt: skip
    return Case(case_id=str(number), names=names, acts=acts, **{**given, **rest})  # type: ignore[arg-type]


def invented_case(number: int, chance: random.Random) -> Case:
    (en, fa, sex), (family_en, family_fa) = chance.choice(GIVEN), chance.choice(FAMILY)
    held = tuple(name for name, reach in zip(SOURCES, REACH, strict=True) if chance.random() < reach) or (
        chance.choice(SOURCES),
    )
    code, town, _ = chance.choices(PLACES, [weight for *_, weight in PLACES])[0]
    date = START + dt.timedelta(days=min(max(int(chance.gauss(11, 3.2)), 0), 30))
    when = Range.fixed(day(date))
    disagree: tuple[str, ...] = ()
    if chance.random() < 0.1:
        when, disagree = Range.between(day(date), day(date + dt.timedelta(days=chance.choice((1, 2))))), ("date",)
    elif chance.random() < 0.04:
        when = Range.fixed(PartialDate(Calendar.JALALI, 1404, 10, None, dt.date(2025, 12, 22), dt.date(2026, 1, 20)))
    years = max(9, min(81, int(chance.gauss(29, 12))))
    age = (
        Range.fixed(years)
        if chance.random() < 0.8
        else Range.either((years, years + 10))
        if chance.random() < 0.2
        else None
    )
    acts: tuple[Act, ...] = (Act("killed", when),)
    kind = chance.random()
    if kind < 0.05:
        acts = (Act("arrested", when),)
    elif kind < 0.08:
        acts = (Act("wounded", Range.fixed(day(date - dt.timedelta(days=3)))), Act("killed", when))
    names = (f"{en} {family_en}", f"{fa} {family_fa}") if chance.random() < 0.7 else (f"{fa} {family_fa}",)
    independent = min(len(held), 3)
    return case(
        number, names, acts, sources=held, independent=independent, age=age, sex=Sex.MALE if sex == "m" else Sex.FEMALE, disagree=disagree,
        places=(Place(city_text=town, province=code),), identification=chance.choice((Identification.IDENTIFIED, Identification.PICTURED)),
        grade=Grade.FAIR if independent > 1 else Grade.WEAK,
    )  # fmt: skip


def figure(key: str, cases: list[Case], unnamed: int = 0) -> Figure:
    return Figure(
        key, len(cases) + unnamed, len(cases), sum(c.identification >= Identification.IDENTIFIED for c in cases), unnamed,
        sum(c.age is not None and c.age.high is not None and c.age.high < 18 for c in cases),
        sum(c.sex is Sex.FEMALE for c in cases), sum(c.sex is Sex.MALE for c in cases),
    )  # fmt: skip


def by(cases: list[Case], key: object, order: object = None) -> tuple[Figure, ...]:
    groups: dict[str, list[Case]] = {}
    for one in cases:
        groups.setdefault(key(one), []).append(one)  # type: ignore[operator]
    keys = sorted(groups) if order is None else sorted(groups, key=lambda k: -len(groups[k]))
    return tuple(figure(k, groups[k]) for k in keys)


def week(one: Case) -> str:
    when = one.when()
    if when is None or when.low is None:
        return ""
    year, number, _ = when.low.first.isocalendar()
    return f"{year}-W{number:02d}"


def age_band(one: Case) -> str:
    if one.age is None or one.age.low is None:
        return ""
    return next(band for band, top in (("0-17", 17), ("18-29", 29), ("30-49", 49), ("50+", 999)) if one.age.low <= top)


def figures_of(cases: list[Case], unnamed: int) -> dict[str, tuple[Figure, ...]]:
    dead = [one for one in cases if "killed" in one.violations]
    other = [one for one in cases if "arrested" in one.violations]
    violations = (figure("killed", dead, unnamed), *((figure("arrested", other),) if other else ()))
    return {
        "all": (figure("all", cases, unnamed),),
        "violation": violations,
        "province": by(dead, lambda one: one.place.province if one.place else "", "size"),
        "week": by(dead, week),
        "sex": by(dead, lambda one: one.sex.value if one.sex else ""),
        "age": by(dead, age_band),
    }


ASSUMPTION_EN = (
    "lists depend on each other only in the ways the chosen model names, and everybody could have been on any list"
)
ASSUMPTION_FA = "فهرست‌ها تنها به همان شکلی که مدل برگزیده می‌گوید به هم وابسته‌اند و هر کس می‌توانسته در هر فهرستی بیاید"


def estimates(listed: int) -> EstimateReport:
    def ok(method: str, variant: str, point: float, low: float, high: float | None, en: str, fa: str) -> Estimate:
        return Estimate(
            method, variant, "ok", listed * point, listed * low, None if high is None else listed * high, "", "", en, fa
        )

    return EstimateReport(
        listed, SOURCES, 0.95, 1,
        (
            ok("loglinear", "bic", 1.62, 1.44, 1.88, ASSUMPTION_EN, ASSUMPTION_FA),
            ok("loglinear", "aic", 1.75, 1.42, 2.31, ASSUMPTION_EN, ASSUMPTION_FA),
            Estimate("dga", "", "ok", listed * 1.6, listed * 1.5, listed * 1.7, "", "", ASSUMPTION_EN, ASSUMPTION_FA,
                     density=tuple((listed * (1.5 + 0.005 * k), 0.02) for k in range(40))),
            Estimate("lcmcr", "", "refused", reason="chains disagree", reason_fa="زنجیره‌ها یکی نیستند",
                     density=tuple((listed * (1.4 + 0.01 * k), 0.05) for k in range(20)),
                     traces=tuple(tuple(listed * (1.4 + 0.01 * ((k + s) % 20)) for k in range(60)) for s in range(4))),
            ok("chao", "", 1.41, 1.33, None, "some are harder to list than others; a lower bound", "ثبت برخی دشوارتر از دیگران است؛ کران پایین"),
            Estimate("independence", "chapman", "refused", reason="it takes exactly two lists, and there are four",
                     reason_fa="تنها برای دو فهرست است و اینجا چهار فهرست هست"),
        ),
        {"violation": "killed", "from": "2025-12-28"}, {"too_thin": 14, "out_of_scope": 31}, ("Copied channel",),
        headline=Headline(0, Said.both("loglinear bic leads: it allows for 1,234.5 things", "loglinear bic: 1,234.5 چیز")),
        sensitivity=tuple(Sensitivity(xi, listed * (1 + 0.6 / xi), listed * (1 + 0.4 / xi), listed * (1 + 0.9 / xi)) for xi in (0.25, 1.0, 4.0)),
        leave_one_out=((SOURCES[0], ok("loglinear", "bic", 1.7, 1.4, 2.1, "", "")),
                       (SOURCES[2], Estimate("loglinear", "bic", "refused", reason="nobody shared", reason_fa="بی اشتراک"))),
        coverage=tuple(ListCoverage(name, round(listed * reach), 9, reach / 1.88, reach / 1.44) for name, reach in zip(SOURCES, REACH, strict=True)),
    )  # fmt: skip


def edition(people: int = 640, seed: int = 7, **changes: object) -> Edition:
    """`people` cases from `seed`; `changes` replace fields of the edition."""
    chance = random.Random(seed)
    cases = [invented_case(number, chance) for number in range(1, people + 1)]
    dead = [one for one in cases if "killed" in one.violations]
    patterns = Counter(one.sources for one in dead)
    empty = StandardReport(b"\0" * 32, SOURCES[0])
    register = Register(
        tuple(cases), (empty,) * 57, (empty,) * 9, {**dict.fromkeys(SOURCES, ()), "Copied channel": ("Field network",)},
        "ab" * 32, "cd" * 32, figures_of(cases, 41),
    )  # fmt: skip
    profiles = [
        ListProfile(
            name, rows, {"name": FieldProfile(rows - 9, 9), "age": FieldProfile(rows // 2, 31), "date": FieldProfile(rows - 3, 0),
                         "place": FieldProfile(rows - 20, 4), "father_name": FieldProfile(rows // 3, 0)},
            faults, 0, 0, doubles, only, rows - doubles, derived,
        )
        for name, rows, faults, doubles, only, derived in (
            (SOURCES[0], 431, 3, 12, 96, ()), (SOURCES[1], 236, 11, 2, 41, ()), (SOURCES[2], 318, 0, 6, 70, ()),
            (SOURCES[3], 187, 27, 19, 22, ()), ("Copied channel", 120, 2, 0, 0, ("Field network",)),
        )
    ]  # fmt: skip
    fields: dict[str, object] = {
        "title": "Winter 1404: a synthetic crackdown, from five lists", "register": register,
        "overlap": Overlap(Counter(len(one.sources) for one in dead), tuple(patterns.most_common())),
        "captures": Captures(CaptureTable(SOURCES, {(1, 0, 0, 0): 1}), 14, 31), "estimates": estimates(len(dead)),
        "profiles": profiles, "faults": 43, "made_on": dt.date(2026, 2, 14), "gavah_version": "0.1.0",
        "archive_digest": "5f" * 32 + " 1292", "link_run": "ab" * 32,
        "link_summary": {"threshold": 0.9, "engine": "duckdb", "rules": 7, "pairs": 48211, "accepted": 652},
    }  # fmt: skip
    return Edition(**{**fields, **changes})  # type: ignore[arg-type]
