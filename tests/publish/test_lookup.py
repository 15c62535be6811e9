"""Was this name reported? Asked of a published folder."""

import pytest
from browsing import written
from publications import edition_of, register_of, row

from gavah.model.errors import NotPublished
from gavah.publish.lookup import is_published, look_up
from gavah.publish.site import site_files

PEOPLE = ("حسین کوهساریان", "Golnaz Zarrinbaf", "محسن برزنجه", "حسن کوهساریان")


@pytest.fixture
def folder(tmp_path):
    cases = [[row(at, name)] for at, name in enumerate(PEOPLE, 1)]
    held = [row(9, "Navid Sepidrud", "arrested")]
    return written(site_files(edition_of(register_of(*cases, held))), tmp_path)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Hossein Kuhsarian", "حسین کوهساریان"),
        ("hosein kouhsarian", "حسین کوهساریان"),
        ("گلناز زرین‌باف", "Golnaz Zarrinbaf"),
        ("Mohsen", "محسن برزنجه"),
        ("محسن برزنجه", "محسن برزنجه"),
    ],
)
def test_a_name_is_found_in_either_script_and_nearly_spelt(folder, asked, found):
    first = look_up(folder, asked)[0]
    assert first.names == (found,)
    assert first.likeness > 0.8
    assert (folder / first.page).is_file()
    assert "Killed" in first.lines["en"]


def test_who_is_held_back_is_not_found(folder):
    assert all(hit.names != ("Navid Sepidrud",) for hit in look_up(folder, "Navid Sepidrud"))


def test_nothing_is_found_for_nothing(folder):
    assert look_up(folder, "  ") == []
    assert look_up(folder, "Xqzw Vvbk") == []


@pytest.mark.parametrize(
    "text", ["alert(1)", 'gavahShard("a",[[1,2,3,4]]);', 'gavahShard("a",[["G",[1],[],""]]);', 'gavahShard("a",[' + "[" * 90_000 + ");"]
)  # fmt: skip
def test_a_damaged_index_is_told(folder, text):
    (folder / "search/a.js").write_text(text)
    with pytest.raises(NotPublished):
        look_up(folder, "Hossein")


@pytest.mark.parametrize("text", ["", "[]", '{"languages": []}', '{"languages": [1]}', "[" * 200_000])
def test_a_folder_that_holds_no_edition_is_told(tmp_path, text):
    assert not is_published(tmp_path)
    (tmp_path / "edition.json").write_text(text)
    with pytest.raises(NotPublished):
        look_up(tmp_path, "Hossein")


def test_past_slip_an_index_that_points_at_a_device_was_read_without_end(folder):
    """Past slip: its size was looked at, which is nothing for a device."""
    (folder / "search/a.js").unlink(missing_ok=True)
    (folder / "search/a.js").symlink_to("/dev/zero")
    with pytest.raises(NotPublished):
        look_up(folder, "Hossein")
