"""Signed editions: signing a published folder, and checking one that came by any way. Invariant: checking needs no network,
and an edition says who vouches for it, which number it is, and what each of its files is.
"""

from gavah.publish.snapshot.changes import FIGURE
from gavah.publish.snapshot.folder import version_in
from gavah.publish.snapshot.metadata import FOLDER, Malformed, Vouched
from gavah.publish.snapshot.roots import ROOT_DOMAIN, Trusted, cosign, follow, new_root
from gavah.publish.snapshot.seen import Memory, Seen
from gavah.publish.snapshot.signing import FRESH_DAYS, ROOT_DAYS, SignedEdition, lone_root, sign_edition
from gavah.publish.snapshot.spoken import spoken
from gavah.publish.snapshot.verdict import CODES, Changes, Finding, Verdict, Weight
from gavah.publish.snapshot.verify import edition_in, verify_edition

__all__ = [
    "CODES",
    "FIGURE",
    "FOLDER",
    "FRESH_DAYS",
    "ROOT_DAYS",
    "ROOT_DOMAIN",
    "Changes",
    "Finding",
    "Malformed",
    "Memory",
    "Seen",
    "SignedEdition",
    "Trusted",
    "Verdict",
    "Vouched",
    "Weight",
    "cosign",
    "edition_in",
    "follow",
    "lone_root",
    "new_root",
    "sign_edition",
    "spoken",
    "verify_edition",
    "version_in",
]
