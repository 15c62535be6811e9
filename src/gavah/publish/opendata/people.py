"""Tables of people: cases, their rows, those withheld, and what was withdrawn. Invariant: made of the public edition alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gavah.model import Case, DateRange, Place, Range, StandardReport, first_day, last_day
from gavah.names.places import province_name
from gavah.publish.opendata.tables import Column, Table, joined
from gavah.publish.public import PublicCase, PublicEdition, Tombstone, WithheldPerson


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a case, as one source gives it."""

    number: str
    tag: str
    row_id: str
    report: StandardReport


def cases(edition: PublicEdition) -> Table[PublicCase]:
    """One row for each person who is told of."""
    return Table("cases", "one row for each person told of", "برای هر فردی که گفته می‌شود یک سطر", _CASES, edition.cases)


def rows(edition: PublicEdition) -> Table[Row]:
    """One row for each row of a list that tells of such a person."""
    found = [
        Row(one.number, tag, row_id, report)
        for one in edition.cases
        for tag, row_id, report in zip(one.rows, one.ids, one.case.reports, strict=True)
    ]
    return Table(
        "rows",
        "one row for each row of a list behind a case",
        "برای هر سطر فهرستی که پشت پرونده است یک سطر",
        _ROWS,
        found,
    )


def withheld(edition: PublicEdition) -> Table[WithheldPerson]:
    """Those counted and not told of."""
    return Table(
        "withheld",
        "people who are counted and not told of",
        "کسانی که شمرده می‌شوند و گفته نمی‌شوند",
        _WITHHELD,
        edition.withheld,
    )


def tombstones(edition: PublicEdition) -> Table[Tombstone]:
    """What was taken back."""
    return Table(
        "withdrawn", "what was taken back, and when", "آنچه پس گرفته شده، و کی", _WITHDRAWN, edition.tombstones
    )


def case_json(one: PublicCase) -> dict[str, Any]:
    """A case as one JSON object: the same content as the two tables, nothing flattened."""
    case = one.case
    return {
        "case_id": one.number,
        "names": list(case.names),
        "sex": case.sex.value if case.sex else None,
        "age": range_json(case.age),
        "acts": [{"violation": act.violation, "when": date_json(act.when)} for act in case.acts],
        "status": case.status,
        "places": [place_json(place) for place in case.places],
        "identification": case.identification.label,
        "grade": case.grade.value,
        "independent_sources": case.independent,
        "sources": list(case.sources),
        "disagree": list(case.disagree),
        "thin": case.thin,
        "redirects": list(case.redirects),
        "rows": [
            _row_json(tag, row_id, report) for tag, row_id, report in zip(one.rows, one.ids, case.reports, strict=True)
        ],
        "rows_not_told": one.untold,
        "history": [
            {
                "day": event.day.isoformat(),
                "kind": event.kind,
                "row": event.row,
                "other": event.other,
                "detail": event.detail,
            }
            for event in one.history
        ],
    }


def _row_json(tag: str, row_id: str, report: StandardReport) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "row": tag,
        "id": row_id,
        "source": report.source,
        "ref": report.ref,
        "names": list(report.names),
        "father_names": list(report.father_names),
        "sex": report.sex.value if report.sex else None,
        "age": range_json(report.age),
        "birth": date_json(report.birth),
        "acts": [{"violation": act.violation, "when": date_json(act.when)} for act in report.acts],
        "reported": date_json(report.reported),
        "places": [place_json(place) for place in report.places],
        "residence": place_json(report.residence) if report.residence else None,
        "birth_place": place_json(report.birth_place) if report.birth_place else None,
        "status": report.status,
        "cause": report.cause,
        "perpetrator": report.perpetrator,
        "note": report.note,
        "urls": list(report.urls),
    }
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def range_json(value: Range[int] | None) -> dict[str, Any] | None:
    """An age with its doubt: its kind and the values stated."""
    return {"kind": value.kind.value, "values": list(value.options)} if value is not None and value.known else None


def date_json(when: DateRange | None) -> dict[str, Any] | None:
    """A date with its doubt: as written, in which calendar, and the Gregorian days it can mean."""
    if when is None or not when.known:
        return None
    values = [
        {
            "written": day.written,
            "calendar": day.calendar.value,
            "first": day.first.isoformat(),
            "last": day.last.isoformat(),
        }
        for day in when.options
    ]
    return {"kind": when.kind.value, "values": values}


def place_json(place: Place) -> Mapping[str, str]:
    whole = {
        "province": place.province,
        "province_name": province_name(place.province, "en") or "" if place.province else "",
        "province_as_written": place.province_text,
        "city": place.city_text,
    }
    return {name: value for name, value in whole.items() if value}


def province_cell(place: Place | None) -> str | None:
    """The gazetteer's code, else the province as written."""
    return (place.province or place.province_text or None) if place else None


def _city(place: Place | None) -> str | None:
    return (place.city_text or None) if place else None


def _first(when: DateRange | None) -> Any:
    return first_day(when) if when is not None else None


def _last(when: DateRange | None) -> Any:
    return last_day(when) if when is not None else None


def _case(name: str, kind: str, value: Any, en: str, fa: str, tag: str = "") -> Column[PublicCase]:
    return Column(name, kind, lambda one: value(one.case), en, fa, tag)


def _row(name: str, kind: str, value: Any, en: str, fa: str) -> Column[Row]:
    return Column(name, kind, lambda one: value(one.report), en, fa)


def _affected(*violations: str) -> Any:
    """A cell of an HXL count: one person, of the violations named."""

    def value(case: Case) -> int | None:
        return 1 if set(violations) & set(case.violations) else None

    return value


_AGE = ("completed years", "سال تمام")
_CASES: tuple[Column[PublicCase], ...] = (
    _case("case_id", "text", lambda c: c.case_id, "number of the case", "شمارهٔ پرونده", "#meta+id"),
    _case("name", "text", lambda c: c.name or None, "the name shown first, as a source writes it", "نامی که نخست می‌آید، چنان که منبعی نوشته", "#meta+name"),
    _case("names", "text", lambda c: joined(c.names) or None, "all names, parted by ` | `", "همهٔ نام‌ها، با ` | ` از هم جدا", "#meta+names"),
    _case("sex", "text", lambda c: c.sex.value if c.sex else None, "male or female; empty: unknown, or sources differ", "male مرد یا female زن؛ خالی: نامعلوم یا منابع ناهمداستان", "#meta+sex"),
    _case("age_min", "integer", lambda c: c.age.low if c.age else None, f"least age over all sources, {_AGE[0]}", f"کمترین سن نزد همهٔ منابع، {_AGE[1]}", "#meta+age+min"),
    _case("age_max", "integer", lambda c: c.age.high if c.age else None, f"greatest age over all sources, {_AGE[0]}", f"بیشترین سن نزد همهٔ منابع، {_AGE[1]}", "#meta+age+max"),
    _case("violations", "text", lambda c: joined(c.violations), "violations in the order they happened", "نقض‌ها به ترتیب رخداد", "#event+type"),
    _case("status", "text", lambda c: c.status or None, "the latest violation", "تازه‌ترین نقض", "#status"),
    _case("date_min", "date", lambda c: _first(c.when()), "first day of the status that the sources admit", "نخستین روزی که منابع برای وضعیت می‌پذیرند", "#date+occurred+start"),
    _case("date_max", "date", lambda c: _last(c.when()), "last day likewise", "واپسین روز، به همین سان", "#date+occurred+end"),
    _case("province", "text", lambda c: province_cell(c.place), "province: code of the gazetteer, else as written", "استان: کد فرهنگ جای‌ها، وگرنه چنان که نوشته شده", "#adm1+code"),
    _case("city", "text", lambda c: _city(c.place), "town, as written", "شهر، چنان که نوشته شده", "#adm2+name"),
    _case("identification", "text", lambda c: c.identification.label, "named, identified (name, date and place) or pictured", "named با نام، identified با نام و تاریخ و جا، یا pictured با تصویر", "#status+identification"),
    _case("grade", "text", lambda c: c.grade.value, "grade of occurrence: confirmed, fair, weak, contested or discounted", "درجهٔ رخداد: confirmed، fair، weak، contested یا discounted", "#status+grade"),
    _case("n_independent", "integer", lambda c: c.independent, "largest number of pairwise independent sources, those not told of included", "بیشترین شمار منابع دوبه‌دو مستقل، با آنها که گفته نمی‌شوند", "#meta+sources+num"),
    _case("sources", "text", lambda c: joined(c.sources), "names of the sources", "نام منابع", "#meta+source"),
    Column("n_rows", "integer", lambda one: len(one.rows), "rows told", "سطرهایی که گفته می‌شود"),
    Column("n_rows_not_told", "integer", lambda one: one.untold, "rows counted and not told", "سطرهایی که شمرده می‌شود و گفته نمی‌شود"),
    _case("disagree", "text", lambda c: joined(c.disagree) or None, "fields in which the sources differ", "جاهایی که منابع ناهمداستان‌اند"),
    _case("affected_killed", "integer", _affected("killed", "executed"), "1 when killed or executed", "۱ اگر کشته یا اعدام شده", "#affected+killed"),
    _case("affected_injured", "integer", _affected("wounded"), "1 when wounded", "۱ اگر مجروح شده", "#affected+injured"),
    _case("affected_abducted", "integer", _affected("disappeared"), "1 when disappeared", "۱ اگر ناپدید شده", "#affected+abducted"),
)  # fmt: skip
_ROWS: tuple[Column[Row], ...] = (
    Column("row", "text", lambda one: one.tag, "keyed tag of the row", "برچسب کلیددار سطر"),
    Column("row_id", "text", lambda one: one.row_id or None, "id of the row's object, where the source's rows may bear it", "شناسهٔ شیء سطر، جایی که منبع اجازه می‌دهد"),
    Column("case_id", "text", lambda one: one.number, "number of its case", "شمارهٔ پروندهٔ آن"),
    _row("source", "text", lambda r: r.source, "name of the source", "نام منبع"),
    _row("ref", "text", lambda r: r.ref or None, "the list's own id of the row", "شناسهٔ سطر در خود فهرست"),
    _row("violation", "text", lambda r: r.violation or None, "its own violation, with a sub-code after a slash", "نقض خود سطر، با زیرکد پس از خط کج"),
    _row("names", "text", lambda r: joined(r.names) or None, "names as written", "نام‌ها چنان که نوشته شده"),
    _row("sex", "text", lambda r: r.sex.value if r.sex else None, "male or female", "male مرد یا female زن"),
    _row("age_min", "integer", lambda r: r.age.low if r.age else None, f"least age, {_AGE[0]}", f"کمترین سن، {_AGE[1]}"),
    _row("age_max", "integer", lambda r: r.age.high if r.age else None, f"greatest age, {_AGE[0]}", f"بیشترین سن، {_AGE[1]}"),
    _row("date_min", "date", lambda r: _first(r.when), "first day it admits", "نخستین روزی که می‌پذیرد"),
    _row("date_max", "date", lambda r: _last(r.when), "last day it admits", "واپسین روزی که می‌پذیرد"),
    _row("province", "text", lambda r: province_cell(r.places[0] if r.places else None), "province, as in `cases`", "استان، مانند `cases`"),
    _row("city", "text", lambda r: _city(r.places[0] if r.places else None), "town, as written", "شهر، چنان که نوشته شده"),
    _row("cause", "text", lambda r: r.cause or None, "cause of death as written", "علت مرگ چنان که نوشته شده"),
    _row("perpetrator", "text", lambda r: r.perpetrator or None, "perpetrator as written", "عامل چنان که نوشته شده"),
    _row("urls", "text", lambda r: joined(r.urls) or None, "where the row says it comes from", "جایی که سطر می‌گوید از آن آمده"),
)  # fmt: skip
_WITHHELD: tuple[Column[WithheldPerson], ...] = (
    Column("tag", "text", lambda one: one.tag, "keyed tag of the person", "برچسب کلیددار فرد"),
    Column("reason", "text", lambda one: one.reason, "why: living, consent, embargo, source, violation, case or discounted, where shared with enough others", "چرا: living زنده، consent رضایت، embargo موعد، source منبع، violation نقض، case پرونده یا discounted ردشده، اگر با شمار کافی مشترک است"),
    Column("violations", "text", lambda one: joined(one.violations) or None, "violations, where shared with enough others", "نقض‌ها، اگر با شمار کافی از دیگران مشترک است"),
    Column("month", "text", lambda one: one.month or None, "year and month, likewise", "سال و ماه، به همین سان"),
    Column("province", "text", lambda one: one.province or None, "province, likewise", "استان، به همین سان"),
    Column("age_band", "text", lambda one: one.band or None, "child or adult, likewise", "child کودک یا adult بزرگسال، به همین سان"),
)  # fmt: skip
_WITHDRAWN: tuple[Column[Tombstone], ...] = (
    Column("tag", "text", lambda one: one.tag, "keyed tag of the row", "برچسب کلیددار سطر"),
    Column("case_id", "text", lambda one: one.number or None, "number of the case it founded", "شمارهٔ پرونده‌ای که پایه نهاد"),
    Column("day", "date", lambda one: one.day, "day of the decision, as the deciding device says", "روز تصمیم، به گفتهٔ دستگاه تصمیم‌گیرنده"),
    Column("kind", "text", lambda one: one.kind, "what was done", "چه شد"),
    Column("reason", "text", lambda one: one.reason or None, "why, where reasons are public", "چرا، اگر دلیل‌ها همگانی است"),
)  # fmt: skip
