"""Imports go one way: each room from the layers above it, rooms of one layer never from each other (DESIGN)."""

import ast
from pathlib import Path

import pytest

import gavah

ROOT = Path(gavah.__file__).parent
LAYERS = (
    {"model", "names", "seal"},
    {"intake", "store", "linkage", "register", "estimate", "blackout", "carry"},
    {"publish"},
    {"app"},
)
ALLOWED_BESIDE = {("names", "model"), ("seal", "model")}
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT)


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they lead"
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            parts = module.split(".")
            if parts[0] == "gavah" and len(parts) > 1 and parts[1] in LAYER:
                yield parts[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_go_one_way(path):
    room = path.relative_to(ROOT).parts[0]
    for other in set(imported_rooms(path)) - {room}:
        below = LAYER[other] < LAYER[room]
        assert below or (room, other) in ALLOWED_BESIDE, f"{room} imports {other}"


def test_every_folder_is_a_room():
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= set(LAYER), "a room that DESIGN does not know"


def test_no_file_is_long():
    long = {str(path): count for path in FILES if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500}
    assert not long
