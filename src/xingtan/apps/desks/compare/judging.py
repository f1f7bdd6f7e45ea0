"""Lights of a table: against a target of the pack where there is one, else by where an organisation stands among those of its kind.

Pupils' results are never put in order: such an indicator has no light unless a letter of responsibility names a value for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from xingtan.apps.record.figures import printing
from xingtan.apps.record.figures.explaining import Reading
from xingtan.apps.record.figures.store import Book
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.formula import Name, Number, parse
from xingtan.kernel.text import T, Text
from xingtan.press.panels import quartiles
from xingtan.ui.named import named

PEERS = 4  # fewer known ones of a kind have no quartiles worth the name
RESULTS = frozenset({"promotion_rate", "exam_scores", "unified_exam", "pupil_results"})
Op = Literal["<=", "<", ">=", ">"]
OPS: Mapping[str, tuple[Op, Text]] = {
    "at_most": ("<=", T("不高于 %(value)s")),
    "less_than": ("<", T("低于 %(value)s")),
    "at_least": (">=", T("不低于 %(value)s")),
    "more_than": (">", T("高于 %(value)s")),
}


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the values of one indicator are held against. `says` tells it to the reader; `ends` are the quartiles by kind."""

    says: Text
    op: Op | None = None
    value: Decimal | None = None
    higher: bool = True
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def light(self, reading: Reading, kind: str) -> tuple[str, str] | None:
        """(name of a light, its word) for a value; None where nothing is said."""
        if self.op is not None and self.value is not None:
            decided = None if reading.status == "unknown" else reading.figure.value.compare(self.op, self.value)
            return {True: ("met", ""), False: ("miss", ""), None: ("none", "")}[decided]
        if kind not in self.ends or reading.number is None:
            return None
        low, high = self.ends[kind]
        best, worst = (reading.number >= high, reading.number <= low) if self.higher else (reading.number <= low, reading.number >= high)
        if low == high:
            return None
        return ("met", _("前四分之一")) if best else ("miss", _("后四分之一")) if worst else ("near", _("中间"))


def yardsticks(
    shelf: Book, specs: Sequence[IndicatorSpec], peers: Mapping[tuple[str, str], Reading], kinds: Mapping[str, str]
) -> dict[str, Yardstick]:
    """One for each indicator. `peers` are the readings of everybody of the kinds shown, `kinds` the kind of each organisation."""
    goals = goals_of(shelf)
    return {spec.id: goals.get(spec.id) or _among(shelf, spec, peers, kinds) for spec in specs}


def goals_of(shelf: Book) -> dict[str, Yardstick]:
    """The values that letters of responsibility of the pack lay down, by indicator; the first letter that names one."""
    specs = {spec.id: spec for spec in shelf.model.spec.indicators}
    found: dict[str, Yardstick] = {}
    for target in shelf.pack.targets.values():
        for goal in target.goals:
            for key, (op, words) in OPS.items():
                value = number_of(shelf, getattr(goal, key))
                if value is not None and goal.indicator in specs and goal.indicator not in found:
                    said = T(words.template, value=printing.exactly(value, specs[goal.indicator].unit))
                    told = T("目标：《%(letter)s》%(bound)s", letter=named(target), bound=said)
                    found[goal.indicator] = Yardstick(told, op, value)
    return found


def number_of(shelf: Book, formula: str | None) -> Decimal | None:
    """A goal's value where it is a number or a parameter; None where it must be computed for each organisation."""
    expr = parse(formula).expr if formula else None
    if isinstance(expr, Number):
        return Decimal(expr.value)
    parameter = shelf.pack.parameters.get(expr.id) if isinstance(expr, Name) else None
    return parameter.value if parameter is not None and isinstance(parameter.value, Decimal) else None


def results(shelf: Book, indicator: str) -> bool:
    """Whether the indicator is about pupils' results, which nobody is put in order by."""
    return bool(RESULTS & set(shelf.pack.indicators[indicator].concerns))


def _among(shelf: Book, spec: IndicatorSpec, peers: Mapping[tuple[str, str], Reading], kinds: Mapping[str, str]) -> Yardstick:
    if results(shelf, spec.id):
        return Yardstick(T("不设灯：学生成绩和升学不排位"))
    if not spec.better:
        return Yardstick(T("不设灯：没有写明越高越好还是越低越好"))
    values: dict[str, list[float]] = defaultdict(list)
    for (indicator, code), reading in peers.items():
        if indicator == spec.id and reading.number is not None and code in kinds:
            values[kinds[code]].append(reading.number)
    ends = {kind: quartiles(found)[::2] for kind, found in values.items() if len(found) >= PEERS}
    if not ends:
        return Yardstick(T("不设灯：没有目标，同类单位有数的不足 %(n)s 个", n=PEERS))
    return Yardstick(T("同类单位的四分位"), higher=spec.better == "higher", ends={kind: (low, high) for kind, (low, high) in ends.items()})
