"""One question put to one snapshot: which organisations, periods and groups, in which trees, seen from which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

from xingtan.engine.indicators.asked import times
from xingtan.engine.indicators.axis import Axis, axis_of
from xingtan.engine.indicators.recast import Heirs, heirs_of
from xingtan.engine.indicators.runner import Runner
from xingtan.engine.indicators.scope import parameter_value
from xingtan.engine.indicators.sheet import Sheet
from xingtan.engine.indicators.spec import DatasetSpec, ModelSpec, Parameter
from xingtan.engine.indicators.tree import Tree
from xingtan.engine.indicators.world import World
from xingtan.kernel.formula.evaluate import evaluate
from xingtan.kernel.formula.values import Env
from xingtan.kernel.period import Period


@dataclass
class Setting:
    """`periods`: all that are computed; `groups`: those of the breakdown `by`, (None,) without one; `orgs`: positions asked, None: all."""

    spec: ModelSpec
    runner: Runner
    world: World
    periods: tuple[Period, ...]
    orgs: Sequence[int] | None = None
    climbs: int = 0
    by: str = ""
    groups: tuple[str | None, ...] = (None,)
    today: date | None = None
    recast: date | None = None

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return self.spec.parameters

    @property
    def shape(self) -> tuple[int, int]:
        """Slots (period by period, in each its groups) and organisations."""
        return len(self.periods) * len(self.groups), len(self.axis.members)

    def full_tree(self, period: Period, at: str) -> Tree:
        """The tree that a period's figures use: at its end (what closed within it stays), at its start, or that of the recast day."""
        if self.recast is not None:
            return self.world.tree(self.recast)
        return self.world.tree(period.start) if at == "start" else self.world.tree(period.end, period.start)

    @cached_property
    def _all_trees(self) -> list[Tree]:
        return [self.full_tree(period, at) for at in ("end", "start") for period in self.periods]

    @cached_property
    def _axis_key(self) -> tuple[Any, ...]:
        orgs = None if self.orgs is None or self.recast is not None else tuple(self.orgs)
        return "axis", tuple(id(tree) for tree in self._all_trees), orgs, self.climbs  # the world keeps its trees: their ids stay

    @cached_property
    def axis(self) -> Axis:
        _, _, orgs, climbs = self._axis_key
        return self.world.kept(self._axis_key, lambda: axis_of(self.world, self._all_trees, orgs, climbs))  # type: ignore[no-any-return]

    def trees(self, at: str) -> list[Tree]:
        """The tree of each slot, cut down to the axis; equal trees are one object."""
        return self._trees[at]

    @cached_property
    def _trees(self) -> dict[str, list[Tree]]:
        result = {}
        for at in ("end", "start"):
            full = [self.full_tree(period, at) for period in self.periods]
            cut = {id(tree): self._cut(tree) for tree in full}
            result[at] = [cut[id(tree)] for tree in full for _ in self.groups]
        return result

    def _cut(self, tree: Tree) -> Tree:
        return self.world.kept(("cut", id(tree), *self._axis_key), lambda: self.axis.tree(tree))  # type: ignore[no-any-return]

    @cached_property
    def heirs(self) -> Heirs | None:
        """Where the numbers of organisations go that are no more, by position on the axis."""
        if self.recast is None:
            return None
        place = self.axis.place
        found = heirs_of(self.world, self.world.tree(self.recast))
        return {int(place[org]): [(int(place[heir]), share) for heir, share in goals] for org, goals in found.items()}

    @cached_property
    def codes(self) -> pa.Array:
        """Codes of the organisations on the axis."""
        return self.world.kept(
            ("codes", *self._axis_key), lambda: pa.array([self.world.codes[org] for org in self.axis.members], pa.string())
        )

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The same as texts."""
        return self.world.kept(("members", *self._axis_key), lambda: tuple(self.world.codes[org] for org in self.axis.members))  # type: ignore[no-any-return]

    @cached_property
    def scope_table(self) -> pa.Table:
        return pa.table({"org": self.codes})

    def period_of(self, slot: int) -> Period:
        return self.periods[slot // len(self.groups)]

    @cached_property
    def _times(self) -> list[Mapping[str, Any]]:
        return [times(period, self.today, self.spec.terms) for period in self.periods]

    @cached_property
    def _ends(self) -> list[date | None]:
        return [period.end for period in self.periods]

    def times(self, number: int) -> Mapping[str, Any]:
        return self._times[number]

    @cached_property
    def names(self) -> dict[str, Any]:
        """Parameters as formulas see them."""
        return {name: parameter_value(parameter) for name, parameter in self.parameters.items()}

    def env(self, slot: int, names: Mapping[str, Any] | None = None, calls: Any = None, dataset: DatasetSpec | None = None) -> Env:
        """What a formula sees in a slot; `dataset`: it is a condition over its rows."""
        number = slot // len(self.groups)
        orders = {} if dataset is None else {field.id: field.codes for field in dataset.fields if field.ordered}
        return Env(self.names if names is None else names, self.times(number), self._ends[number], self.spec.calendar, orders, calls)

    def given(self, sheet: Sheet, number: int) -> dict[str, Any]:
        """What the time rule of a sheet and its conditions need of one period."""
        slot = number * len(self.groups)
        argument = None if sheet.rule.argument is None else evaluate(sheet.rule.argument, None, self.env(slot))
        return {"argument": argument, "calendar": self.spec.calendar, **self.times(number)}
