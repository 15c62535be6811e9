"""Lengths that tell little."""

from __future__ import annotations


def padme(length: int) -> int:
    """`length` rounded up so that it tells O(log log) bits: by at most 12%, and less the longer (PADME, PURBs 2019)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return length + mask & ~mask
