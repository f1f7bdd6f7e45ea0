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
from xingtan.apps.record.ledgers.sealing import pseudonym
from xingtan.apps.record.ledgers.shape import Shape, shape_of
from xingtan.engine.indicators import drill
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.small_groups import Shown
from xingtan.ui import policy, registers
from xingtan.ui.named import named

from .asking import Asked
from .selectors import WHOLE, Group
from .store import Book, runner_of


@dataclass(frozen=True, slots=True)
class Step:
    """One row under a figure."""

    key: str
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


def trail(here: Asked, shelf: Book, indicator: IndicatorSpec, group: Group = WHOLE) -> Trail:
    """Walk a figure back to its rows; of a breakdown, to those of the group."""
    if _covered(here, shelf, indicator, group):
        return Trail([], 0)
    how: dict[str, Any] = {"today": shelf.today, "recast": shelf.recast}
    found = drill.rows(shelf.model, runner_of(shelf.snapshot), indicator.id, here.org.code, here.period, **how).to_pylist()
    by_dataset: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _merged(found):
        by_dataset[row["dataset"]].append(row)
    steps: list[Step] = []
    total = 0
    for dataset, rows in by_dataset.items():
        walk = _Walk(here, shelf, group)
        shown, counted = walk.ledger(dataset, rows) if dataset in shelf.pack.ledgers else walk.register(dataset, rows)
        steps, total = steps + shown, total + counted
    return Trail(steps, total)


def _covered(here: Asked, shelf: Book, indicator: IndicatorSpec, group: Group) -> bool:
    """Whether the figure is a small group that the reader must not see: then not even the number of its rows is told."""
    if not shelf.veil.counts.get(indicator.id):
        return False
    table = shelf.table([here.org.code], [here.period], [indicator.id], group.by or None)
    figure = table.get(indicator.id, here.org.code, here.period, group.value if group.by and group.value else None)
    return shelf.veil.state(figure, group.by) is not Shown.PLAIN


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


@dataclass(frozen=True, slots=True)
class _Walk:
    """From the rows of one dataset to what the reader sees of them, and how many there are."""

    here: Asked
    shelf: Book
    group: Group

    def ledger(self, dataset: str, rows: list[dict[str, Any]]) -> tuple[list[Step], int]:
        """Rows are shown with the columns of the snapshot's pack; who may see them, the pack in force decides."""
        then = self._shape(dataset)
        now = self._in_force(dataset)
        known: QuerySet[Record] = Record.objects.filter(place=self.here.place, ledger=dataset, pk__in=[int(row["row_id"]) for row in rows])
        records = {str(record.pk): record for record in known.select_related("org")}
        if self.group.by in then.fields:
            field = then.fields[self.group.by]
            records = {key: one for key, one in records.items() if self._grouped(then, field, one) == self.group.value}
            rows = [row for row in rows if row["row_id"] in records]
        seen = set(readable(self.here.account, now or then, known).values_list("pk", flat=True))
        sights = [Sight(shape) for shape in (then, now) if shape is not None]
        shown = [row for row in rows if row["row_id"] in records and records[row["row_id"]].pk in seen]
        return [self._step(then, sights, row, records[row["row_id"]]) for row in shown], len(rows)

    def _grouped(self, shape: Shape, field: Any, record: Record) -> str:
        """The value by which the snapshot grouped the row; of a sensitive text it holds a pseudonym."""
        said = _value(field, record.data.get(field.id))
        hidden = field.id in shape.ledger.visible.sensitive and field.type in {"text", "person"}
        return pseudonym(self.here.place.slug, field.id, said) if hidden else said

    def register(self, dataset: str, rows: list[dict[str, Any]]) -> tuple[list[Step], int]:
        """Rows of a register: as its keeper shows them; where nobody does, by their numbers, for those who may see persons."""
        if (keeper := registers.provider(dataset)) is not None:
            return self._kept(keeper, dataset, rows)
        title = next((one.title for one in self.shelf.model.spec.datasets if one.id == dataset), dataset)
        orgs = Organisation.objects.filter(place=self.here.place, code__in={row["org"] for row in rows})
        may = {org.code for org in orgs if policy.can_at(self.here.account, "people.view", org.pk)}
        day = self.here.period.end
        shown = [
            Step(
                row["row_id"],
                title,
                self.shelf.tree.name(row["org"], day),
                "",
                row["row_id"],
                _part(row),
                _counted(row),
                row["doubt"] or "",
                "",
            )
            for row in rows
            if row["org"] in may
        ]
        return shown, len(rows)

    def _kept(self, keeper: registers.Provider, dataset: str, rows: list[dict[str, Any]]) -> tuple[list[Step], int]:
        spec = next(one for one in self.shelf.model.spec.datasets if one.id == dataset)
        seen = keeper.rows(self.here.account, self.here.place, [row["row_id"] for row in rows])
        if spec.field(self.group.by) is not None:
            rows = [row for row in rows if row["row_id"] in seen and seen[row["row_id"]].values.get(self.group.by) == self.group.value]
        day = self.here.period.end
        shown = [(row, seen[row["row_id"]]) for row in rows if row["row_id"] in seen and seen[row["row_id"]].open]
        steps = [
            Step(
                row["row_id"], named(spec), self.shelf.tree.name(row["org"], day), "", one.content, _part(row), _counted(row),
                row["doubt"] or "", one.url,
            )
            for row, one in shown
        ]  # fmt: skip
        return steps, len(rows)

    def _shape(self, dataset: str) -> Shape:
        return Shape(self.here.place, self.shelf.pack, self.shelf.pack.ledgers[dataset], {})

    def _in_force(self, dataset: str) -> Shape | None:
        """The ledger as it is today; None when the pack in force has it no more."""
        try:
            return shape_of(self.here.place, dataset)
        except XingtanError:
            return None

    def _step(self, shape: Shape, sights: list[Sight], row: dict[str, Any], record: Record) -> Step:
        fields = [field for field in shape.ledger.fields if not any(sight.hides(field.id) for sight in sights)]
        said = [(named(field), _said(field, record.data.get(field.id))) for field in fields]
        content = _("；").join(f"{title} {text}" for title, text in said if text)
        when = str(Period.parse(record.period).label()) if record.period else record.date.isoformat() if record.date else ""
        url = reverse("ledgers:record", kwargs={"place": self.here.place.slug, "ledger": shape.ledger.id, "pk": record.pk})
        name = self.shelf.tree.name(row["org"], self.here.period.end)
        doubt = row["doubt"] or ""
        return Step(
            str(record.pk), named(shape.ledger), name, when, content, _part(row), _counted(row), doubt, url if len(sights) > 1 else ""
        )


def _value(field: Any, stored: Any) -> str:
    cell = cells.load(field, stored)
    return "" if cell is None else str(cell.value)


def _said(field: Any, stored: Any) -> str:
    cell = cells.load(field, stored)
    return "" if cell is None else cell.text or cells.plain_text(cell.value)


def _part(row: dict[str, Any]) -> str:
    names = {"numerator": _("分子"), "denominator": _("分母"), "both": _("分子和分母")}
    return names.get(row["part"] or "", _("全部"))


def _counted(row: dict[str, Any]) -> str:
    return _("计入") if row["counted"] == "yes" else _("不能确定是否计入")
