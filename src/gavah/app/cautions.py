"""What must be said beside an estimate of an archive. Invariant: a figure that the register itself contradicts is never
shown without saying so.
"""

from __future__ import annotations

from collections.abc import Sequence

from gavah.model import Estimate, Register
from gavah.model.results import Said
from gavah.register import Scope, tally

_FLOOR_EN = (
    "Counted with unnamed people the register documents at least {floor}, more than the lower limit of {names}: "
    "these figures speak only of people whom lists can name, and nobody unnamed is in them."
)
_FLOOR_FA = (
    "با شمردن افراد بی‌نام، دفتر دست‌کم {floor} نفر را مستند می‌کند که از کران پایین {names} بیشتر است: "
    "این رقم‌ها تنها دربارهٔ کسانی است که فهرست‌ها می‌توانند نام ببرند و هیچ فرد بی‌نامی در آنها نیست."
)


def below_the_floor(register: Register, scope: Scope, estimates: Sequence[Estimate]) -> tuple[Said, ...]:
    """A warning when the "at least" figure of the scope lies above the lower limit of any estimate."""
    floor = max((figure.at_least for figure in tally(register, "all", scope=scope)), default=0)
    low = [one for one in estimates if one.ok and one.lower is not None and one.lower < floor]
    if not low:
        return ()
    names = ", ".join(f"{one.method} {one.variant}".strip() for one in low)
    return (Said.both(*(text.format(floor=f"{floor:,}", names=names) for text in (_FLOOR_EN, _FLOOR_FA))),)
