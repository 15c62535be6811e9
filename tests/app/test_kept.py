from gavah.app.kept import KeptFolder
from gavah.store import Folder


def test_a_text_comes_back_and_what_is_not_there_is_none(tmp_path):
    kept = KeptFolder(Folder(tmp_path / "deep" / "down"))
    assert kept.get("ab") is None
    kept.put("ab", "متن")
    assert kept.get("ab") == "متن"
    kept.put("ab", "two")
    assert kept.get("ab") == "two"
    assert [file.name for file in (tmp_path / "deep" / "down").iterdir()] == ["ab.json"]  # no part is left


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = KeptFolder(Folder(tmp_path / "file" / "under"))
    kept.put("ab", "x")
    assert kept.get("ab") is None


def test_bytes_that_are_no_text_are_as_if_not_there(tmp_path):
    (tmp_path / "ab.json").write_bytes(b"\xff\xfe\x00")
    assert KeptFolder(Folder(tmp_path)).get("ab") is None
