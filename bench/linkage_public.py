"""The public sets on which linkers are compared, as StandardReports, and B-cubed; called by bench/linkage.py.

Used of febrl: given name and surname, date of birth (where it is a date), suburb and state, social security number. Unused: street, address,
postcode. Used of historical_50k: both spellings of the name, date of birth, birth place, sex. Unused: postcode, occupation. Each file is
one list (febrl4: two).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import logging
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import splink_peer

from gavah.linkage import cluster, link
from gavah.model import Sex, StandardReport
from gavah.model.dates import Calendar, PartialDate
from gavah.model.ranges import Range
from gavah.names import locate

ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode")
CUTS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)


def ident(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def day(text: str | None) -> Range[PartialDate] | None:
    digits = (text or "").replace("-", "")
    try:
        when = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return Range.fixed(PartialDate(Calendar.GREGORIAN, when.year, when.month, when.day, when, when))


def febrl(folder: Path, stems: Sequence[str]) -> tuple[list[StandardReport], dict[str, str], list[pa.Table]]:
    reports, person, tables = [], {}, []
    for stem in stems:
        with (folder / f"{stem}.csv").open(newline="", encoding="utf-8") as text:
            rows = [{k.strip(): v.strip() or None for k, v in row.items()} for row in csv.DictReader(text)]
        tables.append(pa.Table.from_pylist(rows))
        for row in rows:
            name = " ".join(part for part in (row["given_name"], row["surname"]) if part)
            person[row["rec_id"]] = row["rec_id"].split("-")[1]
            reports.append(
                StandardReport(
                    report_id=ident(row["rec_id"]),
                    source=stem,
                    ref=row["rec_id"],
                    names=(name,) if name else (),
                    birth=day(row["date_of_birth"]),
                    residence=locate(" ".join(row[part] for part in ADDRESS if row[part]), row["state"] or ""),
                    national_id=row["soc_sec_id"] or "",
                )
            )
    return reports, person, tables


def historical(folder: Path) -> tuple[list[StandardReport], dict[str, str], list[pa.Table]]:
    table = pq.read_table(folder / "historical_50k.parquet")
    reports, person = [], {}
    for row in table.to_pylist():
        person[row["unique_id"]] = row["cluster"]
        names = tuple(dict.fromkeys(n for n in (row["full_name"], row["first_and_surname"]) if n))
        reports.append(
            StandardReport(
                report_id=ident(row["unique_id"]),
                source="historical",
                ref=row["unique_id"],
                names=names,
                birth=day(row["dob"]),
                birth_place=locate(row["birth_place"] or "", ""),
                residence=locate(row["postcode_fake"] or "", ""),
                note=row["occupation"] or "",
                sex=Sex(row["gender"]) if row["gender"] in ("male", "female") else None,
            )
        )
    return reports, person, [table]


def bcubed(clusters: Iterable[Sequence[str]], person: dict[str, str]) -> dict[str, float]:
    """Bagga and Baldwin 1998: precision and recall of each record's cluster, averaged over records."""
    sizes = Counter(person.values())
    precision = recall = 0.0
    for members in clusters:
        held = Counter(person[one] for one in members)
        precision += sum(n * n for n in held.values()) / len(members)
        recall += sum(n * n / sizes[who] for who, n in held.items())
    precision, recall = precision / len(person), recall / len(person)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }


def pairs_of(groups: Iterable[Sequence[str]]) -> int:
    return sum(len(group) * (len(group) - 1) // 2 for group in groups)


def pair_f1(clusters: Sequence[Sequence[str]], person: dict[str, str]) -> float:
    right = sum(n * (n - 1) // 2 for members in clusters for n in Counter(person[one] for one in members).values())
    true = pairs_of([[""] * n for n in Counter(person.values()).values()])
    return round(2 * right / max(pairs_of(clusters) + true, 1), 4)


def measure(name: str, folder: Path, *, peer: bool = True) -> dict[str, object]:
    """Ours at the default threshold; Splink's tutorial at .95 and at its best on the truth, clusters by components."""
    stems = {"febrl3": ["dataset3"], "febrl4": ["dataset4a", "dataset4b"]}
    reports, person, tables = febrl(folder, stems[name]) if name in stems else historical(folder)
    start = time.perf_counter()
    result = link(reports)
    lists = {report.report_id: report.source for report in reports}
    found = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
    ref = {report.report_id: report.ref for report in reports}
    clusters = [[ref[one] for one in members] for members in found]
    seconds = time.perf_counter() - start
    groups = defaultdict(list)
    for one, who in person.items():
        groups[who].append(one)
    true = {frozenset(p) for group in groups.values() for p in combinations(group, 2)}
    kept = [(frozenset((ref[result.ids[a]], ref[result.ids[b]])), ppm / 1e6) for a, b, ppm in _columns(result)]
    out: dict[str, object] = {
        "records": len(reports),
        "candidates": result.candidates,
        "seconds": round(seconds, 1),
        "bcubed": bcubed(clusters, person),
        "cluster_pair_f1": pair_f1(clusters, person),
        "true_pairs_scored": round(sum(one in true for one, _ in kept) / len(true), 4),
        "calibration": [(chance, one in true) for one, chance in kept],
    }
    if peer:
        out["splink"] = _peer(name, tables, person)
    return out


def _columns(result: object) -> Iterable[tuple[int, int, int]]:
    return zip(result.a.tolist(), result.b.tolist(), result.ppm.tolist(), strict=True)


def _peer(name: str, tables: list[pa.Table], person: dict[str, str]) -> dict[str, object]:
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pairs, seconds = splink_peer.run(name, tables)
    by_cut = {}
    for cut in CUTS:
        clusters = splink_peer.components(person, pairs, cut)
        by_cut[cut] = (bcubed(clusters, person)["f1"], pair_f1(clusters, person))
    best = max(by_cut, key=lambda cut: by_cut[cut])
    return {
        "seconds": round(seconds, 1),
        "bcubed_f1_at_.95": by_cut[0.95][0],
        "cluster_pair_f1_at_.95": by_cut[0.95][1],
        "best_on_truth": {"threshold": best, "bcubed_f1": by_cut[best][0], "cluster_pair_f1": by_cut[best][1]},
    }
