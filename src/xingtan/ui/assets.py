"""Where Vite put the scripts and styles: its manifest, read once."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ENTRY = "src/main.js"


@lru_cache(maxsize=4)
def _manifest(path: Path, stamp: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def tags() -> SafeString:
    """Return the link and script elements of the bundle. Without a bundle pages stay readable, bare: `make setup` builds it."""
    path = Path(settings.FRONTEND_DIST) / "manifest.json"
    if not path.exists():
        return SafeString()
    entry = _manifest(path, path.stat().st_mtime_ns)[ENTRY]
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in entry.get("css", ())))
    return links + format_html('<script type="module" src="{}"></script>', static(entry["file"]))
