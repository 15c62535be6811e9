"""The invented register of docs/design/figures.md, with the page's own figures, worked by hand."""

from register_builders import register, report

from gavah.model import Grade, Place, Range
from gavah.register import Scope, captures, overlap

NOV18 = "2022-11-18"
KARAJ = (Place("Karaj", "", "karaj", "IR-30"),)


def page():
    return register(
        [
            report("a1", "A", "Sara Ahmadi", age=17, when=NOV18, place="IR-23"),
            report("b1", "B", "سارا احمدی", age=18, when=NOV18),
            report("c1", "C", "Sara Ahmadi"),
        ],
        [report("a2", "A", "Omid Karimi", when=NOV18, place=KARAJ), report("c2", "C", "Omid Karimi")],
        report("b3", "B", "Reza Moradi", place=KARAJ),
        report("b4", "B", "Nima"),
        *(report(f"a{i}", "A", None) for i in (5, 6, 7)),
        report("b5", "B", None),
        report("b6", "B", None, count=Range.between(4, 6)),
        sources={"A": (), "B": (), "C": ("A",)},
    )


def test_named_identified_thin_and_at_least():
    built = page()
    figure = built.figures["all"][0]
    assert (figure.named, figure.identified, built.thin) == (3, 2, 1)
    assert (figure.at_least, figure.unnamed) == (8, 6)
    by_source = {row.key: (row.named, row.unnamed, row.at_least) for row in built.figures["source"]}
    assert by_source == {"A": (2, 3, 5), "B": (2, 6, 8), "C": (2, 0, 2)}


def test_sure_rows():
    sara = page().cases[0]
    assert ((sara.age.low, sara.age.high), sara.disagree) == ((17, 18), ())
    assert page().figures["all"][0].children == 0


def test_independence_and_grades():
    sara, omid, reza, _ = page().cases
    assert [(case.independent, case.grade) for case in (sara, omid, reza)] == [
        (2, Grade.FAIR),
        (1, Grade.WEAK),
        (1, Grade.WEAK),
    ]


def test_overlap_and_capture_table():
    built = page()
    assert overlap(built).by_sources == {1: 1, 2: 1, 3: 1}
    found = captures(built, Scope("killed"))
    assert (found.table.lists, found.table.derived) == (("A", "B"), ("C",))
    assert found.table.counts == {(1, 1): 1, (1, 0): 1, (0, 1): 1}
    assert (found.too_thin, found.out_of_scope) == (5, 0)
