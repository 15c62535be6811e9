"""XLSX workbooks. Invariant: nothing is unpacked before its declared size is known to be harmless; formulas are never
computed, only their stored results are read.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl

from gavah.intake import limits
from gavah.intake.rows import SHOWN, Record, Table, assemble, column_letter, number_text, truth_text
from gavah.intake.template import GUIDES
from gavah.model.errors import GavahError, LimitExceeded, MappingError, UnreadableFile
from gavah.model.faults import Fault

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 ST_Xstring
_ZEROS = re.compile(r"0{2,}")
_BLOCK = 1024 * 1024


def read_xlsx(path: Path, *, header_row: int | None = None, sheet: str | None = None) -> Iterator[Table]:
    """One table for each sheet that has a header and rows below it, or for `sheet` alone.

    Raises UnreadableFile on a damaged or encrypted workbook, LimitExceeded, and MappingError when there is no `sheet`.
    """
    limits.file_size(path, limits.XLSX_BYTES)
    packed = path.read_bytes()
    _check_container(path.name, packed)
    results = _open(path.name, packed, stored=True)
    names = [each.title for each in results.worksheets]
    limits.check(path.name, "the number of sheets", len(names), limits.SHEETS)
    if sheet is not None and sheet not in names:
        raise MappingError(file=path.name, detail=f"there is no sheet {sheet!r}, only {', '.join(names)}")
    formulas: Any = None
    for each in results.worksheets:
        if each.title != sheet and (sheet is not None or each.title in GUIDES):
            continue
        if formulas is None and _has_formulas(path.name, packed, each):
            formulas = _open(path.name, packed, stored=False)
        faults: list[Fault] = []
        beside = formulas[each.title] if formulas is not None else None
        records = _records(path.name, each, beside, faults)
        table = assemble(path.name, each.title, records, faults, header_row=header_row, fixed_width=False)
        first = next(table.rows, None) if table is not None else None
        if table is not None and first is not None:
            table.rows = chain([first], table.rows)
            yield table


def _check_container(file: str, packed: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(file=file, detail="its ZIP container is damaged") from error
    limits.check(file, "the number of parts", len(entries), limits.ZIP_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    limits.check(file, "the unpacked size in bytes", unpacked, limits.ZIP_BYTES)
    if unpacked > limits.ZIP_SMALL:
        ratio = unpacked // max(1, sum(entry.compress_size for entry in entries))
        limits.check(file, "the rate of compression", ratio, limits.ZIP_RATIO)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(file=file, detail="it is under a password")


def _open(file: str, packed: bytes, *, stored: bool) -> Any:
    """The workbook, its cells giving stored results or, when not `stored`, formulas."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(BytesIO(packed), read_only=True, data_only=stored, keep_links=False)
    except GavahError:
        raise
    except Exception as error:  # openpyxl lets any error of a damaged part through
        raise _damaged(file, error) from error


def _damaged(file: str, error: Exception) -> GavahError:
    if isinstance(error, MemoryError):
        return LimitExceeded(file=file, what="the memory needed", found="more", limit="what there is")
    return UnreadableFile(file=file, detail=f"the workbook is damaged ({type(error).__name__})")


def _has_formulas(file: str, packed: bytes, sheet: Any) -> bool:
    """Whether the sheet's part holds a formula: only then is it worth reading twice."""
    part = getattr(sheet, "_worksheet_path", None)
    if not part:
        return True
    try:
        with zipfile.ZipFile(BytesIO(packed)) as archive, archive.open(part) as stream:
            tail = b""
            while block := stream.read(_BLOCK):
                if b"<f>" in tail + block or b"<f " in tail + block or b":f>" in tail + block:
                    return True
                tail = block[-3:]
    except Exception as error:  # the decompressors have errors of their own
        raise _damaged(file, error) from error
    return False


def _records(file: str, sheet: Any, beside: Any, faults: list[Fault]) -> Iterator[Record]:
    rows = _cells(file, sheet)
    twins = _cells(file, beside) if beside is not None else None
    for number, cells in enumerate(rows, 1):
        limits.check(file, "the number of rows", number, limits.SHEET_ROWS)
        record = [_text(file, cell) for cell in cells]
        if twins is not None:
            for index, twin in enumerate(next(twins, ())):
                if twin.data_type == "f" and (index >= len(record) or not record[index]):
                    faults.append(
                        Fault(file, sheet.title, number, column_letter(index), _formula(twin.value), "formula")
                    )
        while record and not record[-1]:
            record.pop()
        yield number, record


def _cells(file: str, sheet: Any) -> Iterator[Sequence[Any]]:
    """Rows of cells; the extent the file claims for itself is not trusted."""
    try:
        sheet.reset_dimensions()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = sheet.iter_rows()
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows, None)
            if row is None:
                return
            yield row
    except GeneratorExit:
        raise
    except Exception as error:
        raise _damaged(file, error) from error


def _formula(value: object) -> str:
    return str(getattr(value, "text", value))[:SHOWN]


def _text(file: str, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        limits.check(file, "the length of a cell", len(value), limits.CELL)
        return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return truth_text(value)
    if isinstance(value, int) and value >= 0 and _ZEROS.fullmatch(cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))  # an identity number shown with its leading zeros
    if isinstance(value, int | float):
        return number_text(value)
    return _moment(value)


def _moment(value: object) -> str:
    if isinstance(value, dt.datetime):
        if value.microsecond:
            value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
