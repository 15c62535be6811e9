"""The heavy steps of a link run, on the engine asked for. Invariant: what they give does not depend on the engine, but for the last digits
of a probability.
"""

from __future__ import annotations

from typing import Any, Protocol

from gavah.linkage import engine
from gavah.linkage.candidates import Candidates, candidates_of
from gavah.linkage.compare import Vectors, compare
from gavah.linkage.evidence import Evidence, Floats, Integers

ENGINES = ("duckdb", "spark")
LOCAL = "local[*]"
"""Spark on this machine alone, on all its cores."""


class Compared(Protocol):
    """Pairs with their comparison vectors, wherever these are held."""

    def for_training(self) -> Vectors:
        """The vectors of all pairs, in their order."""
        ...

    def score(self, model: engine.Model) -> Floats:
        """The probability of every pair under `model`, in their order."""
        ...


class Steps(Protocol):
    """Candidates and comparison for one archive."""

    def candidates(self) -> Candidates:
        """The candidate pairs of all rules."""
        ...

    def compared(self, a: Integers, b: Integers) -> Compared:
        """The pairs (a[i], b[i]) with their comparison vectors."""
        ...

    def close(self) -> None:
        """Ends the engine; what it left on disk goes."""
        ...


def steps_on(name: str, master: str, known: Evidence, connection: Any) -> Steps:
    """The steps on the engine `name`, one of `ENGINES`; Spark is that of `master`. Raises MissingPart where it is not there."""
    if name == "spark":
        from gavah.linkage.sparkengine import SparkSteps

        return SparkSteps(known, master)
    return _Local(known, connection)


class _Local:
    """The steps in this process and DuckDB, whose connection is the caller's."""

    def __init__(self, known: Evidence, connection: Any) -> None:
        self._known, self._connection = known, connection

    def candidates(self) -> Candidates:
        connection = engine.connect()  # of its own: what DuckDB took for the keys is given back when it closes
        try:
            return candidates_of(self._known, connection)
        finally:
            connection.close()

    def compared(self, a: Integers, b: Integers) -> Compared:
        return _Held(compare(self._known, a, b), self._connection)

    def close(self) -> None:
        """Nothing to end."""


class _Held:
    def __init__(self, vectors: Vectors, connection: Any) -> None:
        self._vectors, self._connection = vectors, connection

    def for_training(self) -> Vectors:
        return self._vectors

    def score(self, model: engine.Model) -> Floats:
        return engine.score(self._vectors, model, self._connection)
