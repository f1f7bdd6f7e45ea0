"""Small pieces only: a module fits on a few screens, a function on one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "xingtan"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
MODULE_LINES = 300
FUNCTION_LINES = 25


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    words = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return function.end_lineno - function.lineno + 1 - (first.end_lineno - first.lineno + 1 if words else 0)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_and_its_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name} at line {node.lineno}: {own_lines(node)} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and own_lines(node) > FUNCTION_LINES
    ]
    lines = len(text.splitlines())
    assert lines <= MODULE_LINES, f"{path}: {lines} lines"
    assert not long, f"{path}: {long}"


def test_a_long_function_would_be_found():
    body = "\n".join(f"    x = {n}" for n in range(FUNCTION_LINES))
    function = ast.parse(f'def f():\n    """One.\n\n    Two.\n    """\n{body}\n').body[0]
    assert own_lines(function) == FUNCTION_LINES + 1
