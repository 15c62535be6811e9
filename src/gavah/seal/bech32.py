"""Bech32 (BIP 173), as age writes its keys. Invariant: `decode(encode(prefix, data)) == (prefix, data)`, and one wrong
letter never passes. Age sets no limit on length; neither do we.
"""

from __future__ import annotations

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6


def encode(prefix: str, data: bytes) -> str:
    """`data` in lower-case letters behind `prefix` and a 1."""
    words = _regroup(data, 8, 5, pad=True)
    assert words is not None
    rest = _checksum([*_spread(prefix), *words, *[0] * _CHECK]) ^ 1
    words += [(rest >> 5 * (_CHECK - 1 - at)) & 31 for at in range(_CHECK)]
    return prefix + "1" + "".join(_ALPHABET[word] for word in words)


def decode(text: str) -> tuple[str, bytes] | None:
    """The prefix and the bytes, or None when `text` is not Bech32. Letters are of one case throughout."""
    if not text.isascii() or text not in (text.lower(), text.upper()):
        return None
    prefix, mark, letters = text.lower().rpartition("1")
    if not mark or not prefix or len(letters) < _CHECK or any(letter not in _ALPHABET for letter in letters):
        return None
    words = [_ALPHABET.index(letter) for letter in letters]
    if _checksum([*_spread(prefix), *words]) != 1:
        return None
    data = _regroup(words[:-_CHECK], 5, 8, pad=False)
    return None if data is None else (prefix, bytes(data))


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _checksum(values: list[int]) -> int:
    found = 1
    for value in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ value
        for at, part in enumerate(_GENERATOR):
            found ^= part if top >> at & 1 else 0
    return found


def _regroup(values: bytes | list[int], from_: int, to: int, *, pad: bool) -> list[int] | None:
    """Bits of `values` in groups of another size; None when, unpadded, bits are left over that say anything."""
    held, bits, found = 0, 0, []
    for value in values:
        held, bits = held << from_ | value, bits + from_
        while bits >= to:
            bits -= to
            found.append(held >> bits & (1 << to) - 1)
        held &= (1 << bits) - 1
    if pad and bits:
        found.append(held << to - bits & (1 << to) - 1)
    elif not pad and (bits >= from_ or held):
        return None
    return found
