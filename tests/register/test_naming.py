from register_builders import on, register, report

from gavah.model import Place, Range
from gavah.register.naming import is_thin, name_words, ordered_names


def test_full_names_first_then_what_most_sources_give():
    rows = [
        report(1, "A", "Sara"),
        report(2, "B", "Sarah Ahmady"),
        report(3, "C", ("Sara Ahmadi", "سارا احمدی")),
        report(4, "D", "Sara Ahmadi"),
    ]
    names = ordered_names(rows)
    assert names[0] == "Sara Ahmadi"
    assert names[-1] == "Sara"
    assert set(names) == {"Sara", "Sarah Ahmady", "Sara Ahmadi", "سارا احمدی"}


def test_one_list_that_repeats_itself_is_one_giver():
    rows = [report(i, "A", "Sara Ahmadi") for i in range(3)]
    rows += [report(9, "B", "سارا احمدی"), report(8, "C", "سارا احمدی")]
    assert ordered_names(rows)[0] == "سارا احمدی"


def test_words_that_tell_people_apart():
    assert name_words("Dr. Sara Ahmadi") == 2
    assert name_words("سارا") == 1
    assert name_words("Sara A.") == 1
    assert name_words("Unknown") == 0


def test_thin():
    single = {"name": "Sara"}
    assert is_thin([report(1, **single)])
    assert is_thin([report(1, **single, when="2022-11-18")])
    assert is_thin([report(1, **single, age=17)])
    assert is_thin([report(1, name=None, when="2022-11-18", place="IR-23")])
    assert not is_thin([report(1, name="Sara Ahmadi")])
    assert not is_thin([report(1, **single, when="2022-11-18", place="IR-23")])
    assert not is_thin([report(1, **single, age=17, birth=on("2005"))])
    assert not is_thin(
        [report(1, **single, when="2022-11-18"), report(2, "B", "Sara"), report(3, place="IR-23", **single)]
    )


def test_a_chain_of_names_without_date_and_place_is_not_thin():
    assert not is_thin([report(1, name="سارة محمد يوسف حمدان", birth=on("1990-01-01"))])


def test_a_thin_case_is_kept_and_stated_apart():
    whole = register(report(1, name="Sara"), report(2, name="Omid Karimi"))
    assert whole.thin == 1
    assert len(whole.cases) == 2
    assert whole.figures["all"][0].named == 1


def test_placeholders_do_not_make_a_name():
    assert is_thin([report(1, name="Unknown", age=Range.fixed(20))])
    assert is_thin([report(1, name="نامشخص", place=(Place(province="IR-23"),))])
