"""Find a Chromium for the journeys: `XINGTAN_CHROMIUM`, the system's, or the one that `make setup` unpacked."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = Path(__file__).resolve().parents[2] / ".cache" / "chromium"
# --no-sandbox: containers run as root; only pages of our own live server are opened.
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def system() -> Path | None:
    named = os.environ.get("XINGTAN_CHROMIUM", "")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), "")
    return Path(found) if found else None


def chromium() -> tuple[Path, dict[str, str]]:
    """Return the program and what its environment needs besides. Raises FileNotFoundError when there is none."""
    if path := system():
        return path, {}
    program = UNPACKED / "chromium"
    if not program.exists():
        raise FileNotFoundError("no Chromium: `make setup` fetches one")
    folders = ":".join(str(path) for path in sorted((UNPACKED / "libraries").rglob("lib")) if path.is_dir())
    return program, {"LD_LIBRARY_PATH": folders}


if __name__ == "__main__":
    sys.exit(0 if system() else 1)
