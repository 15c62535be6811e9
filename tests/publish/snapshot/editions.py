"""Three invented organisations, their keys and root, and small editions to sign and check."""

import datetime as dt
import hashlib

from gavah import seal
from gavah.publish import snapshot

DAY = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
ORGANISATIONS = ("North Archive", "Lamp Collective", "گروه سپیده")


def key(name):
    """A private key that is the same in every run."""
    return hashlib.sha256(name.encode()).digest()


HOLDERS = {name: seal.public_key(key(name)) for name in ORGANISATIONS}
EDITOR = key("editor")
PUBLISHERS = {"North Archive, editor": seal.public_key(EDITOR)}


def cosigned(root, *names, before=None):
    for name in names:
        root, _ = snapshot.cosign(root, key(name), before)
    return root


def first_root():
    unsigned = snapshot.new_root(HOLDERS, 2, PUBLISHERS, expires=LATER)
    return cosigned(unsigned, ORGANISATIONS[0], ORGANISATIONS[2])


def fill(folder, mark="one"):
    """A folder as `publish` leaves it, small."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(f"<h1>{mark}</h1>", encoding="utf-8")
    (folder / "edition.html").write_text(f"<h1>all of {mark}</h1>", encoding="utf-8")
    (folder / "data/empty.csv").write_bytes(b"")
    lines = [b'{"case_id":"G-1","name":"A"}\n', b'{"case_id":"G-2","name":"%s"}\n' % mark.encode()]
    (folder / "data/cases.jsonl").write_bytes(b"".join(lines))
    return folder


def signed(folder, version=1, mark="one", roots=None, now=DAY, **rest):
    """A signed edition in `folder`; `rest` goes to `sign_edition`."""
    fill(folder, mark)
    given = {"edition": {"as-of": "2026-02-28", "figure.killed": 10 + version}, "singles": ("edition.html",), **rest}
    return snapshot.sign_edition(folder, roots or [first_root()], EDITOR, version=version, now=now, **given)
