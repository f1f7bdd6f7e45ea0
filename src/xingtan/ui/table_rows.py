"""The rows of a list as HTML. Drawn here and not by a template: a page of 50 rows asks the template engine for thousands of names, and
that was two thirds of what the page cost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from xingtan.ui import figures
from xingtan.ui.columns import Cell, Column, Head
from xingtan.ui.tables import Bound
from xingtan.ui.text import render

Draw = Callable[[Any], Any]
_SPECIAL = re.compile("[&<>\"']")


def draw(bound: Bound[Any], light: Draw) -> SafeString:
    """All `<tr>` of the page; `light` draws a status light."""
    opened = [_opening(column) for column in bound.table.columns]
    tick = gettext("勾选第 %(n)s 行") if bound.table.many else ""
    lines = []
    for n, row in enumerate(bound.rows, 1):
        box = _box(row.key, tick % {"n": n}) if tick else ""
        cells = [f"{start}{_content(cell, light)}</td>" for start, cell in zip(opened, row.cells, strict=True)]
        lines.append(f"<tr>{box}{''.join(cells)}</tr>")
    return mark_safe("\n".join(lines))  # noqa: S308 - put together from escaped parts only


def heads(bound: Bound[Any]) -> SafeString:
    """The `<th>` of the columns: those that sort lead to the list sorted by them."""
    return mark_safe("\n".join(_head(head) for head in bound.heads))  # noqa: S308 - put together from escaped parts only


def _head(head: Head) -> str:
    minor = " minor" if head.minor else ""
    by = f' aria-sort="{escape(head.sorted)}"' if head.sorted else ""
    arrow = f'<span class="sorted" aria-hidden="true">{"↓" if head.sorted == "descending" else "↑"}</span>' if head.sorted else ""
    title = _escaped(str(head.title))
    shown = f'<a href="{html.escape(head.url)}">{title}{arrow}</a>' if head.url else title
    unit = f' <span class="unit">{_escaped(str(head.unit))}</span>' if head.unit else ""
    return f'<th scope="col" class="col-{escape(head.kind)}{minor}"{by}>{shown}{unit}</th>'


def _opening(column: Column[Any]) -> str:
    minor = " minor" if column.minor else ""
    return f'<td class="col-{escape(column.kind)}{minor}" data-label="{escape(column.title)}">'


def _box(key: str, label: str) -> str:
    return f'<td class="tick"><input type="checkbox" name="row" value="{_escaped(key)}" aria-label="{_escaped(label)}"></td>'


def _escaped(text: str) -> str:
    """As Django's, without its wrapper for lazy texts, which costs more than the escaping."""
    if type(text) is not str:
        return conditional_escape(text)
    return html.escape(text) if _SPECIAL.search(text) else text


def _content(cell: Cell, light: Draw) -> str:
    kind, value = cell.column.kind, cell.value
    if kind == "light":
        return conditional_escape(light(value))
    if kind in {"html", "actions"}:
        return "" if value is None else conditional_escape(value)
    text = _escaped(figures.number(value) if kind == "number" else words(value))
    if not cell.url:
        return text
    start = '<a class="figure"' if kind == "number" else "<a"
    return f'{start} href="{html.escape(str(cell.url))}">{text}</a>'


def words(value: Any) -> str:
    """A value as plain text: kernel texts translated, moments local, "—" for nothing."""
    return "—" if value is None or value == "" else render(value)
