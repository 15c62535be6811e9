"""Every test has a home of its own: no private key of the user is read or made."""

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GAVAH_HOME", str(tmp_path_factory.mktemp("home")))
