"""`CITATION.cff`: how to cite an edition. Invariant: valid CFF 1.2.0, every text quoted so that nothing in it is YAML."""

from __future__ import annotations

import json

from gavah.publish.public import PublicEdition


def citation(edition: PublicEdition) -> bytes:
    """The file, in YAML whose texts are JSON strings (a subset of YAML's double-quoted ones)."""
    title = edition.title("en") or "Register"
    made = edition.made_from
    lines = [
        "cff-version: 1.2.0",
        f"message: {_text('If you use this edition, cite it with its date and digest: later editions correct earlier ones.')}",
        "type: dataset",
        f"title: {_text(title)}",
        "authors:",
        f"  - name: {_text(edition.publisher or 'The publishing group')}",
        f"date-released: {edition.as_of.isoformat()}",
        f"version: {_text(edition.as_of.isoformat())}",
        "identifiers:",
        "  - type: other",
        f"    value: {_text(made.archive_digest)}",
        f"    description: {_text('digest of the archive: sha256 over its objects, and their count')}",
        "  - type: other",
        f"    value: {_text(made.link_run)}",
        f"    description: {_text('link run')}",
        f"abstract: {_text(f'Made with Gavah {made.gavah_version}. Documented figures are floors, neither totals nor estimates.')}",
    ]
    if edition.contact:
        lines.append(f"contact:\n  - name: {_text(edition.contact)}")
    return ("\n".join(lines) + "\n").encode()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
