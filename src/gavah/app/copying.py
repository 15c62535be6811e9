"""Lists that seem to copy one another, and the words for it. Invariant: a finding is a proposal with its evidence; nothing is declared
or left out of a figure until a person says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gavah import linkage
from gavah.app.numbering import Clusters
from gavah.app.view import View
from gavah.model import StandardReport
from gavah.model.results import Said

EVIDENCE = {
    "latin": ("names spelt alike in Latin letters", "نام‌های لاتینی با نوشتار یکسان"),
    "arabic": ("names spelt alike in Arabic letters", "نام‌های فارسی یا عربی با نوشتار یکسان"),
    "rare": ("rare spellings shared", "نوشتارهای کمیاب مشترک"),
    "age": ("ages the same", "سن‌های برابر"),
    "date": ("dates the same", "تاریخ‌های برابر"),
    "place": ("places written alike", "جاهایی که یکسان نوشته شده‌اند"),
    "order": ("rows of one day in the same order", "سطرهای یک روز به همان ترتیب"),
    "link": ("the same links", "پیوندهای یکسان"),
    "omitted": ("the same blanks", "جاهای خالی یکسان"),
}
_SHARES = ("{words} {same} of {of} (independent lists: {expected:.0%} at most)",
           "{words} {same} از {of} (در فهرست‌های مستقل حداکثر {expected:.0%})")  # fmt: skip
_WHY = {
    "cites": ("its rows cite it", "سطرهایش به آن استناد می‌کنند"),
    "inside": ("nearly all of it stands there too", "تقریباً همهٔ آن در آنجا هم هست"),
    "poorer": ("it knows less of the same persons", "دربارهٔ همان افراد کمتر می‌داند"),
    "later": ("it came out later", "دیرتر منتشر شده است"),
}
_COPIES = (
    '{source} seems to copy {above} ({why}). Of {shared} persons on both: {evidence}. If so, add it again with --derived-from "{above}".',
    'به نظر می‌رسد {source} از {above} رونویسی کرده باشد ({why}). از {shared} نفر مشترک: {evidence}. اگر چنین است آن را دوباره با --derived-from "{above}" بیفزایید.',
)  # fmt: skip
_EITHER = (
    "{source} and {above} are too alike to be independent: one copies the other, or both a third. Of {shared} persons on both: {evidence}.",
    "{source} و {above} شبیه‌تر از آن‌اند که مستقل باشند: یکی از دیگری رونویسی کرده یا هر دو از سومی. از {shared} نفر مشترک: {evidence}.",
)
_ONE_PAGE = (
    '{source}: {same} of {of} rows cite one page or channel, {page}. If the list is made from it, add it again with --derived-from "{above}".',
    '{source}: {same} سطر از {of} سطر به یک صفحه یا کانال استناد می‌کنند: {page}. اگر فهرست از آن ساخته شده، آن را دوباره با --derived-from "{above}" بیفزایید.',
)  # fmt: skip


def find(
    view: View, reports: Mapping[bytes, StandardReport], clusters: Clusters, declared: Mapping[str, tuple[str, ...]]
) -> tuple[linkage.CopyFinding, ...]:
    """What `linkage.copies` finds, with the order of rows and the first releases that the receipts tell."""
    order: dict[bytes, int] = {}
    released: dict[str, str] = {}
    for receipt in view.receipts.values():
        for place, report_id in enumerate(receipt.report_ids()):
            order.setdefault(report_id, place)
        if receipt.release:
            released[receipt.source] = min(receipt.release, released.get(receipt.source, receipt.release))
    return linkage.copies(list(reports.values()), clusters, declared, order, released)


def warnings(found: Iterable[linkage.CopyFinding], lists: Iterable[str]) -> tuple[str, ...]:
    """One sentence for each undeclared finding that ties two of `lists`."""
    among = set(lists)
    return tuple(sentence(one) for one in found if not one.declared and {one.source, one.derived_from} <= among)


def sentence(found: linkage.CopyFinding) -> Said:
    """A finding in words, in English with its Persian."""
    return Said.both(_sentence(found, 0), _sentence(found, 1))


def _sentence(found: linkage.CopyFinding, lang: int) -> str:
    if found.upstream:
        (cited,) = found.evidence
        fields = {"page": found.upstream, "above": found.derived_from or found.upstream}
        return _ONE_PAGE[lang].format(source=found.source, same=cited.same, of=cited.of, **fields)
    evidence = ("; ", "؛ ")[lang].join(
        _SHARES[lang].format(words=EVIDENCE[one.code][lang], same=one.same, of=one.of, expected=one.expected)
        for one in found.evidence
    )
    template = (_COPIES if found.direction else _EITHER)[lang]
    return template.format(
        source=found.source,
        above=found.derived_from,
        shared=found.shared,
        evidence=evidence,
        why=_WHY[found.direction][lang] if found.direction else "",
    )
