"""The line of a fault with a caret under it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

WIDTH = 100


def excerpt(lines: Sequence[str], line: int, column: int, length: int = 1) -> str:
    """Source line and caret; `line` and `column` are 1-based. A long line is cut around the place, wide characters count double."""
    if not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1].replace("\t", " ")
    at = min(max(column - 1, 0), len(text))
    start = max(0, at - WIDTH // 2)
    shown = text[start : start + WIDTH]
    head = "…" if start else ""
    pad = "".join("\u3000" if unicodedata.east_asian_width(char) in "WF" else " " for char in head + text[start:at])
    marks = min(max(length, 1), max(len(shown) - (at - start), 1))
    return f"{head}{shown}\n{pad}{'^' * marks}"
