"""The public notice: the columns the pack allows, names masked, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xingtan.apps.record.ledgers.cells import load, words
from xingtan.engine.aid.publication import masked
from xingtan.engine.aid.spec import Outcome
from xingtan.kernel.formula import evaluate, parse
from xingtan.kernel.formula.values import quantity
from xingtan.pack import Pack, aid_run
from xingtan.pack.schema.aid import Aid
from xingtan.ui.named import named

from . import selectors
from .earlier import day_of
from .models import Award, Run


@dataclass(frozen=True, slots=True)
class Notice:
    """Headings and rows as everybody reads them."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: str
    persons: Decimal

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Every cell with its heading, for narrow screens."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def notice_of(run: Run, pack: Pack) -> Notice:
    """What is made public of a run: entitled rows that were not stopped. Raises nothing; without a rule there are no columns."""
    aid = selectors.aid_of(pack, run.scheme)
    entitled = run.awards.filter(outcome=Outcome.ELIGIBLE.value).exclude(state=Award.State.STOPPED).select_related("org", "record")
    awards = list(entitled.order_by("org__code", "pk"))
    if aid is None or aid.publish is None:
        return Notice((), (), "", Decimal(0))
    names = {key: name for key, (_ledger, name) in selectors.open_names(pack, awards, aid.person or "").items()}
    columns = aid.publish.columns
    headings = tuple(_heading(pack, aid, column) for column in columns)
    rows = tuple(tuple(_cell(pack, aid, column, one, names[one.pk]) for column in columns) for one in awards)
    return Notice(headings, rows, aid.why, sum((one.persons or Decimal(0) for one in awards), Decimal(0)))


def days_of(pack: Pack, scheme: str) -> int | None:
    """The days of public notice that the pack lays down; None when it leaves them open."""
    aid = selectors.aid_of(pack, scheme)
    expr = parse(aid.publish.days).expr if aid is not None and aid.publish is not None else None
    if aid is None or expr is None:
        return None
    found = quantity(evaluate(expr, None, aid_run.environment(pack, aid.applications, day_of(""))))
    return int(found.value) if found.is_exact and found.value is not None else None


def _heading(pack: Pack, aid: Aid, column: str) -> str:
    own = {"org": _("单位"), "name": _("姓名"), "tier": _("档次"), "sets": _("件数"), "persons": _("人数")}
    if column in own:
        return own[column]
    field = pack.ledgers[aid.applications].field(column)
    return named(field) if field is not None else column


def _cell(pack: Pack, aid: Aid, column: str, award: Award, name: str) -> str:
    own: dict[str, Any] = {"org": award.org.name, "name": masked(name), "tier": award.tier, "sets": award.sets, "persons": award.persons}
    if column in own:
        value = own[column]
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    field = pack.ledgers[aid.applications].field(column)
    return words(field, load(field, award.record.data.get(column)), {}) if field is not None else ""
