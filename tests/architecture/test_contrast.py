"""WCAG AA: text 4.5 to 1 on its ground, the edges of controls and marks 3 to 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "styles" / "tokens.css"
COLOURS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", TOKENS.read_text(encoding="utf-8")))
GROUNDS = ("paper", "sheet")
TEXTS = [(text, ground) for text in ("ink", "ink-2", "ink-3", "accent", "met", "near", "miss", "none") for ground in GROUNDS]
TEXTS += [(tone, f"{tone}-soft") for tone in ("met", "near", "miss", "none")]
TEXTS += [("ink", f"{tone}-soft") for tone in ("accent", "met", "near", "miss")]
TEXTS += [("miss", "miss-soft"), ("ink-2", "line-2"), ("sheet", "accent"), ("sheet", "accent-deep"), ("sheet", "miss"), ("sheet", "ink")]
EDGES = [("control", "sheet"), ("control", "paper"), ("accent", "paper"), ("accent", "sheet"), ("accent", "accent-soft")]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_readable(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_are_seen(edge, ground):
    assert contrast(edge, ground) >= 3
