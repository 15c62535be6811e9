"""The synthetic crackdown's copy is found and its four lists are left alone; the finding reaches the commands and the estimate."""

import json

import pytest
from click.testing import CliRunner

from gavah import Archive, Mapping
from gavah.app.cli import main
from gavah.app.crackdown import write_crackdown
from gavah.app.crackdown.lists import ABROAD, COPY


@pytest.fixture(scope="module")
def undeclared(tmp_path_factory):
    """The five lists with the copy's upstream left unsaid."""
    folder = tmp_path_factory.mktemp("crackdown")
    made = write_crackdown(folder / "lists", people=700, seed=3)
    with Archive.create(folder / "archive") as archive:
        for file in made.files:
            archive.add([file.path], file.source, mapping=Mapping.from_toml(file.mapping_toml, file.path.name))
        assert archive.copies() == ()
        archive.link()
    return folder / "archive"


def test_the_copy_alone_is_found(undeclared):
    with Archive(undeclared) as archive:
        (found,) = archive.copies()
        assert (found.source, found.derived_from, found.declared) == (COPY, ABROAD, False)
        told = [text for text in archive.estimate(methods=("chao",)).warnings if COPY in text]
        assert len(told) == 1
        assert ABROAD in told[0].fa


def test_sources_shows_it(undeclared):
    shown = CliRunner().invoke(main, ["sources", str(undeclared)])
    assert f"{COPY} seems to copy {ABROAD}" in " ".join(shown.stdout.split())
    persian = CliRunner().invoke(main, ["sources", str(undeclared), "--lang", "fa"])
    assert "رونویسی" in persian.stdout
    profiles = json.loads(CliRunner().invoke(main, ["sources", str(undeclared), "--json"]).stdout)
    told = {profile["source"]: profile["copies"] for profile in profiles}
    assert [one["derived_from"] for one in told[COPY]] == [ABROAD]
    assert not any(found for source, found in told.items() if source != COPY)
