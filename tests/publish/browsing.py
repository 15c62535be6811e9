"""Opens pages in Chromium from a folder, as a reader would: what stands there after the scripts ran, the console, and what was asked for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-extensions", "--enable-logging=stderr", "--virtual-time-budget=6000",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom",
]  # fmt: skip
_OWN = re.compile(r"https?://[\w.-]*(google|googleapis|gvt1)\.com/")  # the browser's own calls
_SEEN = re.compile(r'<pre id="seen">(.*?)</pre>', re.DOTALL)


@dataclass(frozen=True)
class Visit:
    document: str
    console: list[str]
    asked: list[str]

    @property
    def seen(self) -> Any:
        """What the probe wrote down."""
        text = _SEEN.search(self.document)[1]  # type: ignore[index]
        return json.loads(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def visit(page: Path, profile: Path, *, mark: str = "") -> Visit:
    """The page as a reader gets it; `mark` is what follows the #."""
    log = profile.with_suffix(".net.json")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", f"--log-net-log={log}", page.as_uri() + mark]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    console = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    found = re.findall(r'"url":"((?:https?|wss?|ftp):[^"]*)"', log.read_text(errors="replace")) if log.exists() else []
    return Visit(ran.stdout, console, [address for address in found if not _OWN.match(address)])


def probed(page: Path, script: str, *libraries: Path) -> Path:
    """A copy of the page beside it that runs `script`, an async function's body over `seen`, and writes `seen` down. The copy lets
    scripts in that the page's own policy forbids.
    """
    loads = "".join(f'<script src="{library.as_uri()}"></script>' for library in libraries)
    run = (
        f"<script>addEventListener('load', async () => {{ const seen = {{}}; {script}\n"
        "const kept = document.createElement('pre'); kept.id = 'seen'; kept.textContent = JSON.stringify(seen);"
        " document.body.append(kept); });</script>"
    )
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    copy = page.with_name(f"probed-{page.name}")
    copy.write_text(text.replace("</body>", f"{loads}{run}</body>"), encoding="utf-8")
    return copy


def written(files: Any, folder: Path) -> Path:
    """The files of a publication, in a folder."""
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder
