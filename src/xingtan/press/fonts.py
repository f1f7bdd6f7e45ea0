"""Where the free fonts for documents lie: the site's own folder first, then the faces that `make setup` lays out."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def font_folders() -> tuple[Path, ...]:
    """Folders with fonts for PDF and pictures, best first: ``XINGTAN_FONTS`` of the site, then our Noto Serif SC and Noto Sans SC."""
    own = os.environ.get("XINGTAN_FONTS", "")
    site = tuple(Path(part) for part in own.split(os.pathsep) if part)
    shipped = (PACKAGE / "fonts", PACKAGE.parents[1] / "frontend" / "fonts")
    return (*site, *(folder for folder in shipped if folder.is_dir()))
