"""What every command shares: `--json` discipline, findings as text or JSON, exit codes.

Exit codes: 0 done; 1 refused, or findings that are errors; 2 the command line itself is wrong. With `--json`, standard output is one JSON
document and nothing else, also when the command is refused: `{"issues": [{severity, code, message, where, hint, value}]}`.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xingtan.kernel.issues import Issue, Severity, has_errors
from xingtan.kernel.text import Text

if TYPE_CHECKING:
    from xingtan.apps.base.audit.services import Actor

F = TypeVar("F", bound=Callable[..., Any])
SHAPES = {
    Severity.ERROR: "▼ 错误",
    Severity.DOUBT: "◆ 存疑",
    Severity.WARNING: "◆ 提醒",
    Severity.HISTORICAL: "○ 原文如此",
    Severity.INFO: "○ 说明",
}


def json_option(command: F) -> F:
    """Add `--json`; the function gets `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="标准输出只有 JSON，供其他程序使用")(command)


def django_ready() -> None:
    """Load the settings and the applications: for commands that touch the database."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
    django.setup()


def database_ready() -> None:
    """Load Django and refuse, with the remedy, while the database is missing or behind this version."""
    django_ready()
    from xingtan.cli.database import refuse_unready

    refuse_unready()


def operator() -> Actor:
    """Return who acts on the command line: the system, by the hand of this user of the machine."""
    from xingtan.apps.base.audit.services import Actor

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        name = "?"
    return Actor.system(f"命令行（{name}）")


def emit(data: Any) -> None:
    """Write the one JSON document of a command to standard output."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=plain)
    sys.stdout.write("\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Write a line for people."""
    click.echo(text)


def note(text: str) -> None:
    """Write a line for people that must not come between the output of the command."""
    click.echo(text, err=True)


def plain(value: object) -> Any:
    """Return a value as JSON knows it: decimals as strings, dates in ISO form, texts in zh-Hans."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Text | Path):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(type(value).__name__)


def issue_json(issue: Issue) -> dict[str, Any]:
    """Return a finding as other programs read it; absent parts are left out of `where`."""
    where = {name: value for name in issue.where.__slots__ if (value := getattr(issue.where, name)) not in {None, ""}}
    return {
        "severity": str(issue.severity), "code": issue.code, "message": str(issue.message), "where": where,
        "hint": str(issue.hint) if issue.hint else "", "value": issue.value,
    }  # fmt: skip


def issue_text(issue: Issue) -> str:
    """Return a finding as lines for a terminal: gravity, place, reason; the source with its caret; the remedy."""
    where = str(issue.where)
    lines = [f"{SHAPES[issue.severity]}  {where}：{issue.message}" if where else f"{SHAPES[issue.severity]}  {issue.message}"]
    lines += [f"    {line}" for line in issue.excerpt.splitlines()]
    if issue.hint:
        lines.append(f"    → {issue.hint}")
    return "\n".join(lines)


def show_issues(issues: Sequence[Issue], as_json: bool) -> None:
    """Write findings: to standard output as JSON, or to standard error for people."""
    if as_json:
        emit({"issues": [issue_json(issue) for issue in issues]})
        return
    for issue in issues:
        note(issue_text(issue))


def exit_code(issues: Iterable[Issue]) -> int:
    return 1 if has_errors(issues) else 0
