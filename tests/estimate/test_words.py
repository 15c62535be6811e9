import re
import tomllib
from importlib.resources import files

import pytest

from gavah.estimate.words import assumption


def sentences(name):
    return tomllib.loads(files("gavah.estimate").joinpath("data", name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["assumptions.toml", "reasons.toml", "warnings.toml", "headlines.toml"])
def test_every_sentence_is_there_in_both_languages_with_the_same_fields(name):
    for key, sentence in sentences(name).items():
        assert set(sentence) == {"en", "fa"}, key
        assert set(re.findall(r"{[^}]+}", sentence["en"])) == set(re.findall(r"{[^}]+}", sentence["fa"])), key
        assert re.search("[آ-ی]", sentence["fa"]), key
        assert not re.search("[يك]", sentence["fa"]), f"{key}: Arabic letters in Persian text"


def test_an_assumption_is_one_sentence():
    for key in sentences("assumptions.toml"):
        said = assumption(*key.split("."))
        assert said["assumption"].count(".") == 1
