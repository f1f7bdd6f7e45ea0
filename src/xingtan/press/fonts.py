"""Where the free fonts for documents lie: the site's own folder first."""

from __future__ import annotations

import os
from pathlib import Path


def font_folders() -> tuple[Path, ...]:
    """Folders with fonts for PDF and pictures, best first: ``XINGTAN_FONTS`` of the site."""
    own = os.environ.get("XINGTAN_FONTS", "")
    return tuple(Path(part) for part in own.split(os.pathsep) if part)
