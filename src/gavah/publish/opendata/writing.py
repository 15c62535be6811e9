"""Tables as bytes. Invariant: equal tables give equal bytes, and no cell of a CSV can run as a formula.

CSV is UTF-8 with a byte order mark and CR LF; JSON is RFC 8785, one object in a line; Parquet is version 2.6 with Zstandard,
typed as the column says.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import rfc8785

from gavah.publish.opendata.tables import Table, Value
from gavah.publish.tables import defused

_TYPES = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}


def csv_bytes(table: Table[Any], *, hxl: bool = False) -> bytes:
    """The table as CSV. With `hxl`: columns that have a tag, with the tags as second row."""
    columns = [column for column in table.columns if column.tag or not hxl]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    if hxl:
        writer.writerow([column.tag for column in columns])
    for thing in table.things:
        writer.writerow([defused(_plain(column.value(thing))) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def parquet_bytes(table: Table[Any]) -> bytes:
    """The table as Parquet."""
    turned: list[list[Value]] = [[column.value(thing) for thing in table.things] for column in table.columns]
    arrays = [pa.array(cells, _TYPES[column.kind]) for column, cells in zip(table.columns, turned, strict=True)]
    sink = io.BytesIO()
    names = [column.name for column in table.columns]
    pq.write_table(pa.table(arrays, names=names), sink, version="2.6", compression="zstd")
    return sink.getvalue()


def jsonl_bytes(values: Iterable[Any]) -> bytes:
    """Values as JSON Lines."""
    return b"".join(rfc8785.dumps(value) + b"\n" for value in values)


def json_bytes(value: Any) -> bytes:
    """One document."""
    return rfc8785.dumps(value) + b"\n"


def _plain(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, dt.date) else value
