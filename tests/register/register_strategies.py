"""Invented registers of every kind for property tests."""

from hypothesis import strategies as st
from register_builders import FEMALE, MALE, report

from gavah.model import Range

SOURCES = ("A", "B", "C", "D")
NAMES = ("Sara Ahmadi", "سارا احمدی", "Sara", "Omid Karimi", "امید کریمی", "Reza Moradi")
DAYS = (None, "2022-11-18", "2022-11-20", "2022-11-21", "2022-11", "2022", "2023-01-05")
optional = st.none()


@st.composite
def clusters(draw, max_size=6):
    """Clusters of 1-4 reports, unnamed people and counts among the single ones; ids are unique."""
    found = []
    for i in range(draw(st.integers(0, max_size))):
        size = draw(st.integers(1, 4))
        found.append([draw(reports(key=(i, j), named=size > 1)) for j in range(size)])
    return found


@st.composite
def reports(draw, key, named=False):
    kind = "named" if named else draw(st.sampled_from(["named", "unnamed", "count"]))
    return report(
        key,
        draw(st.sampled_from(SOURCES)),
        draw(st.sampled_from(NAMES)) if kind == "named" else None,
        when=draw(st.sampled_from(DAYS)),
        violation=draw(st.sampled_from(["killed", "killed/custody", "arrested", "released"])),
        age=draw(optional | st.sampled_from([5, 17, 18, 40])),
        place=draw(optional | st.sampled_from(["IR-23", "IR-30"])),
        sex=draw(st.sampled_from([None, FEMALE, MALE])),
        count=Range.between(draw(st.integers(0, 9)), draw(st.integers(0, 9))) if kind == "count" else None,
        urls=draw(st.sampled_from([(), ("https://t.me/some_channel/1",), ("https://e.org/1",)])),
    )
