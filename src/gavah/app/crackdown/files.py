"""The list files, each in its group's format. Invariant: the same rows give the same bytes on every machine."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

from gavah.app.crackdown.rows import Row

STAMP = dt.datetime(2024, 11, 15)  # noqa: DTZ001 - a spreadsheet's times have no zone
CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def write_csv(path: Path, entries: list[Row]) -> None:
    """UTF-8 with BOM, as spreadsheet programs save it."""
    _delimited(path, entries, ",", "utf-8-sig")


def write_tsv_1256(path: Path, entries: list[Row]) -> None:
    """Tab-separated, Windows-1256: the Arabic code page, which has no Persian ی."""
    _delimited(path, entries, "\t", "cp1256")


def write_jsonl(path: Path, entries: list[Row]) -> None:
    lines = (json.dumps(entry, ensure_ascii=False) for entry in entries)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def write_xlsx(path: Path, entries: list[Row]) -> None:
    """One sheet, every cell text; rewritten with fixed times and no compression so that bytes do not vary."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Killed"
    sheet.append(list(entries[0]))
    for entry in entries:
        sheet.append(list(entry.values()))
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = CREATED.sub(rb"\g<1>" + f"{STAMP:%Y-%m-%dT%H:%M:%SZ}".encode(), data)
            target.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), data)


def _delimited(path: Path, entries: list[Row], delimiter: str, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, list(entries[0]), delimiter=delimiter, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(entries)
