"""Small groups in figures: counts of pupils that are too small to be shown to somebody who may not see the pupils themselves.

A figure is covered when its formula counts rows of a register of pupils. What is hidden follows from the table of siblings and their
total, from the place's root downwards: so the same figure is hidden on every page, and below a hidden one everything is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xingtan.apps.base.orgs.models import Organisation
from xingtan.engine.indicators.figure import Figure, Status
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.formula import Binary, parse, to_text
from xingtan.kernel.formula import check as checked
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.small_groups import Shown, suppress
from xingtan.kernel.text import T
from xingtan.pack import Pack
from xingtan.pack.program import SMALL_GROUP, number
from xingtan.pack.registers import PUPIL_ROWS
from xingtan.pack.scope import scope
from xingtan.ui import policy

if TYPE_CHECKING:
    from .store import Book

COUNTED = frozenset({"", "人", "名", "生", "人次"})
PUPILS = "pupil.view"


@dataclass(frozen=True, slots=True)
class Counts:
    """Which parts of an indicator count pupils: its value (and rows), or numerator and denominator."""

    whole: bool = False
    numerator: bool = False
    denominator: bool = False

    def __bool__(self) -> bool:
        return self.whole or self.numerator or self.denominator


@lru_cache(maxsize=64)
def _counts(key: _Key) -> dict[str, Counts]:
    pack, names = key.pack, scope(key.pack)
    found: dict[str, Counts] = {}

    def reads(text: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        uses = checked(text, names).uses
        inner = [reads(pack.indicators[one].formula, seen | {one}) for one in uses.indicators if one in pack.indicators and one not in seen]
        return uses.datasets.union(*inner)

    for name, indicator in pack.indicators.items():
        expr = parse(indicator.formula).expr
        if isinstance(expr, Binary) and expr.op == "/":
            left, right = (bool((sets := reads(to_text(side))) and sets <= PUPIL_ROWS) for side in (expr.l, expr.r))
            found[name] = Counts(numerator=left, denominator=right)
        else:
            found[name] = Counts(whole=bool(reads(indicator.formula) & PUPIL_ROWS))
    return found


@dataclass(frozen=True, slots=True)
class _Key:
    digest: str
    pack: Pack = field(compare=False)


def counts_of(pack: Pack) -> dict[str, Counts]:
    """By indicator, which parts count pupils."""
    return _counts(_Key(pack.hash, pack))


class Veil:
    """What one reader (nobody in particular: None) may not see of the figures of a book."""

    def __init__(self, shelf: Book, account: Any = None) -> None:
        self.shelf, self.account = shelf, account
        self.least = int(number(shelf.pack, SMALL_GROUP))
        self.counts = counts_of(shelf.pack)
        self._open: dict[str, bool] = {}
        self._hidden: dict[tuple[str, str, str | None, str], dict[str, Shown]] = {}

    def cover(self, figure: Figure, spec: IndicatorSpec, by: str = "") -> Figure:
        """The figure as the reader may see it."""
        state = self.state(figure, by)
        if state is Shown.PLAIN:
            return figure
        counted = self.counts[spec.id].whole and spec.unit in COUNTED
        value = Quantity.less_than(self.least) if state is Shown.SMALL and counted else Quantity.unknown()
        why = T("人数不足 %(least)s，或可由此推算出来，为保护个人信息不显示", least=self.least)
        return replace(
            figure, value=value, numerator=None, denominator=None, rows=0, status=Status.UNKNOWN, reasons=(why,), missing=(), doubts=()
        )

    def state(self, figure: Figure, by: str = "") -> Shown:
        """Whether a figure is shown as it is, as “fewer than”, or not at all."""
        if not self.counts.get(figure.indicator) or self._sees(figure.org):
            return Shown.PLAIN
        whole = self._states(figure.indicator, figure.org, figure.period)
        if figure.group is None or whole is Shown.HIDDEN:
            return whole
        return self._grouped(figure, by, whole)

    def _sees(self, org: str) -> bool:
        """Whoever may see the pupils of an organisation one by one may see how many there are."""
        if self.account is None:
            return False
        if org not in self._open:
            found = Organisation.objects.filter(place=self.shelf.place, code=org).values_list("pk", flat=True).first()
            self._open[org] = found is not None and policy.can_at(self.account, PUPILS, found)
        return self._open[org]

    def ask(self, orgs: Sequence[str]) -> None:
        """Look up at once whose pupils the reader may see, before many organisations are covered."""
        wanted = [org for org in orgs if org not in self._open]
        if self.account is None or len(wanted) < 2:
            return
        there = Organisation.objects.filter(place=self.shelf.place, code__in=wanted)
        seen = set(there.filter(policy.among(policy.granted(self.account, PUPILS), "pk")).values_list("code", flat=True))
        self._open.update({org: org in seen for org in wanted})

    def _states(self, indicator: str, org: str, period: str) -> Shown:
        """The state of an organisation among its siblings, after that of the one above."""
        day = self.shelf.day(Period.parse(period))
        spell = self.shelf.tree.spell(org, day)
        parent = spell.parent if spell is not None and spell.parent in self.shelf.tree else ""
        if not parent:
            return self._alone(indicator, org, period)
        key = (indicator, parent, None, period)
        if key not in self._hidden:
            above = self._states(indicator, parent, period)
            codes = [one.code for one in self.shelf.tree.children(parent, day)]
            self._hidden[key] = self._among(indicator, (parent, codes), period, total=above is Shown.PLAIN)
        return self._hidden[key].get(org, Shown.PLAIN)

    def _alone(self, indicator: str, org: str, period: str) -> Shown:
        figures = [self._figure(indicator, org, period)]
        columns = [suppress([one[0]], one[0], self.least) for one in self._measures(indicator, figures)]
        return _worst([column[0] for column in columns])

    def _among(self, indicator: str, family: tuple[str, Sequence[str]], period: str, *, total: bool) -> dict[str, Shown]:
        parent, codes = family
        figures = [self._figure(indicator, code, period) for code in (parent, *codes)]
        columns = [suppress(one[1:], one[0] if total else None, self.least) for one in self._measures(indicator, figures)]
        return {code: _worst([column[index] for column in columns]) for index, code in enumerate(codes)}

    def _grouped(self, figure: Figure, by: str, whole: Shown) -> Shown:
        """One group of a breakdown beside the others, whose total is the whole figure."""
        key = (figure.indicator, figure.org, by, figure.period)
        if key not in self._hidden:
            table = self.shelf.table([figure.org], [Period.parse(figure.period)], [figure.indicator], by)
            groups = [group for group in table.groups if group is not None]
            figures = [self._figure(figure.indicator, figure.org, figure.period)]
            figures += [table.get(figure.indicator, figure.org, figure.period, group) for group in groups]
            columns = [
                suppress(one[1:], one[0] if whole is Shown.PLAIN else None, self.least) for one in self._measures(figure.indicator, figures)
            ]
            self._hidden[key] = {group: _worst([column[at] for column in columns]) for at, group in enumerate(groups)}
        return self._hidden[key].get(str(figure.group), Shown.PLAIN)

    def _figure(self, indicator: str, org: str, period: str) -> Figure:
        return self.shelf.table([org], [Period.parse(period)], [indicator]).get(indicator, org, period)

    def _measures(self, indicator: str, figures: Sequence[Figure]) -> list[list[int | None]]:
        """The numbers of pupils behind the figures, a list for each part of the indicator that counts them."""
        parts = self.counts[indicator]
        unit = self.shelf.pack.indicators[indicator].unit
        found: list[list[int | None]] = []
        if parts.whole:
            found.append([figure.rows for figure in figures])
            found += [[_whole(figure.value) for figure in figures]] if unit in COUNTED else []
        found += [[_whole(figure.numerator) for figure in figures]] if parts.numerator else []
        found += [[_whole(figure.denominator) for figure in figures]] if parts.denominator else []
        return found


def _whole(value: Quantity | None) -> int | None:
    """A count; None where it is unknown, not exact or none."""
    if value is None or not value.is_exact or value.lo is None or value.lo != value.lo.to_integral_value():
        return None
    return int(value.lo)


def _worst(states: Sequence[Shown]) -> Shown:
    if Shown.SMALL in states:
        return Shown.SMALL
    return Shown.HIDDEN if Shown.HIDDEN in states else Shown.PLAIN
