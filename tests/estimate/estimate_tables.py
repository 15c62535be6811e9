"""Published counts typed in as facts, and random tables."""

from itertools import product

from hypothesis import strategies as st

from gavah.model import CaptureTable


def table(text, lists=None):
    """Rows "1100 177": history, count."""
    rows = [line.split() for line in text.strip().splitlines()]
    counts = {tuple(int(c) for c in h): int(n) for h, n in rows}
    names = lists or tuple("ABCDEFGHIJKLMNOP"[: len(rows[0][0])])
    return CaptureTable(names, counts)


# Ball, Betts, Scheuren, Dudukovich, Asher (2002): killings in Kosovo, 20 March to 22 June 1999
KOSOVO = table(
    """1000 1131
0100 845
1100 177
0010 936
1010 228
0110 217
1110 181
0001 306
1001 106
0101 31
1101 18
0011 123
1011 42
0111 32
1111 27""",
    ("EXH", "ABA", "OSCE", "HRW"),
)
# Jamaluddine et al. (Lancet 2025;405:469): deaths by traumatic injury in Gaza to 30 June 2024
GAZA = table("100 19048\n010 5104\n001 1469\n110 1929\n101 1173\n011 351\n111 197", ("hospital", "survey", "media"))
# Ball, Shin, Yang (2018): Korean women held at Palembang
KOREA = table("001 41\n010 5\n100 5\n110 54\n101 6\n011 0\n111 12")
# Chan, Silverman, Vincent (2021): made up, the model of all pairs has no usable estimate
ARTIFICIAL = table("100 40\n010 30\n001 20\n110 6")
# Bales, Murphy, Silverman (2020), New Orleans, five lists, n = 186
NEW_ORLEANS = table(
    """10000 25
01000 24
00100 70
00010 33
00001 21
11000 1
10100 1
10010 2
01100 2
01010 2
01001 1
00110 2
11100 1
11010 1"""
)


@st.composite
def tables(draw, least=0, most=4, largest=60, gaps=False):
    j = draw(st.integers(least, most))
    entries = [0, 1, None] if gaps else [0, 1]
    histories = [h for h in product(entries, repeat=j) if any(h)]
    if not histories:
        return CaptureTable(tuple("ABCDEFG"[:j]), {})
    chosen = draw(st.lists(st.sampled_from(histories), max_size=len(histories), unique=True))
    return CaptureTable(tuple("ABCDEFG"[:j]), {h: draw(st.integers(0, largest)) for h in chosen})
