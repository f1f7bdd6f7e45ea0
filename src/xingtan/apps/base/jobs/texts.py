"""Texts and issues as they are kept in the database: template and parameters apart, so that each reader gets them in their language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text


def text_pack(text: Text | None) -> dict[str, Any]:
    """Return a text as JSON; parameters that JSON does not know become strings. No text is an empty object."""
    if text is None:
        return {}
    return {"template": text.template, "params": {name: _plain(value) for name, value in text.params.items()}}


def text_unpack(kept: dict[str, Any]) -> Text | None:
    return T(kept["template"], **kept.get("params", {})) if kept else None


def issues_pack(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    return [
        {
            "severity": str(issue.severity), "code": issue.code, "where": str(issue.where), "value": issue.value, "excerpt": issue.excerpt,
            "message": text_pack(issue.message), "hint": text_pack(issue.hint),
        }
        for issue in issues
    ]  # fmt: skip


def issues_unpack(kept: Iterable[dict[str, Any]]) -> tuple[Issue, ...]:
    """Return the issues; a place is given back as one text, in the field for files."""
    return tuple(
        Issue(
            Severity(one["severity"]), one["code"], text_unpack(one["message"]) or Text(""), Where(file=one["where"]),
            text_unpack(one["hint"]), one["value"], one["excerpt"],
        )
        for one in kept
    )  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, Text):
        return str(value)
    return value if isinstance(value, str | int | bool | float | None) else str(value)
