"""Time stamps from a service on this machine: OpenSSL's own, made for the test."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.app.app_parties import Group, listed

from gavah.model.carried import Stamp
from gavah.model.errors import StampError

pytest.importorskip("rfc3161_client", reason="the package rfc3161-client (extra `gateway`) is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="Debian's package `openssl` is not installed")

CONFIG = """[tsa]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **more).stdout


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """An authority, its certificate for stamping, and a server on loopback that answers with `openssl ts -reply`."""
    folder = tmp_path_factory.mktemp("tsa")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for name in ("ca", "other"):
        openssl(
            "req",
            "-x509",
            *curve,
            "-keyout",
            folder / f"{name}.key",
            "-out",
            folder / f"{name}.pem",
            "-subj",
            f"/CN={name}",
            "-days",
            900,
        )
    openssl("req", *curve, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr", "-subj", "/CN=stamps")
    (folder / "ext").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"
    )
    signed = ("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", 800)
    openssl("x509", "-req", "-in", folder / "tsa.csr", *signed, "-extfile", folder / "ext", "-out", folder / "tsa.pem")
    (folder / "serial").write_text("01\n")
    (folder / "conf").write_text(CONFIG.format(folder=folder))
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(query)
            (folder / "query").write_bytes(query)
            answer = openssl(
                "ts", "-reply", "-config", folder / "conf", "-section", "tsa", "-queryfile", folder / "query"
            )
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer if self.path == "/" else answer[:-40])

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def group(tmp_path):
    made = Group(tmp_path, "a")
    made.do(lambda held: held.add([listed(tmp_path, "home", ["Sina Golzar"])], "Home"))
    made.pack(tmp_path / "x", made)
    return made


def test_a_manifest_is_stamped_and_the_stamp_travels(group, service, tmp_path):
    folder, url, asked = service
    before = group.digest()
    (done,) = group.do(lambda held: held.stamp(url + "/", folder / "ca.pem"))
    assert group.do(lambda held: held.stamp(url + "/", folder / "ca.pem")) == []  # every manifest has one
    ((_, thing),) = group.do(lambda held: list(held._store.of_kind(Stamp.kind)))
    (tmp_path / "answer").write_bytes(thing.token)
    (tmp_path / "signature").write_bytes(thing.signature)
    checked = openssl(
        "ts", "-verify", "-data", tmp_path / "signature", "-in", tmp_path / "answer", "-CAfile", folder / "ca.pem"
    )
    assert b"OK" in checked or checked == b""  # OpenSSL says the same, on one stream or the other
    text = openssl("ts", "-reply", "-in", tmp_path / "answer", "-text").decode()
    assert f"{done.time:%b} {done.time.day:2} {done.time:%H:%M:%S}" in text
    assert len(asked[-1]) < 150  # a hash and a nonce
    assert group.digest() == before
    other = Group(tmp_path, "b")
    other.believe(group)
    made = group.pack(tmp_path / "y", other)
    other.unpack(*[one.path for one in made])
    assert other.do(lambda held: held.check()) == []


def test_stamps_are_verified_without_the_network(group, service):
    folder, url, _ = service
    group.do(lambda held: held.stamp(url + "/", folder / "ca.pem"))
    (good,) = group.do(lambda held: held.stamps(folder / "ca.pem"))
    (bad,) = group.do(lambda held: held.stamps(folder / "other.pem"))
    assert good.time is not None
    assert bad.time is None
    assert "does not hold" in bad.fault


@pytest.mark.parametrize("path", ["/broken", "/elsewhere", ":nonsense"])
def test_an_answer_that_does_not_hold_is_not_kept(group, service, path):
    folder, url, _ = service
    with pytest.raises(StampError):
        group.do(lambda held: held.stamp(url + path, folder / "ca.pem"))
    assert group.do(lambda held: list(held._store.of_kind(Stamp.kind))) == []


def test_the_service_is_named_by_configuration_or_not_at_all(group, service):
    folder, url, _ = service
    with pytest.raises(StampError, match="no service is named"):
        group.do(lambda held: held.stamp())
    settings = group.path / "archive.toml"
    settings.write_text(settings.read_text() + f'\n[stamping]\nurl = "{url}/"\nroots = "roots.pem"\n')
    (group.path / "roots.pem").write_bytes((folder / "ca.pem").read_bytes())
    assert len(group.do(lambda held: held.stamp())) == 1
    with pytest.raises(StampError, match="http"):
        group.do(lambda held: held.stamp("file:///etc/hostname", folder / "ca.pem"))
