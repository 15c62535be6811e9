"""What `import gavah` promises, and nothing else; each module imports alone."""

import subprocess
import sys
from pathlib import Path

import pytest

import gavah

PROMISED = {
    "Archive", "CaptureTable", "GavahError", "Mapping", "Range", "Scope", "StandardReport", "__version__",
    "estimate_missing", "read_counts", "read_list",
}  # fmt: skip


def test_the_front_door():
    assert set(gavah.__all__) == PROMISED
    for name in PROMISED:
        assert getattr(gavah, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Wizard'"):
        gavah.Wizard  # noqa: B018 the access is what is tested


def test_the_contract_s_python_names():
    from gavah.intake import read_counts
    from gavah.model import CaptureTable
    from gavah.names import similarities, similarity, similarity_pairs

    assert callable(read_counts)
    assert CaptureTable.__name__ == "CaptureTable"
    assert similarity("a", "a") <= 1
    assert similarities(["a"], ["a", "b"]).shape == (1, 2)
    assert similarity_pairs(["a"], ["b"]).shape == (1,)


def test_names_alone_does_not_load_the_engines():
    code = "import sys, gavah.names; bad = {'splink', 'duckdb', 'pyarrow', 'openpyxl'} & set(sys.modules); assert not bad, bad"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_commands_start_without_the_engines():
    """A past defect: every command, --help too, waited for numba and the statistics of scipy."""
    code = (
        "import sys, gavah.app.cli; bad = {'splink', 'duckdb', 'numba', 'scipy.stats', 'scipy.optimize'} & set(sys.modules);"
        " assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_module_imports_alone():
    """A circular import shows when the module is the first to be imported."""
    root = Path(gavah.__file__).parent
    rooms = sorted(path.parent.name for path in root.glob("*/__init__.py"))
    for room in rooms:
        subprocess.run([sys.executable, "-W", "error", "-c", f"import gavah.{room}"], check=True)
