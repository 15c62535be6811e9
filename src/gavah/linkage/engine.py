"""Fellegi-Sunter by Splink: EM, term frequencies and scores, over comparison vectors that this room computes.

Invariant: the model that leaves this module has every chance strictly between 0 and 1, whatever the data: what EM
finds is blended with the priors of `levels`, so two rows, or a thousand equal ones, still give a sane model.

Ours, and why: Splink computes comparisons as SQL over columns; names across scripts are no SQL, so the vectors come ready and Splink's
own EM and prediction run on them (`splink.internals`, version pinned). The chances among strangers (`u`) come from random pairs, as in
Splink, and those of shared names and towns from their frequency, through Splink's term-frequency adjustment.
"""

from __future__ import annotations

import logging
import math
import os
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa

from gavah.linkage.calibration import milli_odds
from gavah.linkage.compare import Vectors
from gavah.linkage.evidence import Floats, Integers
from gavah.linkage.levels import BY_NAME, COMPARISONS, PRIOR_PAIRS, Comparison
from gavah.linkage.weights import UNIT

TRAINING_PAIRS = 300_000
"""EM sees at most this many candidate pairs, drawn by the seed."""
TRAINING_LEVEL = 3
"""EM sees pairs of this name level and above: there true pairs are many enough to learn the other comparisons from."""
MOST_CONTRADICTED = 1.5
LEAST_CONTRADICTED = 0.25
"""How far above and below its prior EM may move the chance that one person's reports contradict: namesakes taken for matches raise
it, and lists that happen to be clean must not make one slip a veto.
"""
MOST_UNLIKE = 0.05
"""The most that the names of one person may be taken to seem of different people."""
ROUNDS = 3
"""How often EM and the expected number of matches are brought into step."""
SETTLED, MOST_MORE = 40, 4.0
"""Steps of the prior after EM, and how many times more matches it may come to expect."""
MEMORY = "3GB"
"""What DuckDB may take."""
SCORED = 1_000_000
"""Pairs scored at once: bounds the memory."""
FURTHEST = 300
"""Bits beyond which log-odds are told apart no more."""
NAME_U = (0.999, 2.5e-4, 2.5e-4, 2.5e-4, 2.5e-4)
"""Chance of each name level among strangers; from level 1 on the frequency of the words shared takes its place."""


@dataclass(frozen=True)
class Model:
    """`prior`: chance that two random named reports are one person. `m`, `u`: per comparison, the chance of each level
    among pairs of one person and among strangers.
    """

    prior: float
    m: dict[str, tuple[float, ...]]
    u: dict[str, tuple[float, ...]]

    def parameters(self) -> dict[str, int | str]:
        """The model as whole numbers: weights in thousandths of a bit. For levels that are adjusted by frequency the weight is
        that of the match alone; `explain` takes away the logarithm of the frequency.
        """
        out: dict[str, int | str] = {"prior": milli_bits(self.prior / (1 - self.prior))}
        for comparison in COMPARISONS:
            for level in range(comparison.top + 1):
                m, u = self.m[comparison.name][level], self.u[comparison.name][level]
                out[f"{comparison.name}.{level}"] = milli_bits(m if level in comparison.adjusted else m / u)
        return out


def milli_bits(odds: float) -> int:
    return round(math.log2(odds) * UNIT)


def connect() -> Any:
    """A DuckDB connection in memory that loads no extension, touches no file, and uses bounded memory and at most four cores.

    Nothing goes to disk: DuckDB encrypts its temporary files only with an extension that would have to be fetched. The work comes
    in blocks instead, and names are no more than hashes here.
    """
    import duckdb

    threads = max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "threads": threads,
            "memory_limit": MEMORY,
            "temp_directory": "",  # keys of names are not spilt to disk
        },
    )
    connection.execute("set enable_external_access = false")
    return connection


def chances_among_strangers(vectors: Vectors) -> dict[str, tuple[float, ...]]:
    """`u` of every comparison from random pairs, held above its floor; evenly spread where no pair speaks."""
    out: dict[str, tuple[float, ...]] = {"name": NAME_U}
    for comparison in COMPARISONS:
        if comparison.name in vectors.levels and comparison.name != "name":
            levels = vectors.levels[comparison.name]
            counts = np.bincount(levels[levels >= 0], minlength=comparison.top + 1).astype(float)
            share = (counts + 0.5) / (counts.sum() + 0.5 * len(counts))
            if comparison.name in ("link", "national_id"):
                share = _rare(comparison, share)
            share = np.maximum(share, comparison.floor_u)
            out[comparison.name] = tuple((share / share.sum()).tolist())
    return out


def _rare(comparison: Comparison, share: Floats) -> Floats:
    """Agreement on a number or a page among strangers is too rare for a sample to show: the floor stands for it."""
    out = share.copy()
    out[1:] = np.minimum(out[1:], [max(comparison.floor_u, 10.0 ** -(3 + at)) for at in range(1, len(out))])
    return np.asarray(out)


def train(
    vectors: Vectors, strangers: dict[str, tuple[float, ...]], total: float, reports: int, seed: int, connection: Any
) -> Model:
    """The model after `ROUNDS` of EM over the candidate pairs of `vectors`. `total`: pairs that `reports` named reports make."""
    fixed = {comparison.name: comparison.prior_m for comparison in COMPARISONS}
    if not (vectors.levels["list"] == 1).any():
        fixed["list"] = strangers["list"]  # of one list alone: how often it names a person twice is what the prior says
    fixed["name"] = _name_chances(vectors)
    m = dict(fixed)
    model = Model(_prior(0.1 * reports, total, reports), m, _ordered(m, strangers))
    sample = np.flatnonzero(vectors.levels["name"] >= TRAINING_LEVEL)
    if len(sample) == 0:
        return Model(_prior(0.0, total, reports), m, model.u)
    size = len(sample)
    if size > TRAINING_PAIRS:
        sample = np.sort(np.random.default_rng(seed).choice(sample, TRAINING_PAIRS, replace=False))
    with _Splink(vectors, sample, connection) as splink:
        for _ in range(ROUNDS):
            found, chance = splink.maximise(model)
            matched = chance.sum() * size / len(sample)
            m = _blend(found, fixed, vectors, sample, chance)
            model = Model(_prior(matched, total, reports), m, _ordered(m, strangers))
    return _counted(model, vectors, total, reports)


def _counted(model: Model, vectors: Vectors, total: float, reports: int) -> Model:
    """The model whose prior expects as many matches as its probabilities of all candidates add up to: EM saw those alone whose names are
    alike. At most `MOST_MORE` times what EM expected.
    """
    parameters = model.parameters()
    evidence, pairs = _tallied(vectors, parameters)
    first = matched = model.prior * total
    for _ in range(SETTLED):
        odds = math.log2(matched / max(total - matched, 1e-9))
        expected = min(float((pairs / (1 + np.exp2(-(evidence + odds)))).sum()), MOST_MORE * first)
        if abs(expected - matched) < 1e-4 * matched or expected <= first:
            break
        matched = expected
    return replace(model, prior=_prior(matched, total, reports))


def _tallied(vectors: Vectors, parameters: dict[str, int | str]) -> tuple[Floats, Integers]:
    """The log-odds, prior aside, that candidate pairs have, in bits, and how many pairs have each. They are whole thousandths: there are
    fewer of them than pairs by far.
    """
    pairs = np.zeros(2 * FURTHEST * UNIT + 1, dtype=np.int64)
    for start in range(0, len(vectors.levels["name"]), SCORED):
        odds = milli_odds(vectors.at(slice(start, start + SCORED)), parameters) - int(parameters["prior"])
        at = np.clip(np.rint(odds).astype(np.int64) + FURTHEST * UNIT, 0, len(pairs) - 1)
        pairs += np.bincount(at, minlength=len(pairs))
    held = np.flatnonzero(pairs)
    return np.asarray(held / UNIT - FURTHEST, dtype=np.float64), pairs[held]


def _name_chances(vectors: Vectors) -> tuple[float, ...]:
    """How names of one person differ, learned from pairs with one national id (every such pair is a candidate, however unlike its names)
    or one full birth date and one town or residence, and from the prior; that they seem of different people is held to `MOST_UNLIKE`, for relatives are entered under one number too.
    """
    prior = np.array(BY_NAME["name"].prior_m)
    told = ("national_id", "born", "place", "residence", "birthplace")
    tops = {name: vectors.levels[name] == BY_NAME[name].top for name in told}
    somewhere = tops["place"] | tops["residence"] | tops["birthplace"]
    levels = vectors.levels["name"][tops["national_id"] | (tops["born"] & somewhere)]
    mixed = np.bincount(levels[levels >= 0], minlength=len(prior)) + prior * PRIOR_PAIRS
    mixed[0] = min(mixed[0], MOST_UNLIKE * mixed.sum())
    return _rounded(mixed)


def _ordered(m: dict[str, tuple[float, ...]], u: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    """`u` moved where a lesser agreement would weigh more than a greater one, or the greatest would count against: a level seldom
    seen is no evidence by that alone.
    """
    out = {}
    for comparison in COMPARISONS:
        raised = list(u[comparison.name])
        most = math.inf
        for level in range(comparison.top, -1, -1):
            if level not in comparison.adjusted:
                chance = m[comparison.name][level]
                if level == comparison.top:
                    raised[level] = min(raised[level], chance)
                raised[level] = max(raised[level], chance / most)
                most = chance / raised[level]
        out[comparison.name] = tuple(raised)
    return out


def score(vectors: Vectors, model: Model, connection: Any) -> Floats:
    """The probability of every pair of `vectors` under `model`, in [0, 1], by Splink's prediction."""
    size = len(vectors.levels["name"])
    chances = np.zeros(size)
    for start in range(0, size, SCORED):
        rows = slice(start, start + SCORED)
        with _Splink(vectors, rows, connection) as splink:
            chances[rows] = splink.predict(model)
    return chances


def _prior(matched: float, total: float, reports: int) -> float:
    """Chance of a match between two random reports: at least a hundredth of a match per report, at most ten, and never over .05."""
    matched = min(max(matched, 0.01 * reports), 10.0 * reports)
    return float(f"{max(min(matched / max(total, 1.0), 0.05), 1e-12):.6g}")


def _rounded(chances: Floats) -> tuple[float, ...]:
    """Chances that sum to 1, to six places: what threads add up in another order must not show in the result."""
    return tuple(max(round(chance, 6), 1e-6) for chance in (chances / chances.sum()).tolist())


def _blend(
    found: dict[str, tuple[float, ...]],
    fixed: dict[str, tuple[float, ...]],
    vectors: Vectors,
    sample: Any,
    chance: Floats,
) -> dict[str, tuple[float, ...]]:
    """EM's `m` and the prior's, weighed by the matched pairs that speak and by `PRIOR_PAIRS`."""
    out = {}
    for comparison in COMPARISONS:
        prior = np.array(comparison.prior_m)
        if comparison.fixed:
            out[comparison.name] = fixed[comparison.name]
            continue
        speaking = float(chance[vectors.levels[comparison.name][sample] >= 0].sum())
        mixed = (np.array(found[comparison.name]) * speaking + prior * PRIOR_PAIRS) / (speaking + PRIOR_PAIRS)
        mixed[0] = min(max(mixed[0], LEAST_CONTRADICTED * prior[0]), MOST_CONTRADICTED * prior[0])
        out[comparison.name] = _rounded(mixed)
    return out


class _Splink:
    """Splink's EM and prediction over one table of comparison vectors."""

    def __init__(self, vectors: Vectors, rows: Any, connection: Any) -> None:
        logging.getLogger("splink").setLevel(logging.ERROR)
        from splink.internals.duckdb.database_api import DuckDBAPI

        vectors = vectors.at(rows)
        self.size = len(vectors.levels["name"])
        number = np.arange(self.size)
        columns: dict[str, Any] = {"row_l": number, "row_r": number, "match_key": np.zeros(self.size, dtype=np.int8)}
        for name, levels in vectors.levels.items():
            columns[f"gamma_{name}"] = levels
        for name in vectors.rarity:
            columns[f"tf_{name}_l"] = columns[f"tf_{name}_r"] = vectors.frequency(name)
        self.connection = connection
        connection.register("vectors_given", pa.table(columns))
        connection.execute("create or replace table comparison_vectors as select * from vectors_given")
        connection.unregister("vectors_given")
        self.api = DuckDBAPI(connection=connection)
        self.table = self.api.table_to_splink_dataframe("__splink__df_comparison_vectors", "comparison_vectors")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.execute("drop table if exists comparison_vectors")

    def maximise(self, model: Model) -> tuple[dict[str, tuple[float, ...]], Floats]:
        """`m` after EM from `model` with `u` and the prior held, and the chance of each pair under it."""
        from splink.internals.expectation_maximisation import expectation_maximisation
        from splink.internals.settings import TrainingSettings

        try:
            last = expectation_maximisation(
                db_api=self.api,
                training_settings=TrainingSettings(em_convergence=0.002, max_iterations=8),
                estimate_without_term_frequencies=False,
                core_model_settings=_core(model, "duckdb"),
                unique_id_input_columns=_ids("duckdb"),
                training_fixed_probabilities={"u", "lambda"},
                df_comparison_vector_values=self.table,
            )[-1]
        except ValueError:  # Splink takes no level whose share comes out as nothing: a few odd pairs teach nothing
            return dict(model.m), self.predict(model)
        found = {}
        for comparison in last.comparisons:
            levels = [level for level in comparison.comparison_levels if not level.is_null_level]
            by_value = {level.comparison_vector_value: float(level.m_probability or 0.0) for level in levels}
            found[comparison.output_column_name] = tuple(max(by_value[at], 1e-6) for at in range(len(by_value)))
        after = Model(model.prior, found, model.u)
        return found, self.predict(after)

    def predict(self, model: Model) -> Floats:
        """The probability of each row, in the order of the rows."""
        frame = predicted(self.api, self.table, model, "duckdb")
        got = self.connection.execute(
            f"select match_probability from {frame.physical_name} order by row_l"  # noqa: S608 Splink's own table name
        ).fetchnumpy()
        frame.drop_table_from_database_and_remove_from_cache()
        return np.asarray(got["match_probability"], dtype=np.float64)


def predicted(api: Any, table: Any, model: Model, dialect: str) -> Any:
    """Splink's prediction under `model` over a table of comparison vectors, as a table of its database."""
    from splink.internals.pipeline import CTEPipeline
    from splink.internals.predict import predict_from_comparison_vectors_sqls

    pipeline = CTEPipeline([table])
    for part in predict_from_comparison_vectors_sqls(
        unique_id_input_columns=_ids(dialect), core_model_settings=_core(model, dialect), sql_dialect=api.sql_dialect
    ):
        pipeline.enqueue_sql(part["sql"], part["output_table_name"])
    return api.sql_pipeline_to_splink_dataframe(pipeline)


def _ids(dialect: str) -> list[Any]:
    from splink.internals.input_column import InputColumn

    return [InputColumn("row", sqlglot_dialect_str=dialect)]


def _core(model: Model, dialect: str) -> Any:
    from splink.internals.settings import CoreModelSettings, Settings

    settings = Settings(
        "dedupe_only",
        comparisons=[_comparison(comparison, model, dialect) for comparison in COMPARISONS],
        probability_two_random_records_match=model.prior,
        sql_dialect=dialect,
    )
    return CoreModelSettings(settings.comparisons, model.prior)


def _comparison(comparison: Comparison, model: Model, dialect: str) -> Any:
    """One comparison in Splink's terms; the conditions are never run, for the levels come ready."""
    from splink.internals.comparison import Comparison as SplinkComparison

    levels: list[Any] = [
        {"sql_condition": f"{comparison.name}_l is null", "label_for_charts": "silent", "is_null_level": True}
    ]
    for level in range(comparison.top, -1, -1):
        item: dict[str, Any] = {
            "sql_condition": f"{comparison.name}_l = {level}" if level else "ELSE",
            "label_for_charts": comparison.words[level],
            "m_probability": model.m[comparison.name][level],
            "u_probability": model.u[comparison.name][level],
            "fix_m_probability": comparison.fixed,
        }
        if level in comparison.adjusted:
            item |= {
                "tf_adjustment_column": comparison.name,
                "disable_tf_exact_match_detection": True,
                "tf_minimum_u_value": 1e-12,
            }
        levels.append(item)
    return SplinkComparison(levels, dialect, output_column_name=comparison.name)
