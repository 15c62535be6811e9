"""Linkage measured on real lists with a known truth, at the default threshold and with nothing tuned to any of them.

    nice python bench/linkage.py [aban98] [gaza] [wlf2022] [febrl3] [febrl4] [historical_50k] [synthetic] [--rows 100000] [--json FILE]

Reads $GAVAH_DATA (default ../shared/data); a set whose files are not there is skipped, and said so. For each set: what the default
gives (clusters, as a user gets them), pair precision and recall, recall of the candidate rules, pairs compared, seconds and peak memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import os
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

from gavah.app.reading import read_list
from gavah.intake import Mapping
from gavah.linkage import LinkResult, cluster, draws, engine, link
from gavah.linkage.candidates import candidates_of
from gavah.linkage.evidence import evidence_of
from gavah.model import DateRange, StandardReport
from gavah.names import fold

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("GAVAH_DATA", ROOT.parent / "shared" / "data"))
MAPPINGS = ROOT / "tests" / "acceptance" / "mappings"
Pair = tuple[bytes, bytes]


def read(file: Path, source: str, mapping: Path) -> list[StandardReport]:
    return list(read_list(file, source, Mapping.from_toml(mapping.read_text("utf-8"), mapping.name)).reports)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def pair(one: bytes, two: bytes) -> Pair:
    return (one, two) if one < two else (two, one)


class Run:
    """One link run with its clusters, its time and the pairs it kept."""

    def __init__(self, reports: list[StandardReport]) -> None:
        start = time.perf_counter()
        self.reports = {report.report_id: report for report in reports}
        self.result: LinkResult = link(reports)
        lists = {report.report_id: report.source for report in reports}
        result = self.result
        self.clusters = cluster(result.ids, result.a, result.b, result.ppm, result.threshold_ppm, (), lists)
        self.seconds = time.perf_counter() - start
        self.case = {member: number for number, members in enumerate(self.clusters) for member in members}
        self.kept = {
            (result.ids[a], result.ids[b]): ppm / 1e6
            for a, b, ppm in zip(result.a.tolist(), result.b.tolist(), result.ppm.tolist(), strict=True)
        }
        self.linked = {pair(a, b) for members in self.clusters for a, b in combinations(members, 2)}

    def figures(self) -> dict[str, object]:
        return {
            "reports": len(self.reports),
            "candidates": self.result.candidates,
            "seconds": round(self.seconds, 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "cases": len(self.clusters),
            "capped": sum(rule.capped for rule in self.result.rules),
        }


def splink(
    reports: list[StandardReport], lists: tuple[str, str], true: set[Pair], scored: Callable[[Pair], bool]
) -> dict[str, object]:
    """Splink's pairs between two lists, clusters by components, at .95 and at its best threshold on the truth."""
    import splink_peer

    logging.disable(logging.WARNING)
    tables = [[flat(report) for report in reports if report.source == source and report.names] for source in lists]
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pairs = splink_peer.between(tables)
    seconds = time.process_time() - start
    ids = [row["unique_id"] for rows in tables for row in rows]

    def at(cut: float) -> dict[str, object]:
        groups = splink_peer.components(ids, pairs, cut)
        linked = {pair(*map(bytes.fromhex, two)) for group in groups for two in combinations(group, 2)}
        return scores(linked, true, scored)

    cuts = {cut: at(cut) for cut in (0.01, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)}
    best = max(cuts, key=lambda cut: cuts[cut]["f1"])
    return {"cpu_seconds": round(seconds, 1), "at_.95": cuts[0.95], "best_on_truth": {"threshold": best, **cuts[best]}}


def flat(report: StandardReport) -> dict[str, str | None]:
    """A report as a row for Splink: its first name, in Persian letters if it has one, folded; the one day, birth date or age, and town."""
    words = min(map(fold, report.names), key=str.isascii).split() or [""]
    day = next(filter(None, (whole(act.when) for act in report.acts)), None)
    age = str(report.age.options[0]) if report.age and report.age.known else None
    return {
        "unique_id": report.report_id.hex(),
        "first_name": words[0],
        "middle": " ".join(words[1:-1]) or None,
        "surname": words[-1] if len(words) > 1 else None,
        "born": whole(report.birth) or age,
        "day": day,
        "city": next((place.city or place.city_text or None for place in report.places), None),
        "sex": report.sex.value if report.sex else None,
    }


def whole(when: DateRange | None) -> str | None:
    """The one day of a date that is known to the day."""
    return str(when.options[0].first) if when and len(when.options) == 1 and when.options[0].exact else None


def blocking(reports: list[StandardReport], true: set[Pair]) -> float:
    """The share of the true pairs that the candidate rules propose."""
    known = evidence_of(reports)
    connection = engine.connect()
    found = candidates_of(known, connection)
    connection.close()
    pairs = {(known.ids[a], known.ids[b]) for a, b in zip(found.a.tolist(), found.b.tolist(), strict=True)}
    return round(len(true & pairs) / max(len(true), 1), 4)


def scores(found: Iterable[Pair], true: set[Pair], scored: Callable[[Pair], bool]) -> dict[str, object]:
    """Pair precision, recall and F1; pairs that `scored` refuses count on neither side."""
    found = {one for one in found if one in true or scored(one)}
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / max(len(true), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "true": len(true),
        "found": right,
        "wrong": len(found) - right,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def calibration(run: Run, true: set[Pair], scored: Callable[[Pair], bool]) -> dict[str, object]:
    return reliability([(p, one in true) for one, p in run.kept.items() if one in true or scored(one)])


def reliability(held: list[tuple[float, bool]]) -> dict[str, object]:
    """Brier score, and for each tenth of the probability: pairs, mean probability, the share that is true, and for tenths of 50 pairs or
    more whether that is within .05 of the mean or inside the 95% band of the binomial.
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, right in held:
        bins[min(int(chance * 10), 9)].append((chance, right))
    tenths = []
    for tenth, inside in sorted(bins.items()):
        mean, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
        band = 1.96 * (mean * (1 - mean) / len(inside)) ** 0.5
        row = {"from": tenth / 10, "pairs": len(inside), "mean": round(mean, 3), "true": round(share, 3)}
        tenths.append(row | ({"within": abs(mean - share) <= max(0.05, band)} if len(inside) >= 50 else {}))
    brier = sum((chance - right) ** 2 for chance, right in held) / max(len(held), 1)
    return {"brier": round(brier, 4), "tenths": tenths}


def aban98(asked: argparse.Namespace) -> dict[str, object]:
    folder = DATA / "aban98"
    november = {r["file"] for r in rows(folder / "omid_2019_11_12.csv") if "November" in r["event_context"]}
    amnesty = read(folder / "amnesty_nov2019_fa.csv", "Amnesty", MAPPINGS / "amnesty_fa.toml")
    whole = read(folder / "omid_2019_11_12.csv", "Omid", MAPPINGS / "omid_2019.toml")
    omid = [report for report in whole if report.ref in november]
    run = Run(amnesty + omid)
    by_ref = {(report.source, report.ref): report.report_id for report in amnesty + omid}
    labels: Counter[str] = Counter()
    same, refused = set(), set()
    for row in rows(folder / "silver_pairs_omid_amnesty.csv"):
        left = by_ref.get(("Omid", row["omid_file"]))
        if left is None:
            continue
        if row["label"] == "none":
            refused |= {pair(left, report.report_id) for report in amnesty}
            linked = len(run.clusters[run.case[left]]) > 1
        else:
            linked = run.case[left] == run.case[by_ref["Amnesty", row["amnesty_id"]]]
            if row["label"] in ("same", "different"):
                (same if row["label"] == "same" else refused).add(pair(left, by_ref["Amnesty", row["amnesty_id"]]))
        labels[f"{row['label']}, {'linked' if linked else 'apart'}"] += 1
    merged = sum(
        sum(run.reports[one].source == "Amnesty" for one in members) > 1 or len(members) > 2 for members in run.clusters
    )
    nameless = [report.report_id for report in amnesty + omid if not report.names]
    alone = all(len(run.clusters[run.case[one]]) == 1 for one in nameless)
    return {
        **run.figures(),
        "blocking_recall": blocking(amnesty + omid, same),
        "omid_rows": len(omid),
        "labels": dict(sorted(labels.items())),
        "calibration": calibration(run, same, refused.__contains__),
        "splink": None if asked.no_peer else splink(amnesty + omid, ("Amnesty", "Omid"), same, refused.__contains__),
        "merged_inside_amnesty": merged,
        "unnamed": len(nameless),
        "unnamed_apart": alone,
    }


def nearly(one: str, two: str) -> bool:
    """One digit or one swap of neighbours apart."""
    at = [spot for spot, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    swap = len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == two[at[1]] and one[at[1]] == two[at[0]]
    return len(at) == 1 or swap


def gaza(asked: argparse.Namespace) -> dict[str, object]:
    file = DATA / "gaza" / "ministry_2024-03-29.csv"
    reports = read(file, "Gaza", MAPPINGS / "gaza_ministry.toml")
    number = {row["id"]: row["gov_id"].strip() for row in rows(file)}
    told = {report.report_id: number[report.ref] for report in reports}
    side = {report.report_id: report.source for report in reports}
    whole = {one: text for one, text in told.items() if len(text) == 9 and text.isdigit()}
    holders: dict[str, list[bytes]] = defaultdict(list)
    for one, text in whole.items():
        holders[text].append(one)
    true = {pair(a, b) for held in holders.values() for a, b in combinations(held, 2) if side[a] != side[b]}

    def scored(one: Pair) -> bool:
        a, b = one
        if side[a] == side[b] or a not in whole or b not in whole:
            return False
        return whole[a] != whole[b] and not nearly(whole[a], whole[b])

    run = Run(reports)
    return {
        **run.figures(),
        "blocking_recall": blocking(reports, true),
        "default": scores(run.linked, true, scored),
        "kept_at_.01": scores(run.kept, true, scored),
        "calibration": calibration(run, true, scored),
        "splink": None if asked.no_peer else splink(reports, tuple(sorted(set(side.values()))), true, scored),
    }


def wlf2022(asked: argparse.Namespace) -> dict[str, object]:
    folder = DATA / "wlf2022"
    wikipedia = read(folder / "wikipedia.csv", "Wikipedia", MAPPINGS / "wikipedia.toml")
    hrana = read(folder / "hrana.csv", "HRANA", MAPPINGS / "hrana.toml")
    labels: dict[Pair, str] = {}
    for row in rows(folder / "silver_pairs_wikipedia_hrana.csv"):
        one, two = wikipedia[int(row["wikipedia_row"])], hrana[int(row["hrana_row"])]
        labels[pair(one.report_id, two.report_id)] = row["label"]
    true = {one for one, label in labels.items() if label == "same"}
    run = Run(wikipedia + hrana)
    refused = {one for one, label in labels.items() if label == "different"}
    return {
        **run.figures(),
        "blocking_recall": blocking(wikipedia + hrana, true),
        "labelled": scores(run.linked, true, refused.__contains__),
        "calibration": calibration(run, true, refused.__contains__),
        "splink": None
        if asked.no_peer
        else splink(wikipedia + hrana, ("Wikipedia", "HRANA"), true, refused.__contains__),
        "equal_slugs": slugs(folder, hrana),
        "kept_at_.01": scores(run.kept, true, refused.__contains__),
    }


def slugs(folder: Path, hrana: list[StandardReport]) -> dict[str, int]:
    """Rows of the Persian list whose image name equals one HRANA name in Latin letters, and how many of them are linked."""
    file = folder / "baraye1sarina_fa.csv"
    persian = read(file, "baraye1sarina", MAPPINGS / "baraye1sarina.toml")
    by_slug: dict[str, list[bytes]] = defaultdict(list)
    for report in hrana:
        for name in report.names:
            by_slug["-".join(name.lower().split())].append(report.report_id)
    run = Run(persian + hrana)
    slug_of = {row["name_fa"]: row["image_slug"] for row in rows(file)}
    wanted = [
        (report.report_id, by_slug[slug_of[name]])
        for report in persian
        for name in report.names
        if slug_of.get(name) in by_slug
    ]
    linked = sum(run.case[one] in {run.case[other] for other in others} for one, others in wanted)
    return {"rows": len(wanted), "linked": linked}


def public(name: str) -> Callable[[argparse.Namespace], dict[str, object]]:
    def measured(asked: argparse.Namespace) -> dict[str, object]:
        import linkage_public

        found = linkage_public.measure(name, DATA / "linkage_bench", peer=not asked.no_peer)
        found["calibration"] = reliability(found["calibration"])
        return found

    return measured


def draws_of(run: Run, person: dict[bytes, str]) -> dict[str, object]:
    """Distinct persons over 100 draws against the truth and the one clustering; reports without a name are left out."""
    lists = {one: report.source for one, report in run.reports.items()}
    start, busy = time.perf_counter(), time.process_time()
    counts = sorted(sum(group[0] in person for group in drawn) for drawn in draws(run.result, lists, (), 100))
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "cpu_seconds": round(time.process_time() - busy, 1),
        "truth": len(set(person.values())),
        "one_clustering": sum(group[0] in person for group in run.clusters),
        "mean": sum(counts) / len(counts),
        "lower_2.5": counts[2],
        "upper_97.5": counts[97],
    }


def synthetic(asked: argparse.Namespace) -> dict[str, object]:
    sys.path.insert(0, str(ROOT / "bench"))
    from synthetic import STEMS, write, write_mappings

    names = dict(zip(STEMS, ("Home committee", "Group abroad", "Newsroom", "Hospitals"), strict=True))
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write(folder, asked.rows, 1)
        write_mappings(folder)
        reports = [r for stem in STEMS for r in read(folder / f"{stem}.csv", names[stem], folder / f"{stem}.toml")]
        person = {(row["source"], row["ref"]): row["person"] for row in rows(folder / "truth.csv")}
    people: dict[str, list[bytes]] = defaultdict(list)
    for report in reports:
        if report.names and report.count is None:
            people[person[report.source, report.ref]].append(report.report_id)
    true = {pair(a, b) for held in people.values() for a, b in combinations(held, 2)}
    run = Run(reports)
    return {
        **run.figures(),
        "blocking_recall": blocking(reports, true),
        "default": scores(run.linked, true, lambda _: True),
        "kept_at_.01": {"recall": round(len(true & run.kept.keys()) / len(true), 4)},
        "calibration": calibration(run, true, lambda _: True),
        "missed": str(run.result.missed),
        "draws": draws_of(run, {one: who for who, held in people.items() for one in held}),
        "rules": {rule.name: [rule.pairs, rule.matches, rule.matches_alone, rule.capped] for rule in run.result.rules},
    }


SETS: dict[str, Callable[[argparse.Namespace], dict[str, object]]] = {
    "aban98": aban98,
    "wlf2022": wlf2022,
    "gaza": gaza,
    "febrl3": public("febrl3"),
    "febrl4": public("febrl4"),
    "historical_50k": public("historical_50k"),
    "synthetic": synthetic,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help=f"any of {', '.join(SETS)}; all unless given")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the synthetic lists")
    parser.add_argument("--no-peer", action="store_true", help="do not run Splink beside")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = {}
    for name in asked.sets or SETS:
        if name != "synthetic" and not any((DATA / folder).is_dir() for folder in (name, "linkage_bench")):
            print(f"{name}: skipped, no {DATA / name} (set GAVAH_DATA)")
            continue
        found[name] = SETS[name](asked)
        print(f"\n{name}")
        for key, value in found[name].items():
            print(f"  {key}: {json.dumps(value, ensure_ascii=False)}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
