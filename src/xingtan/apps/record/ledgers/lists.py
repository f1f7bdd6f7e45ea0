"""The list of a ledger: columns, filters and search from the pack."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.period import Period, PeriodError
from xingtan.kernel.quantity import Quantity
from xingtan.pack.schema.ledger import NUMERIC, Field
from xingtan.press import xlsx
from xingtan.ui import figures
from xingtan.ui.named import named
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.templatetags.xingtan import light
from xingtan.ui.text import render

from .cells import Cell, load, words
from .models import TEXT_SLOTS, Record
from .policies import Sight
from .sealing import masked
from .shape import Shape

WIDE = 7  # further columns are left out on narrow screens


def table_of(shape: Shape, sight: Sight, *, many: bool) -> Table[Record]:
    """The list, for a reader with this sight. `many`: rows can be ticked and withdrawn."""
    place, ledger = shape.place.slug, shape.ledger.id
    stem = address(place, ledger, 0).removesuffix("0/")
    first = Column[Record]("org", _("单位"), lambda row: row.org.name, sort="org__name", link=lambda row: f"{stem}{row.pk}/")
    columns = [first]
    if shape.ledger.period or not shape.date_field:
        columns.append(Column[Record]("period", _("期间"), period_words, sort="period"))
    columns += [_column(shape, item, sight, minor=n >= WIDE) for n, item in enumerate(shape.ledger.fields)]
    columns.append(Column[Record]("doubt", _("存疑"), doubt_mark, kind="html", sort="doubt", export=lambda row: row.doubt))
    withdraw = reverse("ledgers:withdraw_many", kwargs={"place": place, "ledger": ledger})
    return Table(
        tuple(columns), tuple(_filters(shape, sight)), _search(shape, sight), str(_("查找")), default=_default(shape, sight),
        many=((withdraw, _("作废勾选的行…")),) if many else (),
    )  # fmt: skip


def address(place: str, ledger: str, pk: int) -> str:
    return reverse("ledgers:record", kwargs={"place": place, "ledger": ledger, "pk": pk})


def period_words(row: Record) -> str:
    """The period as a clerk writes it; of a row with a date only, nothing."""
    if not row.period:
        return ""
    try:
        return render(Period.parse(row.period).label())
    except PeriodError:
        return row.period


def doubt_mark(row: Record) -> SafeString:
    return light("doubtful") if row.doubt else SafeString()


def shown(shape: Shape, item: Field, row: Record, sight: Sight) -> str:
    """A cell as the reader may see it."""
    if sight.hides(item.id):
        return masked_words(shape, item, row)
    return cell_words(shape, item, load(item, row.data.get(item.id)))


def masked_words(shape: Shape, item: Field, row: Record) -> str:
    """The mask of a sensitive cell."""
    return masked(shape.ledger, item, cell_words(shape, item, load(item, row.data.get(item.id))))


def cell_words(shape: Shape, item: Field, cell: Cell | None) -> str:
    """A cell in words: numbers with separators and the declared decimals, bounds as clerks write them."""
    if cell and isinstance(cell.value, Quantity) and cell.value.is_exact and item.type != "percent":
        return figures.number(cell.value.value, item.digits)
    return words(item, cell, shape.titles(item.id))


def _column(shape: Shape, item: Field, sight: Sight, *, minor: bool) -> Column[Record]:
    slot = shape.layout.get(item.id)
    kind = "number" if item.type in NUMERIC else "text"
    sort = slot if slot and not sight.hides(item.id) else False
    # Most cells of a column say what another has said; what was stored as an object is read each time.
    said = lru_cache(maxsize=1024)(lambda stored: cell_words(shape, item, load(item, stored)))

    def cell(row: Record) -> str:
        stored = row.data.get(item.id)
        return said(stored) if type(stored) is str and not sight.hides(item.id) else shown(shape, item, row, sight)

    return Column[Record](
        item.id, named(item), cell, kind, unit_of(item), sort,
        export=lambda row: _exported(shape, item, row, sight), minor=minor,
    )  # fmt: skip


def unit_of(item: Field) -> str:
    """The unit for the heading; rates are printed with their sign."""
    return "" if item.type == "percent" else item.unit or ("元" if item.type == "money" else "")


def _exported(shape: Shape, item: Field, row: Record, sight: Sight) -> Any:
    """Exact numbers as numbers; everything else in the words of the page."""
    if not sight.hides(item.id) and item.type in NUMERIC:
        cell = load(item, row.data.get(item.id))
        if cell and isinstance(cell.value, Quantity) and cell.value.is_exact:
            # A rate is kept as a fraction; its digits are those of the fraction.
            return xlsx.Cell(cell.value, kind="percent", digits=max((item.digits or 4) - 2, 0)) if item.type == "percent" else cell.value
    return shown(shape, item, row, sight)


def _default(shape: Shape, sight: Sight) -> str:
    names = [name for name in shape.ledger.sort if name.lstrip("-") in shape.layout and not sight.hides(name.lstrip("-"))]
    return names[0] if names else "org"


def _filters(shape: Shape, sight: Sight) -> list[Filter]:
    found = [Filter("doubtful", _("存疑"), lambda rows, _value: rows.exclude(doubt=""), choices=(("1", _("只看存疑")),))]
    for item in shape.ledger.fields:
        slot = shape.layout.get(item.id)
        if slot is None or sight.hides(item.id):
            continue
        if item.type == "code":
            found.append(Filter(f"f_{item.id}", named(item), _equals(slot), choices=tuple(shape.titles(item.id).items())))
        elif item.type == "boolean":
            found.append(Filter(f"f_{item.id}", named(item), _equals(slot), choices=(("是", _("是")), ("否", _("否")))))
    return found


def _equals(slot: str) -> Callable[[Any, str], Any]:
    return lambda rows, value: rows.filter(**{slot: value})


def _search(shape: Shape, sight: Sight) -> Callable[[Any, str], Any]:
    slots = [
        shape.layout[name]
        for name in dict.fromkeys((*shape.ledger.search, *shape.ledger.key))
        if name in shape.layout and not sight.hides(name)
    ]
    texts = [slot for slot in slots if slot in TEXT_SLOTS]

    def narrow(rows: QuerySet[Record], typed: str) -> QuerySet[Record]:
        for word in typed.split():
            condition = Q(org__name__icontains=word) | Q(org__code__iexact=word)
            for slot in texts:
                condition |= Q(**{f"{slot}__icontains": word})
            rows = rows.filter(condition)
        return rows

    return narrow
