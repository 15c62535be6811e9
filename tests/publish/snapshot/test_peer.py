"""python-tuf's own client reads an edition: its updater from a folder, its verification of roots. It locks a reader out when
an edition is stale; Gavah does not.
"""

import datetime as dt
from pathlib import Path

import pytest
from tests.publish.snapshot import editions
from tests.publish.snapshot.editions import LATER, ORGANISATIONS, signed
from tuf.api.exceptions import BadVersionNumberError, DownloadHTTPError, ExpiredMetadataError
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

NOW = dt.datetime.now(tz=dt.UTC)


class Folder(FetcherInterface):
    """Reads from a folder what others read from a server."""

    def _fetch(self, url):
        try:
            yield (editions_folder / url.lstrip("/")).read_bytes()
        except FileNotFoundError as error:
            raise DownloadHTTPError(url, 404) from error


editions_folder = None


def updater(tmp_path, folder):
    global editions_folder  # noqa: PLW0603 - the fetcher knows relative addresses only
    editions_folder = folder
    (tmp_path / "client").mkdir(exist_ok=True)
    (tmp_path / "targets").mkdir(exist_ok=True)
    found = Updater(
        str(tmp_path / "client"),
        "signed/",
        str(tmp_path / "targets"),
        "",
        fetcher=Folder(),
        bootstrap=editions.first_root(),
    )
    found.config.prefix_targets_with_hash = False
    return found


def test_the_peers_client_reads_an_edition(tmp_path):
    signed(tmp_path / "one", now=NOW)
    client = updater(tmp_path, tmp_path / "one")
    for name in ("index.html", "data/cases.jsonl", "edition.html.sig", "signed/1.root.json"):
        path = client.download_target(client.get_targetinfo(name))
        assert (tmp_path / "one" / name).read_bytes() == Path(path).read_bytes()
    assert client.get_targetinfo("signed/timestamp.json") is None


def test_the_peers_client_refuses_an_older_one(tmp_path):
    signed(tmp_path / "two", version=2, now=NOW)
    updater(tmp_path, tmp_path / "two").refresh()
    signed(tmp_path / "one", now=NOW)
    with pytest.raises(BadVersionNumberError):
        updater(tmp_path, tmp_path / "one").refresh()


def test_the_peers_client_refuses_a_stale_one(tmp_path):
    signed(tmp_path / "one", now=NOW - dt.timedelta(days=40))
    with pytest.raises(ExpiredMetadataError):
        updater(tmp_path, tmp_path / "one").refresh()


def test_the_peer_verifies_our_roots_and_their_thresholds():
    whole = Metadata.from_bytes(editions.first_root())
    result = whole.signed.get_verification_result("root", whole.signed_bytes, whole.signatures)
    assert (result.verified, len(result.signed), result.threshold) == (True, 2, 2)
    unsigned = editions.snapshot.new_root(editions.HOLDERS, 2, editions.PUBLISHERS, expires=LATER)
    half = Metadata.from_bytes(editions.cosigned(unsigned, ORGANISATIONS[1]))
    assert not half.signed.get_verification_result("root", half.signed_bytes, half.signatures).verified
