"""The rows under a figure, as far as the reader may see them. Rows beyond that are counted, never silently left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.ledgers import cells
from xingtan.apps.record.ledgers.models import Record
from xingtan.apps.record.ledgers.policies import Sight, readable
from xingtan.apps.record.ledgers.shape import Shape, shape_of
from xingtan.engine.indicators import drill
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.period import Period

from .store import Book, runner_of


@dataclass(frozen=True, slots=True)
class Step:
    """One row under a figure."""

    dataset: str
    org: str
    when: str
    content: str
    part: str
    counted: str
    doubt: str
    url: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Rows the reader may see, and how many there are that he may not."""

    rows: list[Step]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)


def trail(account: Any, shelf: Book, indicator: IndicatorSpec, org: Organisation, period: Period) -> Trail:
    """Walk a figure back to its rows."""
    found = drill.rows(shelf.model, runner_of(shelf.snapshot), indicator.id, org.code, period).to_pylist()
    merged = _merged(found)
    by_dataset: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in merged:
        by_dataset[row["dataset"]].append(row)
    steps: list[Step] = []
    for dataset, rows in by_dataset.items():
        steps += _steps(account, shelf, dataset, rows)
    return Trail(steps, len(merged))


def _merged(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a row: a row that stands in the numerator and the denominator is one row."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["dataset"], row["row_id"])
        known = found.setdefault(key, dict(row))
        if known["part"] != row["part"]:
            known["part"] = "both"
        if row["counted"] != known["counted"]:
            known["counted"] = "yes"
    return list(found.values())


def _steps(account: Any, shelf: Book, dataset: str, rows: list[dict[str, Any]]) -> list[Step]:
    if dataset not in shelf.pack.ledgers:
        return [_plain(shelf, row) for row in rows]
    shape = shape_of(shelf.place, dataset)
    sight = Sight(account, shape)
    visible = _visible(account, shape, rows)
    return [_step(shape, sight, row, visible[row["row_id"]]) for row in rows if row["row_id"] in visible]


def _visible(account: Any, shape: Shape, rows: list[dict[str, Any]]) -> dict[str, Record]:
    keys = [int(row["row_id"]) for row in rows]
    records: QuerySet[Record] = Record.objects.filter(place=shape.place, ledger=shape.ledger.id, pk__in=keys).select_related("org")
    return {str(record.pk): record for record in readable(account, shape, records)}


def _step(shape: Shape, sight: Sight, row: dict[str, Any], record: Record) -> Step:
    shown = [field for field in shape.ledger.fields if not sight.hides(field.id, record.org_id)]
    said = [(field.title, _said(field, record.data.get(field.id))) for field in shown]
    content = _("；").join(f"{title} {text}" for title, text in said if text)
    when = record.period or (record.date.isoformat() if record.date else "")
    url = reverse("ledgers:record", kwargs={"place": shape.place.slug, "ledger": shape.ledger.id, "pk": record.pk})
    return Step(shape.ledger.title, record.org.name, when, content, _part(row), _counted(row), row["doubt"] or "", url)


def _said(field: Any, stored: Any) -> str:
    cell = cells.load(field, stored)
    return "" if cell is None else cell.text or cells.plain_text(cell.value)


def _plain(shelf: Book, row: dict[str, Any]) -> Step:
    dataset = next((one.title for one in shelf.model.spec.datasets if one.id == row["dataset"]), row["dataset"])
    return Step(dataset, row["org"], "", row["row_id"], _part(row), _counted(row), row["doubt"] or "", "")


def _part(row: dict[str, Any]) -> str:
    names = {"numerator": _("分子"), "denominator": _("分母"), "both": _("分子和分母")}
    return names.get(row["part"] or "", _("全部"))


def _counted(row: dict[str, Any]) -> str:
    return _("计入") if row["counted"] == "yes" else _("不能确定是否计入")
