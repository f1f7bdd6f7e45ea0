"""The cells of one computation: every figure of every slot and organisation, exactly or in bulk, computed when asked and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators import missing
from xingtan.engine.indicators.answers import Answers
from xingtan.engine.indicators.band import Band, Doubles
from xingtan.engine.indicators.leaves import Leaves, bulk
from xingtan.engine.indicators.model import Model
from xingtan.engine.indicators.plan.formula import Bulk
from xingtan.engine.indicators.plan.node import Bools, Computed
from xingtan.engine.indicators.program import Program
from xingtan.engine.indicators.pulled import Item
from xingtan.engine.indicators.setting import Setting
from xingtan.engine.indicators.tree import Tree
from xingtan.kernel.formula.evaluate import evaluate
from xingtan.kernel.formula.nodes import Binary, Call, Expr
from xingtan.kernel.formula.values import Value, quantity
from xingtan.kernel.quantity import Quantity

Targets = Mapping[tuple[str, str, str], Quantity]  # (indicator, organisation, period) → promised value


class Cells:
    """Implements `plan.node.Cells`. `whole`: the same computation without groups, which knows who is missing; itself if there are none."""

    def __init__(self, model: Model, program: Program, setting: Setting, targets: Targets, whole: Cells | None = None) -> None:
        self.model, self.program, self.setting, self.targets = model, program, setting, targets
        self.whole = whole or self
        self.answers = Answers(program, setting)
        self.shape = setting.shape
        self._values: dict[tuple[str, int, int], Quantity] = {}
        self._bands: dict[str, Band] = {}
        self._kept: dict[Any, Any] = {}

    # what a figure is

    def value(self, indicator: str, slot: int, org: int) -> Quantity:
        key = (indicator, slot, org)
        if key not in self._values:
            numerator, denominator = self.parts(indicator, slot, org)
            if numerator is not None and denominator is not None:
                self._values[key] = numerator / denominator
            else:
                self._values[key] = quantity(self.evaluate(self.model.formulas[indicator], slot, org))
        return self._values[key]

    def parts(self, indicator: str, slot: int, org: int) -> tuple[Quantity | None, Quantity | None]:
        """Numerator and denominator, if the formula divides at its top."""
        formula = self.model.formulas[indicator]
        if not (isinstance(formula, Binary) and formula.op == "/"):
            return None, None
        return quantity(self.evaluate(formula.l, slot, org)), quantity(self.evaluate(formula.r, slot, org))

    def evaluate(self, expr: Expr, slot: int, org: int) -> Value:
        calls = lambda call: self._call(call, slot, org)  # noqa: E731 - closes over the cell
        return evaluate(expr, None, self.setting.env(slot, _Names(self, slot, org), calls))

    def _call(self, call: Call, slot: int, org: int) -> Value:
        return self.program.calls[id(call)].exact(self, slot, org)

    def band(self, indicator: str) -> Band:
        if indicator not in self._bands:
            self._bands[indicator] = self._bulk.whole(self.model.formulas[indicator])
        return self._bands[indicator]

    def part_bands(self, indicator: str) -> tuple[Band | None, Band | None]:
        """Numerator and denominator in bulk, if the formula divides at its top; the figure itself is computed along."""
        formula = self.model.formulas[indicator]
        if not (isinstance(formula, Binary) and formula.op == "/"):
            return None, None
        numerator, denominator = self._bulk.whole(formula.l), self._bulk.whole(formula.r)
        if indicator not in self._bands:
            self._bands[indicator] = numerator / denominator
        return numerator, denominator

    @property
    def _bulk(self) -> Bulk:
        return Bulk(self, self.program.calls, self.model.spec.parameters, self.model.formulas)

    # what nodes ask

    def kinds(self, name: str) -> frozenset[str]:
        return frozenset(self.model.spec.tiers.get(name, (name,)))

    def trees(self, at: str) -> list[Tree]:
        return self.setting.trees(at)

    def present(self, at: str) -> Bools:
        return self._keep(("present", at), lambda: np.stack([tree.present for tree in self.trees(at)]))  # type: ignore[no-any-return]

    def leaves(self, sheet: int) -> Leaves:
        return self.answers.leaves(sheet)

    def rolled(self, sheet: int, at: str) -> npt.NDArray[Any]:
        return self.leaves(sheet).rolled(at, self.trees(at), self.setting.heirs)

    def doubles(self, sheet: int, at: str, name: str) -> Doubles:
        place = self.leaves(sheet).place(name)
        return self._keep(("doubles", sheet, at, place), lambda: bulk(self.rolled(sheet, at), place))  # type: ignore[no-any-return]

    def everywhere(self, at: str) -> bool:
        """Whether every organisation is in the tree of every slot."""
        return all(tree.everywhere for tree in self.trees(at))

    def gapless(self, sheet: int, at: str, partial: bool) -> bool:
        return self._keep(("gapless", sheet, at, partial), lambda: not self.gaps(sheet, at, partial).any())  # type: ignore[no-any-return]

    def gaps(self, sheet: int, at: str, partial: bool) -> Bools:
        return self._keep(("gaps", sheet, at, partial), lambda: self._gaps(sheet, at, partial))  # type: ignore[no-any-return]

    def _gaps(self, sheet: int, at: str, partial: bool) -> Bools:
        groups = len(self.setting.groups)
        nothing: Bools = np.repeat(~self.whole.answers.reported(sheet), groups)[:, np.newaxis]
        silent, absent = self.summed(sheet, at), self.absentees(sheet, at)
        if silent is not None:
            nothing = nothing | silent
        if absent is None:
            return np.broadcast_to(nothing, self.shape)
        if not partial:
            return np.asarray(nothing | (absent > 0))
        rows = bulk(self.whole.rolled(sheet, at), self.whole.leaves(sheet).place("n"))
        return np.asarray(nothing | ((absent > 0) & (np.repeat(rows, groups, axis=0) == 0)))  # a part that is nothing is no part

    def computed(self, node: Computed) -> Band:
        return self._keep(("computed", node), lambda: node.compute(self))  # type: ignore[no-any-return]

    def lacking(self, indicator: str) -> Bools:
        """Cells of a figure in which somebody's return is missing."""
        return self._keep(("lacking", indicator), lambda: self._lacking(indicator))  # type: ignore[no-any-return]

    def _lacking(self, indicator: str) -> Bools:
        result = np.zeros(self.shape, dtype=bool)
        for one in self.program.rows[indicator]:
            if (absent := self.absentees(one.sheet, one.at)) is not None:
                result |= np.asarray(absent > 0)
        return result

    def summed(self, sheet: int, at: str) -> Bools | None:
        """Cells of which only an organisation above has reported, as a part of its own; None if there are none."""
        return self._keep(("summed", sheet, at), lambda: missing.summed(self, sheet, at))  # type: ignore[no-any-return]

    def absentees(self, sheet: int, at: str) -> npt.NDArray[Any] | None:
        """How many organisations below each have not reported what was due; None if nothing is due."""
        return self._keep(("absent", sheet, at), lambda: missing.counts(self, sheet, at))  # type: ignore[no-any-return]

    def shifted(self, slot: int, back: int) -> int:
        groups = len(self.setting.groups)
        number, group = divmod(slot, groups)
        return self._shifts(back)[number] * groups + group if self._shifts(back)[number] >= 0 else -1

    def _shifts(self, back: int) -> list[int]:
        periods = self.setting.periods
        place = {(period.kind, period.index): number for number, period in enumerate(periods)}
        return self._keep(("shift", back), lambda: [place.get((one.kind, one.index - back), -1) for one in periods])  # type: ignore[no-any-return]

    def better(self, indicator: str) -> str:
        return self.model.indicators[indicator].better

    def target(self, indicator: str, slot: int, org: int) -> Quantity:
        code = self.setting.codes[org].as_py()
        return self.targets.get((indicator, code, self.setting.period_of(slot).text), Quantity.unknown())

    def items(self, sheet: int, pull: int, at: str, cell: tuple[int, int]) -> list[Item]:
        found = self._keep(("items", sheet, pull, at), lambda: self._items(sheet, pull, at))
        return found.get(cell, [])  # type: ignore[no-any-return]

    def _items(self, sheet: int, pull: int, at: str) -> dict[tuple[int, int], list[Item]]:
        chosen = self.program.sheets[sheet].pulls[pull]
        found: dict[tuple[int, int], list[Item]] = defaultdict(list)
        for row in self.answers.seen(sheet):
            holds, vague = row.truths[chosen.condition]
            if holds is not False:
                for org, whole in self._above(row.org, self.trees(at)[row.slot]):
                    sure = holds is True and whole
                    found[row.slot, org].append(Item(row.values[chosen.field], sure, vague or not whole, row.day))
        return found

    def _above(self, org: int, tree: Tree) -> Iterator[tuple[int, bool]]:
        """The organisations in whose subtree a row lies; False where only some of the successors of its organisation do."""
        heirs = [org] if self.setting.heirs is None else [heir for heir, _ in self.setting.heirs.get(org, [(org, 1)])]
        seen: dict[int, int] = defaultdict(int)
        for heir in heirs:
            at = heir if tree.present[heir] else -1
            while at >= 0:
                seen[at] += 1
                at = int(tree.parent[at])
        for above, number in seen.items():
            yield above, number == len(heirs)

    def doubtful(self, sheet: int, condition: int) -> pa.Table:
        """The doubtful rows that a condition counts: `at` (position), `slot`, `doubt`."""
        return self._keep(("doubtful", sheet, condition), lambda: self._doubtful(sheet, condition))

    def _doubtful(self, sheet: int, condition: int) -> pa.Table:
        table = self.answers.doubtful(sheet, condition)
        return table.filter(pa.array([holds is not False for holds in self.answers.counted(sheet, condition, table)], pa.bool_()))

    def _keep(self, key: Any, make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


class _Names(Mapping[str, Any]):
    """Parameters and figures by name, the figures of one cell."""

    def __init__(self, cells: Cells, slot: int, org: int) -> None:
        self.cells, self.slot, self.org = cells, slot, org

    def __contains__(self, name: object) -> bool:
        return name in self.cells.setting.names or name in self.cells.model.formulas

    def __getitem__(self, name: str) -> Any:
        if name in self.cells.setting.names:
            return self.cells.setting.names[name]
        return self.cells.value(name, self.slot, self.org)

    def __iter__(self) -> Iterator[str]:
        yield from self.cells.setting.names
        yield from self.cells.model.formulas

    def __len__(self) -> int:
        return len(self.cells.setting.names) + len(self.cells.model.formulas)
