"""Lists that filter, search, sort and page on the server and keep their state in the address.

    table = Table(columns=(Column("name", _("姓名"), lambda p: p.name, sort="name"), …), filters=(…), default="name")
    bound = table.bind(request, queryset)
    if bound.export: return bound.workbook(_("教职工名册"))
    return render(request, "people/list.html", {"table": bound})      # {% table table %} draws all of it

`rows` is a queryset, or a sequence that is sorted by the columns' own values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property

from xingtan.kernel.quantity import Quantity
from xingtan.press import xlsx
from xingtan.ui.columns import Cell, Column, Control, Filter, Head, Label, R, Row
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.figures import light
from xingtan.ui.text import render

__all__ = ["Bound", "Column", "Filter", "Table"]
SIZES = (50, 200, 1000)
MAX_TEXT = 200
KINDS: dict[str, xlsx.Kind] = {"number": "number", "figure": "number", "date": "date"}


@dataclass(frozen=True)
class Table(Generic[R]):
    """The description of a list, made once. `search` narrows the rows by words typed into the box; `default` is the sort column,
    with "-" before it for descending; `many` are the actions on ticked rows, as (url, label); `prefix` keeps two lists of a page apart;
    `cards`: on a narrow screen a row becomes a card, else the table is pushed sideways.
    """

    columns: Sequence[Column[R]]
    filters: Sequence[Filter] = ()
    search: Callable[[Any, str], Any] | None = None
    search_label: Label = ""
    default: str = ""
    size: int = SIZES[0]
    key: Callable[[R], str] = field(default=lambda row: str(getattr(row, "pk", "")))
    many: Sequence[tuple[str, Label]] = ()
    prefix: str = ""
    cards: bool = True

    def bind(self, request: HttpRequest, rows: QuerySet[Any] | Sequence[R]) -> Bound[R]:
        return Bound(self, request, rows)


class Bound(Generic[R]):
    """A list for one request: what the template draws. Values of the address that mean nothing are ignored, never an error."""

    def __init__(self, table: Table[R], request: HttpRequest, rows: QuerySet[Any] | Sequence[R]) -> None:
        self.table = table
        self.request = request
        self._all = rows

    def _param(self, name: str) -> str:
        return self.request.GET.get(self.name(name), "").strip()[:MAX_TEXT].replace("\x00", "")

    def name(self, parameter: str) -> str:
        return f"{self.table.prefix}{parameter}"

    @cached_property
    def controls(self) -> list[Control]:
        found = []
        for item in self.table.filters:
            options, value = item.options(), self._param(item.id)
            if item.kind == "choice" and value not in {str(key) for key, _label in options}:
                value = ""
            found.append(Control(item, self.name(item.id), value, options))
        return found

    @property
    def words(self) -> str:
        return self._param("q") if self.table.search else ""

    @property
    def searchable(self) -> bool:
        return self.table.search is not None

    @property
    def narrowed(self) -> bool:
        return bool(self.words) or any(control.value for control in self.controls)

    @cached_property
    def matching(self) -> QuerySet[Any] | Sequence[R]:
        """All rows under the filter, sorted."""
        rows: Any = self._all
        for control in self.controls:
            rows = control.filter.apply(rows, control.value) if control.value else rows
        if self.words and self.table.search:
            rows = self.table.search(rows, self.words)
        found: QuerySet[Any] | Sequence[R] = self._sorted(rows)
        return found

    @cached_property
    def order(self) -> tuple[Column[R] | None, bool]:
        """The column sorted by, and whether descending."""
        by_id = {column.id: column for column in self.table.columns if column.sort}
        for text in (self._param("sort"), self.table.default):
            if text.lstrip("-") in by_id:
                return by_id[text.lstrip("-")], text.startswith("-")
        return None, False

    def _sorted(self, rows: Any) -> Any:
        column, down = self.order
        if column is None:
            return rows
        if isinstance(rows, QuerySet):
            path = F(column.sort if isinstance(column.sort, str) else column.id)
            # Rows without a value stand last either way; the key makes the order total, so that pages never overlap.
            return rows.order_by(path.desc(nulls_last=True) if down else path.asc(nulls_last=True), "pk")
        rank = column.rank or column.cell
        known = [row for row in rows if rank(row) is not None]
        unknown = [row for row in rows if rank(row) is None]
        return sorted(known, key=rank, reverse=down) + unknown

    @cached_property
    def total(self) -> int:
        rows = self.matching
        return rows.count() if isinstance(rows, QuerySet) else len(rows)

    @property
    def size(self) -> int:
        asked = self._param("size")
        return int(asked) if asked in {str(n) for n in SIZES} else self.table.size

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        asked = self._param("page")
        wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        return min(max(1, wanted), self.pages)

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.size, self.total)

    @cached_property
    def rows(self) -> list[Row[R]]:
        shown = self.matching[(self.page - 1) * self.size : self.page * self.size]
        return [self._row(record) for record in shown]

    def _row(self, record: R) -> Row[R]:
        cells = [Cell(c.cell(record), c, c.link(record) if c.link else "") for c in self.table.columns]
        return Row(record, cells, self.table.key(record))

    @property
    def heads(self) -> list[Head]:
        column, down = self.order
        found = []
        for c in self.table.columns:
            mine = column is not None and c.id == column.id
            url = self.url(sort=f"-{c.id}" if mine and not down else c.id, page="") if c.sort else ""
            found.append(Head(c.title, c.unit, c.kind, c.minor, url, ("descending" if down else "ascending") if mine else ""))
        return found

    def url(self, **changes: str) -> str:
        """Return this list's address with some parameters changed; an empty value takes a parameter out."""
        return self.with_query(**{self.name(name): value for name, value in changes.items()})

    def with_query(self, **changes: str) -> str:
        """The same for parameters of the page, which no list's prefix belongs to."""
        query = dict(self.request.GET.lists())
        for name, value in changes.items():
            if value:
                query[name] = [value]
            else:
                query.pop(name, None)
        return f"?{urlencode(query, doseq=True)}" if query else self.request.path

    @property
    def clear_url(self) -> str:
        return self.url(q="", page="", **{item.id: "" for item in self.table.filters})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters that the filter bar hands on: everything but its own controls and the page."""
        own = {control.name for control in self.controls} | {self.name("q"), self.name("page"), self.name("export")}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def previous_url(self) -> str:
        return self.url(page=str(self.page - 1) if self.page > 2 else "") if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=str(self.page + 1)) if self.page < self.pages else ""

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Page sizes worth offering, as (size, address, present one); none for what fits on the smallest page."""
        if self.total <= SIZES[0]:
            return []
        return [(n, self.url(size=str(n), page=""), n == self.size) for n in SIZES if n < self.total or n == self.size or n == SIZES[0]]

    # -- export: exactly what the filter shows, all pages of it

    @property
    def export(self) -> bool:
        return self._param("export") == "xlsx"

    @property
    def image(self) -> bool:
        """Whether the drawing of the list is asked for instead of the page."""
        return self._param("export") == "svg"

    @property
    def export_url(self) -> str:
        return self.url(export="xlsx", page="")

    def sheet(self, title: str) -> xlsx.Sheet:
        """Return the list as a sheet: all matching records, the conditions it was narrowed by above the headings."""
        columns = [c for c in self.table.columns if c.kind != "actions"]
        heads = [xlsx.Column(str(c.title), KINDS.get(c.kind, "text"), str(c.unit)) for c in columns]
        rows: Any = self.matching
        records = rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else rows
        values = ([_written(c, record) for c in columns] for record in records)
        return xlsx.Sheet(title, heads, values)

    def workbook(self, title: str) -> HttpResponseBase:
        """Return the list as an xlsx file to keep."""
        return download(xlsx.write([self.sheet(title)], xlsx.Properties(title=title)), f"{title}.xlsx", XLSX)


def _written(column: Column[Any], record: Any) -> Any:
    """The value of a cell in a workbook: numbers stay numbers, a light becomes its word, a moment is local."""
    value = (column.export or column.cell)(record)
    if column.kind == "light" and column.export is None:
        return str(light(value).word)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.make_naive(value)
    return value if value is None or isinstance(value, (bool, int, float, Decimal, date, Quantity, xlsx.Cell)) else render(value)
