"""Series of connectivity: each format told by content, all faults at once, hostile files answered in words. Every file here is invented."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gavah.intake import Told, read_series
from gavah.model import Area, Witness
from gavah.model.errors import GavahError, LimitExceeded, MappingError, UnreadableFile


def put(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


def one(found):
    assert len(found.series) == 1
    return found.series[0]


# --- plain -------------------------------------------------------------------------------------------------------------


def test_a_plain_table_in_any_order_of_columns(tmp_path):
    text = "licence,value,time,entity,source\nCC0,99.5,2030-01-01T03:30:00+03:30,IR,Probe\nCC0,,2030-01-01T01:00Z,IR,Probe\n"
    found = read_series(put(tmp_path, "x.csv", text))
    series = one(found)
    assert found.format == "plain"
    assert (series.entity, series.area, series.country, series.source, series.licence) == (
        "IR",
        "country",
        "IR",
        "Probe",
        "CC0",
    )
    assert series.seconds.tolist() == [1893456000, 1893459600]  # 2030-01-01 00:00 and 01:00 UTC
    assert series.readings[0] == 99.5
    assert np.isnan(series.readings[1])


@pytest.mark.parametrize(
    ("said", "second"),
    [
        ("1893456000", 1893456000),
        ("1893456000000", 1893456000),
        ("2030-01-01", 1893456000),
        ("2030-01-01 00:00:00", 1893456000),
    ],
)
def test_forms_of_time(tmp_path, said, second):
    assert one(read_series(put(tmp_path, "x.csv", f"time,value\n{said},1\n"))).seconds.tolist() == [second]


def test_times_without_a_zone_follow_the_one_told(tmp_path):
    path = put(tmp_path, "x.csv", "time,value\n2030-01-01 03:30,1\n")
    assert one(read_series(path, Told(zone="Asia/Tehran"))).seconds.tolist() == [1893456000]
    with pytest.raises(MappingError, match="no time zone"):
        read_series(path, Told(zone="Nowhere/At all"))


def test_all_faults_of_a_plain_table_at_once(tmp_path):
    text = (
        "entity,time,value\nIR,yesterday,1\nIR,2030-01-01,much\nIR,2030-01-02,5\nIR,2030-01-02,6\nIR,2030-01-03,inf\n"
    )
    found = read_series(put(tmp_path, "x.csv", text))
    assert [(f.row, f.column, f.value, f.code) for f in found.faults] == [
        (2, "time", "yesterday", "series-time"),
        (3, "value", "much", "series-value"),
        (5, "value", "6.0", "series-repeat"),
        (6, "value", "inf", "series-value"),
    ]
    assert one(found).readings.tolist() == [5.0]


@pytest.mark.parametrize(
    ("entity", "code", "area"),
    [("ir", "IR", "country"), ("IRN", "IR", "country"), ("Myanmar", "MM", "country"), ("AS44244", "AS44244", "operator"),
     ("44244", "AS44244", "operator"), ("Kurdistan", "IR-12", "province"), ("Zulia", "Zulia", "province")],
)  # fmt: skip
def test_what_an_entity_is(tmp_path, entity, code, area):
    series = one(read_series(put(tmp_path, "x.csv", f"entity,time,value\n{entity},2030-01-01,1\n")))
    assert (series.entity, series.area) == (code, area)


# --- the others --------------------------------------------------------------------------------------------------------

MONASH = "iso,id_1,name_1,id_2,name_2,time_e,time_e_str,lat,lon,connectivity\n"


def test_local_time_written_as_an_epoch_becomes_utc_and_counties_a_mean(tmp_path):
    text = MONASH + (
        "VEN,1,Zulia,1,Maracaibo,1893456000,,1,1,100\nVEN,1,Zulia,2,Cabimas,1893456000,,1,1,50\nVEN,2,Lara,1,Carora,1893456000,,1,1,0\n"
        "VEN,2,Lara,1,Carora,1893459600,,1,1,130\n"
    )
    found = read_series(put(tmp_path, "v.csv", text))
    by = {series.entity: series for series in found.series}
    assert found.format == "monash"
    assert found.notes == (("zone", "America/Caracas"),)
    assert by["VE"].seconds.tolist() == [1893456000 + 4 * 3600]  # Caracas is four hours behind
    assert (by["VE"].readings[0], by["Zulia"].readings[0], by["Lara"].readings[0]) == (50, 75, 0)
    assert [(f.row, f.code) for f in found.faults] == [(5, "series-value")]


def test_a_zone_can_be_told_over_the_country_s(tmp_path):
    text = MONASH + "UKR,1,A,1,B,1893456000,,1,1,100\n"
    assert read_series(put(tmp_path, "u.csv", text)).notes[0][0] in ("zone", "zone-of-several")
    found = read_series(put(tmp_path, "u.csv", text), Told(zone="UTC"))
    assert found.series[0].seconds.tolist() == [1893456000]


def ioda(source, values, **more):
    return {
        "entityType": "country",
        "entityCode": "IR",
        "datasource": source,
        "from": 1893456000,
        "until": 1893459600,
        "step": 300,
        "nativeStep": 300,
        "values": values,
        **more,
    }


def test_ioda_signals_and_its_nulls(tmp_path):
    document = {
        "type": "signals",
        "data": [[ioda("bgp", [5, None, 7]), ioda("ping-slash24", [1, 2, "x"]), ioda("ping-slash24-latency", [1])]],
    }
    found = read_series(put(tmp_path, "i.json", document))
    by = {series.signal: series for series in found.series}
    assert found.format == "ioda"
    assert found.left_out == {"more-is-worse": 1}
    assert by["bgp"].witness is Witness.ROUTING
    assert by["ping-slash24"].witness is Witness.REACH
    assert by["bgp"].seconds.tolist() == [1893456000, 1893456300, 1893456600]
    assert np.isnan(by["bgp"].readings[1])
    assert [(f.row, f.column, f.value) for f in found.faults] == [(2, "values[2]", "x")]


def test_ioda_operators_and_regions(tmp_path):
    document = {
        "data": [
            ioda("bgp", [5], entityType="asn", entityCode="44244"),
            ioda("bgp", [5], entityType="region", entityCode="1226", entityName="Kordestan"),
        ]
    }
    found = read_series(put(tmp_path, "i.json", document))
    assert {(s.entity, s.area) for s in found.series} == {("AS44244", "operator"), ("IR-12", "province")}


def test_ooni_counts_are_summed_and_witness_presence_only(tmp_path):
    rows = [
        {"measurement_start_day": "2030-01-01", "probe_cc": "IR", "measurement_count": n, "anomaly_count": 0}
        for n in (3, 4)
    ]
    found = read_series(put(tmp_path, "o.json", {"dimension_count": 1, "result": rows, "v": 0}))
    series = one(found)
    assert (found.format, series.readings.tolist(), series.witness) == ("ooni", [7.0], Witness.PRESENCE)


def test_ripestat_counts_are_routing(tmp_path):
    stats = [
        {
            "timeline": [{"starttime": "2030-01-01T00:00:00", "endtime": "x"}],
            "v4_prefixes_ris": 8209,
            "asns_ris": 700,
            "asns_stats": 9,
        }
    ]
    found = read_series(put(tmp_path, "r.json", {"data": {"resource": "ir", "stats": stats}}))
    assert found.format == "ripestat"
    assert {s.signal for s in found.series} == {"v4_prefixes_ris", "asns_ris"}
    assert {s.witness for s in found.series} == {Witness.ROUTING}


def test_radar_outages_are_statements(tmp_path):
    annotation = {
        "startDate": "2030-01-08T18:45:00Z",
        "endDate": None,
        "locations": ["IR"],
        "asns": [],
        "scope": "Nationwide",
        "outage": {},
    }
    bad = {"startDate": "2030-01-08T18:45:00Z", "endDate": "2030-01-01T00:00:00Z", "locations": ["IR"]}
    found = read_series(put(tmp_path, "c.json", {"success": True, "result": {"annotations": [annotation, bad]}}))
    series = one(found)
    assert (found.format, series.signal, series.readings.tolist()) == ("radar", "stated", [0.0])
    assert [f.code for f in found.faults] == ["series-end"]


@pytest.mark.parametrize(
    "head",
    [
        "id,start_date,end_date,country,geo_scope,area_name,shutdown_type",
        "ID,Start Date,End Date,Country,Geo scope,Area name,Type of shutdown",
    ],
)
def test_tables_of_shutdowns_of_several_years(tmp_path, head):
    text = f'{head}\n1,2030-01-08,2030-01-20,Iran,It affected more than one state,,Full network\n2,2030-02-01,,Myanmar,local,"Bago, Chin",Full network\n'
    text += "3,2030-03-01,2030-03-02,Iran,national,,Service-based\n4,03/04/2030,,Iran,national,,Full network\n5,2030-05-01,,Atlantis,national,,Full network\n"
    found = read_series(put(tmp_path, "s.csv", text))
    by = {series.entity: series for series in found.series}
    assert found.format == "stop"
    assert found.left_out == {"service": 1}
    assert set(by) == {"IR", "Bago", "Chin"}
    # from 8 January 00:00 in Tehran (UTC+3:30) it may have begun, from the 9th it had; likewise its end
    day = 1893456000 + 7 * 86400 - 12600
    assert by["IR"].seconds.tolist() == [day, day + 86400, day + 12 * 86400, day + 13 * 86400]
    assert by["IR"].readings.tolist() == [0.5, 0.0, 0.5, 1.0]
    assert [(f.row, f.code) for f in found.faults] == [(5, "ambiguous-date"), (6, "series-entity")]


def test_a_workbook_of_shutdowns(tmp_path):
    book = Workbook()
    book.active.append(["start_date", "country", "end_date", "shutdown_type", "ordered_by"])
    book.active.append(["2030-01-08", "Iran", "", "Full network", "unknown"])
    book.save(tmp_path / "s.xlsx")
    found = read_series(tmp_path / "s.xlsx")
    assert (found.format, one(found).entity, one(found).area) == ("stop", "IR", Area.COUNTRY.value)


# --- hostile -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["name,age\nA,5\n", "[]", "{}", '{"data": [1, [2, [3]]]}', '{"result": 5}', '{"data": {"stats": "x"}}']
)
def test_what_holds_no_series_is_refused_in_words(tmp_path, text):
    with pytest.raises(UnreadableFile, match="x"):
        read_series(put(tmp_path, "x.json", text))


def test_nesting_and_numbers_beyond_reason(tmp_path):
    with pytest.raises((LimitExceeded, UnreadableFile)):
        read_series(put(tmp_path, "x.json", "[" * 100_000))
    huge = '{"data": [[{"datasource": "bgp", "from": ' + "9" * 5000 + ', "step": 300, "values": [1]}]]}'
    assert [f.code for f in read_series(put(tmp_path, "y.json", huge)).faults] == ["series-time"]
    nan = '{"data": [[{"datasource": "bgp", "entityCode": "IR", "from": 1893456000, "step": 300, "values": [NaN, 1, true, [2]]}]]}'
    assert [f.column for f in read_series(put(tmp_path, "z.json", nan)).faults] == [
        "values[0]",
        "values[2]",
        "values[3]",
    ]


@settings(max_examples=25, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers(-5, 10**12) | st.text(max_size=5), lambda x: st.lists(x, max_size=3) | st.dictionaries(
    st.sampled_from(["data", "stats", "result", "annotations", "values", "step", "from", "datasource", "startDate", "locations", "timeline",
                     "asns_ris", "resource", "measurement_count", "measurement_start_day", "entityCode", "entityType"]), x, max_size=6), max_leaves=20))  # fmt: skip
def test_any_document_gives_series_or_an_error_of_the_tree(tmp_path_factory, document):
    path = put(tmp_path_factory.mktemp("h"), "h.json", document)
    try:
        found = read_series(path)
    except GavahError:
        return
    assert all(not series.problem() for series in found.series)
