"""The synthetic crackdown: people, and the lists that groups made of them, written by us so that the truth is known.

Every person is invented; places are Iran's geography; what happens in it never happened. The same seed gives the same
bytes. `people` makes the people, `lists` who lists them (the chances are stated there), `rows` how each group writes,
`files` the formats, `network` what a probe saw of the shutdown, `truth` what really happened. Nothing here links or estimates: the demo runs the real code on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

from gavah.app.crackdown import files
from gavah.app.crackdown.lists import ABROAD, COPY, write_lists
from gavah.app.crackdown.network import write_network
from gavah.app.crackdown.people import Person, make_people
from gavah.app.crackdown.truth import Truth, count_truth, write_truth

RELEASE = "2024-11-15"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as a group would hand it over; `mapping_toml` is the mapping it needs. `release` is an ISO date."""

    path: Path
    source: str
    mapping_toml: str | None
    derived_from: tuple[str, ...]
    release: str


@dataclass(frozen=True, slots=True)
class Crackdown:
    """The files, in the order in which they are to be added (an upstream list before its copy), the truth, and the file of readings of the network."""

    files: tuple[ListFile, ...]
    truth: Truth
    network: Path


FORMATS = (
    ("Home committee", "home.csv", files.write_csv, ()),
    (ABROAD, "abroad.xlsx", files.write_xlsx, ()),
    ("Newsroom", "newsroom.jsonl", files.write_jsonl, ()),
    ("Hospitals", "hospitals.tsv", files.write_tsv_1256, ()),
    (COPY, "copy.csv", files.write_csv, (ABROAD,)),
)


def write_crackdown(folder: Path, *, people: int = 2000, seed: int = 1) -> Crackdown:
    """Write five list files into `folder`, each with its mapping beside it, and the truth into `folder`/truth.

    `people` is the number killed (at least 100, so that no list is empty); three in ten more were wounded or arrested
    and lived. Raises ValueError under 100.
    """
    if people < 100:
        raise ValueError(f"people={people}: a crackdown of fewer than 100 leaves lists empty")
    everybody = list(make_people(people, seed))
    written = write_lists(everybody, seed)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for source, name, write, derived_from in FORMATS:
        path = folder / name
        write(path, written.lists[source])
        mapping = resources(__package__).joinpath("data", "mappings", f"{path.stem}.toml").read_text("utf-8")
        path.with_suffix(".toml").write_text(mapping, encoding="utf-8", newline="\n")
        made.append(ListFile(path, source, mapping, derived_from, RELEASE))
    truth = count_truth(everybody, written.person_of)
    write_truth(truth, everybody, folder / "truth")
    return Crackdown(tuple(made), truth, write_network(folder, seed))


__all__ = ["Crackdown", "ListFile", "Person", "Truth", "write_crackdown"]
