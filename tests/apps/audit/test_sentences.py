"""Every action that a service records has a sentence: nobody reads `access.sign_in` in the log."""

from __future__ import annotations

import ast
from pathlib import Path

from xingtan.apps.base.audit import display

SOURCE = Path(__file__).resolve().parents[3] / "src" / "xingtan"


def recorded():
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "record" in getattr(node.func, "id", getattr(node.func, "attr", "")):
                for keyword in node.keywords:
                    if keyword.arg == "action" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value


def test_every_recorded_action_has_a_sentence():
    actions = set(recorded())
    assert "access.sign_in" in actions
    assert sorted(actions - dict(display.actions()).keys()) == []
