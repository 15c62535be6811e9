"""Bounds on hostile input."""

from __future__ import annotations

import pytest

from gavah.intake import limits
from gavah.model.errors import LimitExceeded, UnreadableFile


def test_check_names_what_found_and_limit():
    limits.check("a.csv", "the number of rows", 5, 5)
    with pytest.raises(LimitExceeded, match=r"a\.csv: the number of rows is 1,001, over the limit of 1,000"):
        limits.check("a.csv", "the number of rows", 1001, 1000)


def test_file_size(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert limits.file_size(tmp_path / "a") == 5
    with pytest.raises(LimitExceeded):
        limits.file_size(tmp_path / "a", 4)
    with pytest.raises(UnreadableFile):
        limits.file_size(tmp_path / "none")
    with pytest.raises(UnreadableFile):
        limits.file_size(tmp_path)
