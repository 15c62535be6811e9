"""Take the two pictures of a report that README and docs show.

    python tools/screenshots.py report.html [OUT_DIR]

Writes report.png and report-fa.png (1200 pixels wide). Needs Chromium; pngquant, when there, makes them smaller.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OUT = Path(__file__).parents[1] / "docs/images"
SIZE = "1200,1640"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


def take(browser: str, page: Path, lang: str, target: Path) -> None:
    """One picture of the top of the page in one language."""
    with tempfile.TemporaryDirectory() as profile:
        place = [f"--user-data-dir={profile}", f"--window-size={SIZE}", f"--screenshot={target}"]
        subprocess.run(  # noqa: S603 - a browser found on the path
            [browser, *FLAGS, *place, f"{page.resolve().as_uri()}#{lang}"], check=True, capture_output=True
        )
    shrink = shutil.which("pngquant")
    if shrink:
        subprocess.run(  # noqa: S603 - likewise
            [shrink, "--force", "--strip", "--speed", "1", "--output", str(target), "64", str(target)], check=True
        )


def main(page: Path, out: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is not on this machine: apt-get install chromium")
    out.mkdir(parents=True, exist_ok=True)
    take(browser, page, "en", out / "report.png")
    take(browser, page, "fa", out / "report-fa.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else OUT)
