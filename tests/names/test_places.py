import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.model import Place
from gavah.names import Gazetteer, distance_km, locate, province_name


@pytest.mark.parametrize(
    ("city", "province", "code", "names"),
    [
        ("کرج", "البرز", "IR-30", "کرج"),
        ("Karaj", "Alborz", "IR-30", "کرج"),
        ("Sardasht, West Azerbaijan Province", "", "IR-04", "سردشت"),
        ("Fardis in Karaj, Alborz Province", "", "IR-30", "فردیس"),
        ("تهران – مسعودیه", "", "IR-23", "تهران"),
        ("Tehranpars, Tehran", "", "IR-23", "تهران"),
        ("Shahin Shahr, Isfahan", "", "IR-10", "شاهین شهر"),
        ("نجف‌آباد اصفهان", "", "IR-10", "نجف آباد"),
        ("Eslamabad-e Gharb", "Kermanshah", "IR-05", "اسلام آباد غرب"),
        ("Ghouchan", "Khorasan-e Razavi", "IR-09", "قوچان"),
        ("Orumieh", "Azarbaijan-e Gharbi", "IR-04", "ارومیه"),
        ("Mahshahr", "Khoozestan", "IR-06", "بندر ماهشهر"),
        ("Zahedan", "Sistan va Baluchestan", "IR-11", "زاهدان"),
        ("Marvdasht", "Shiraz", "IR-07", "مرودشت"),
        ("S hiraz", "", "IR-07", "شیراز"),
    ],
)
def test_settlements_are_found(city, province, code, names):
    place = locate(city, province)
    assert place.province == code
    assert place.city == locate(names, code).city != ""
    assert place.lat is not None
    assert (place.city_text, place.province_text) == (city, province)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Esfahan", "IR-10"),
        ("Isfahan", "IR-10"),
        ("Sistan-Baluchestan Province", "IR-11"),
        ("سیستان و بلوچستان", "IR-11"),
        ("Khouzestan", "IR-06"),
        ("Kohgiluyeh and Boyer-Ahmad", "IR-17"),
        ("استان فارس", "IR-07"),
        ("آذربايجان غربى", "IR-04"),
    ],
)
def test_provinces_alone(text, code):
    place = locate("", text)
    assert (place.province, place.city) == (code, "")


@pytest.mark.parametrize(
    ("city", "given_code", "code"),
    [
        # the same text is Tehran in the older codes and Fars in those of 2020
        ("تهران", "IR-07", "IR-23"),
        ("شیراز", "IR-07", "IR-07"),
        ("شیراز", "IR-14", "IR-07"),
        ("کرج", "IR-32", "IR-30"),
        ("مشهد", "IR-30", "IR-09"),
        ("کرج", "IR-30", "IR-30"),
    ],
)
def test_older_and_current_codes_are_told_apart_by_the_city(city, given_code, code):
    assert locate(city, given_code).province == code


def test_one_name_in_several_provinces():
    assert locate("سردشت", "خوزستان").province == "IR-06"
    assert locate("سردشت", "خوزستان").city != locate("سردشت", "آذربایجان غربی").city
    assert locate("سردشت").province == "IR-04"  # the only one that is the seat of a county of that name
    assert locate("محمدآباد").city == ""


def test_unknown_place_keeps_its_text_only():
    assert locate("Gothenburg", "") == Place("Gothenburg", "")
    assert locate("Unknown", "Unknown") == Place("Unknown", "Unknown")


def test_province_without_the_city_leaves_the_city_open():
    place = locate("Nowhere Farm", "Fars")
    assert (place.province, place.city, place.lat) == ("IR-07", "", None)


def test_every_province_has_names_and_a_centre():
    gazetteer = Gazetteer.load("ir")
    assert len(gazetteer.provinces) == 31
    assert len(gazetteer.old_codes) == 31
    for code in gazetteer.provinces:
        lat, lon = gazetteer.centre(code)
        assert lat is not None
        assert lon is not None
        assert 25 < lat < 40
        assert 44 < lon < 64
        assert gazetteer.province_code(province_name(code, "fa")) == code
        assert gazetteer.province_code(province_name(code, "en")) == code


def test_a_gazetteer_is_made_of_rows():
    rows = [
        {
            "kind": "province",
            "code": "ZZ-1",
            "province": "ZZ-1",
            "fa": "",
            "en": "Northland",
            "alt": "",
            "lat": "",
            "lon": "",
        },
        {
            "kind": "settlement",
            "code": "ZZ-1/harbour",
            "province": "ZZ-1",
            "fa": "",
            "en": "Harbour",
            "alt": "",
            "lat": "1",
            "lon": "2",
        },
    ]
    place = Gazetteer(rows).locate("Harbour", "Northland")
    assert (place.city, place.lat, place.lon) == ("ZZ-1/harbour", 1.0, 2.0)


def test_distance():
    # Tehran to Isfahan is about 340 km in a straight line
    assert distance_km(locate("Tehran"), locate("Isfahan")) == pytest.approx(340, abs=15)
    assert distance_km(locate("Tehran"), Place("x")) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=50), st.text(max_size=20))
def test_any_text_is_taken(city, province):
    place = locate(city, province)
    assert place.city_text == city
    assert not place.city or place.city.startswith(place.province)
