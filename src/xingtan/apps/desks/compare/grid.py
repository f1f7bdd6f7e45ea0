"""The table of organisations × indicators: what was chosen, its cells, its lights, and the list that draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xingtan.apps.record.figures import selectors
from xingtan.apps.record.figures.asking import Asked
from xingtan.apps.record.figures.explaining import Reading
from xingtan.apps.record.figures.idle import reads
from xingtan.apps.record.figures.store import Book
from xingtan.apps.record.figures.tables import lights, said, shown
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.text import T, Text
from xingtan.ui.figures import light
from xingtan.ui.named import named
from xingtan.ui.tables import Column, Table
from xingtan.ui.text import render

from .judging import Yardstick, yardsticks
from .levels import Member, members, under, visible

FIRST = 6  # indicators shown before anybody chose


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation and its figures by indicator."""

    member: Member
    cells: Mapping[str, Reading]
    lights: Mapping[str, tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as asked for; `lost` are names of the address that the pack does not know, `hidden` members beyond the reader's reach."""

    specs: tuple[IndicatorSpec, ...]
    lost: tuple[str, ...]
    level: str
    rows: list[Row]
    hidden: int
    sticks: Mapping[str, Yardstick]
    everyone: list[Member]

    @property
    def legend(self) -> list[tuple[str, Text]]:
        return [(named(spec), self.sticks[spec.id].says) for spec in self.specs]


def build(shelf: Book, here: Asked, picks: Sequence[str], level: str) -> Grid:
    """Everything of one table: one evaluation for all of its members and their peers."""
    known = {spec.id: spec for spec in shelf.model.spec.indicators}
    wanted = tuple(dict.fromkeys(picks))
    specs = tuple(known[name] for name in wanted if name in known) or tuple(offered(shelf)[:FIRST])
    everyone = under(shelf, here)
    level = level or ("school" if members(shelf, here, everyone, "school") else "below")
    found = members(shelf, here, everyone, level)
    seen = visible(here, found)
    kinds = {one.code: one.kind for one in found}
    readings = selectors.readings(shelf, specs, list(kinds), here.period)
    sticks = yardsticks(shelf, specs, readings, kinds)
    rows = [_row(one, specs, readings, sticks) for one in seen]
    return Grid(specs, tuple(name for name in wanted if name not in known), level, rows, len(found) - len(seen), sticks, everyone)


def _row(member: Member, specs: Sequence[IndicatorSpec], readings: selectors.Readings, sticks: Mapping[str, Yardstick]) -> Row:
    cells = {spec.id: readings[spec.id, member.code] for spec in specs}
    return Row(member, cells, {spec.id: sticks[spec.id].light(cells[spec.id], member.kind) for spec in specs})


def offered(shelf: Book) -> list[IndicatorSpec]:
    """Indicators that have something behind them in this place, those with a direction first: what schools have, then the rest."""
    filled = {part.table for part in shelf.snapshot.manifest.parts if part.rows}
    behind = reads(shelf.pack.hash)
    named_first = list(dict.fromkeys(one.indicator for standard in shelf.pack.equity.values() for one in standard.conditions))
    order = {name: at for at, name in enumerate(named_first)}
    found = [spec for spec in shelf.model.spec.indicators if not behind[spec.id] or behind[spec.id] & filled]
    return sorted(found, key=lambda spec: (order.get(spec.id, len(order)), not spec.better))


def table_of(grid: Grid, *, file: bool = False) -> Table[Row]:
    """The list that draws the grid; for a file, the word of each light stands in a column beside its value."""
    columns: list[Column[Row]] = [Column("org", _("单位"), lambda row: row.member.name, sort=True)]
    for spec in grid.specs:
        columns.append(_column(spec))
        if file:
            columns.append(_words(spec))
    if file or any(row.member.closed for row in grid.rows):
        columns.append(Column("closed", _("撤销日期"), lambda row: row.member.closed, kind="date", sort=True))
    return Table(columns=columns, size=200, key=lambda row: row.member.code, cards=False)


def _column(spec: IndicatorSpec) -> Column[Row]:
    def cell(row: Row) -> SafeString:
        found, reading = row.lights[spec.id], row.cells[spec.id]
        mark = _light(*found) if found is not None else ""
        return format_html("{} {}{}", shown(reading), mark, lights(reading)) if mark or reading.lights else shown(reading)

    def number(row: Row) -> float | None:
        return row.cells[spec.id].number

    def value(row: Row) -> Any:
        return said(row.cells[spec.id])

    return Column(spec.id, named(spec), cell, kind="figure", sort=True, rank=number, export=value)


def _words(spec: IndicatorSpec) -> Column[Row]:
    def words(row: Row) -> str:
        found = row.lights[spec.id]
        return "；".join(filter(None, [str(found[1] or light(found[0]).word) if found is not None else "", row.cells[spec.id].standing]))

    return Column(f"{spec.id}-light", render(T("%(title)s：状态", title=named(spec))), words)


def _light(state: str, word: str) -> SafeString:
    known = light(state, word)
    return format_html('<span class="light {}"><span aria-hidden="true">{}</span> {}</span>', known.tone, known.shape, known.word)
