"""What a page ships: the budget of scripts, and that they are there at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

DIST = Path(__file__).resolve().parents[2] / "frontend" / "dist"
PAGE_BUDGET = 100_000
CHART_BUDGET = 230_000


@pytest.fixture(scope="module")
def manifest():
    path = DIST / "manifest.json"
    assert path.exists(), "the front end is not built: `make setup`"
    return json.loads(path.read_text(encoding="utf-8"))


def compressed(name: str) -> int:
    return len(gzip.compress((DIST / name).read_bytes(), 9))


def test_an_ordinary_page_ships_little_script(manifest):
    entry = manifest["src/main.js"]
    names = [entry["file"], *(manifest[name]["file"] for name in entry.get("imports", ()))]
    assert sum(map(compressed, names)) <= PAGE_BUDGET


def test_charts_load_on_demand_only(manifest):
    assert "src/chart.js" in manifest["src/main.js"]["dynamicImports"]
    assert compressed(manifest["src/chart.js"]["file"]) <= CHART_BUDGET


def test_styles_name_our_own_origin_only(manifest):
    for name in manifest["src/main.js"]["css"]:
        text = (DIST / name).read_text(encoding="utf-8")
        assert "url(data:" not in text
        assert "url(http" not in text
        assert "@import" not in text
