"""Published tables of rates as they were copied into the ledger: which cells do not add up, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import subtree_ids
from xingtan.apps.record.ledgers import policies
from xingtan.apps.record.ledgers.cells import load
from xingtan.apps.record.ledgers.selectors import current
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.engine.cohorts.published import Broken, Cell, Checked, check
from xingtan.kernel.quantity import Quantity
from xingtan.pack.schema.ledger import Ledger
from xingtan.ui.tables import Column, Table

from .printing import percent, points

LEDGER = "published_rates"


@dataclass(frozen=True, slots=True)
class Line:
    """One cell that breaks the sum."""

    broken: Broken
    period: str
    url: str
    digits: int


@dataclass(frozen=True, slots=True)
class Report:
    """Cells by table (a table is a period): `lines` break, the rest holds or cannot be decided."""

    lines: tuple[Line, ...]
    holding: int
    undecided: int

    @property
    def total(self) -> int:
        return len(self.lines) + self.holding + self.undecided


def report(account: Any, place: Place, org: Organisation) -> Report:
    """All published tables of an organisation and below, as far as the account may read their rows."""
    shape = shape_of(place, LEDGER)
    rows = policies.readable(account, shape, current(place, LEDGER).filter(org__in=subtree_ids(org)))
    tables: dict[str, list[Cell]] = {}
    for pk, period, data in rows.order_by("period", "pk").values_list("pk", "period", "data"):
        tables.setdefault(period, []).append(_cell(shape.ledger, data, str(pk)))
    found = {period: check(cells) for period, cells in tables.items()}
    lines = tuple(line for period, checked in found.items() for line in _lines(place, period, checked))
    return Report(lines, sum(len(one.holding) for one in found.values()), sum(len(one.undecided) for one in found.values()))


def _cell(ledger: Ledger, data: Mapping[str, Any], origin: str) -> Cell:
    cells = {field.id: load(field, data.get(field.id)) for field in ledger.fields}
    words = {
        name: str(cell.value) if (cell := cells[name]) is not None and cell.value is not None else "" for name in ("area", "level", "group")
    }

    def rate(name: str) -> Quantity:
        cell = cells[name]
        return cell.value if cell is not None and isinstance(cell.value, Quantity) else Quantity.unknown(0, 1)

    return Cell(words["area"], words["level"], words["group"], rate("promotion"), rate("repetition"), rate("dropout"), origin)


def _lines(place: Place, period: str, checked: Checked) -> list[Line]:
    def url(cell: Cell) -> str:
        return reverse("ledgers:record", kwargs={"place": place.slug, "ledger": LEDGER, "pk": int(cell.origin)})

    return [Line(one, period, url(one.cell), checked.digits) for one in checked.broken]


def _rate(name: str) -> Any:
    return lambda line: percent(getattr(line.broken.cell, name), line.digits)


BROKEN: Table[Line] = Table(
    columns=(
        Column("area", _("地区"), lambda line: line.broken.cell.area, link=lambda line: line.url, sort=True),
        Column("period", _("期间"), lambda line: line.period, sort=True),
        Column("level", _("层次"), lambda line: line.broken.cell.level, sort=True),
        Column("group", _("组别"), lambda line: line.broken.cell.sex, sort=True),
        Column("promotion", _("升级率"), _rate("promotion"), kind="number", minor=True),
        Column("repetition", _("留级率"), _rate("repetition"), kind="number", minor=True),
        Column("dropout", _("辍学率"), _rate("dropout"), kind="number", minor=True),
        Column("total", _("三率之和"), lambda line: percent(line.broken.total, line.digits), kind="number"),
        Column(
            "off", _("差"), lambda line: points(line.broken.off, line.digits), kind="number", unit=_("百分点"),
        ),
    ),
    size=200,
    key=lambda line: line.broken.cell.origin,
)  # fmt: skip
