"""The pack that the guide for authors builds up is a good one: what the guide prints is checked as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.golden.test_engine import test_the_engine_agrees_with_the_worked_answers as agrees

from xingtan import pack

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "pack-author.md"
NAMES = ("pack.yaml", "ledgers/lessons.yaml", "indicators/lessons.yaml", "golden/lessons.yaml", "reports/annual.md")


@pytest.fixture
def folder(tmp_path):
    text = GUIDE.read_text(encoding="utf-8")
    root = tmp_path / "mycounty" / "2026.1"
    for name in NAMES:
        body = re.compile(r"```\w*\n(.*?)```", re.DOTALL).search(text, text.index(f"`{name}`"))[1]
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(body, encoding="utf-8")
    return root


def test_the_guides_pack_has_no_findings(folder):
    assert [str(issue.message) for issue in pack.check(folder, roots=(pack.builtin_root(),))] == []


def test_the_engine_gives_the_guides_worked_answer(folder):
    loaded = pack.load(folder, roots=(pack.builtin_root(),))
    agrees(loaded.pack, loaded.pack.golden["lessons"])
