"""Log-odds in whole numbers. Invariant: integer arithmetic only, so every machine gets the same value."""

from __future__ import annotations

from functools import lru_cache

from gavah.linkage.values import MILLION

UNIT = 1_000
"""Weights are in thousandths of a bit: 1,000 is odds of two to one."""

_SHIFT = 40
_BITS = 14


def milli_log2(numerator: int, denominator: int) -> int:
    """1,000 * log2(numerator / denominator) for positive whole numbers, rounded down, by repeated squaring."""
    if numerator < 1 or denominator < 1:
        raise ValueError("a logarithm needs positive numbers")
    whole = numerator.bit_length() - denominator.bit_length()
    scaled = (numerator << (_SHIFT + max(-whole, 0))) // (denominator << max(whole, 0))
    while scaled >= 2 << _SHIFT:
        scaled >>= 1
        whole += 1
    while scaled < 1 << _SHIFT:
        scaled <<= 1
        whole -= 1
    fraction = 0
    for _ in range(_BITS):
        scaled = (scaled * scaled) >> _SHIFT
        fraction <<= 1
        if scaled >= 2 << _SHIFT:
            scaled >>= 1
            fraction |= 1
    return whole * UNIT + ((fraction * UNIT) >> _BITS)


@lru_cache(maxsize=1 << 20)
def weight_of(ppm: int) -> int:
    """The log-odds of a probability in millionths, in thousandths of a bit; 0 and 1 are held off by one millionth."""
    held = min(max(ppm, 1), MILLION - 1)
    return milli_log2(held, MILLION - held)
