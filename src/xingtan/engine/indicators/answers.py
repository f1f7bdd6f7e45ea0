"""Asks the queries of a program's sheets, once each and only when a figure needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xingtan.engine.indicators import leaves, pulled, whole
from xingtan.engine.indicators.asked import ask, reported
from xingtan.engine.indicators.leaves import Leaves
from xingtan.engine.indicators.program import Program, times_of
from xingtan.engine.indicators.setting import Setting
from xingtan.engine.indicators.sheet import Sheet
from xingtan.engine.indicators.sql import detail, leaf
from xingtan.engine.indicators.sql.later import Recipes
from xingtan.engine.indicators.sql.leaf import fields_of
from xingtan.engine.indicators.sql.source import ASKED, GROUPS, SCOPE, Shape
from xingtan.engine.indicators.tree import Ints

FEW = 100_000  # rows of a dataset that are fetched rather than grouped by the engine


@dataclass
class Answers:
    """What the runner said, sheet by sheet."""

    program: Program
    setting: Setting
    _shapes: dict[int, Shape] = field(default_factory=dict)
    _asked: dict[int, pa.Table] = field(default_factory=dict)
    _leaves: dict[int, Leaves] = field(default_factory=dict)
    _seen: dict[int, list[pulled.Seen]] = field(default_factory=dict)

    def shape(self, number: int) -> Shape:
        """How the sheet's query is written for this snapshot and this question."""
        if number not in self._shapes:
            sheet, setting = self.program.sheets[number], self.setting
            by = setting.by if setting.by and sheet.dataset.field(setting.by) is not None else ""
            period = sheet.rule.kind == "period"
            dated = period and any(not text for text, _ in setting.world.keys(sheet.dataset.id))
            exact = setting.runner.exact_fields(sheet.dataset.id)
            flat = setting.world.rows(sheet.dataset.id) <= FEW
            self._shapes[number] = Shape(exact, dated, not setting.axis.whole, by, times_of(sheet), flat)
        return self._shapes[number]

    def free(self, number: int) -> Shape | None:
        """The shape of a query that does not depend on the question, if few rows and no time name or group allow one."""
        shape = self.shape(number)
        alone = shape.flat and not shape.by and not shape.times and self.program.sheets[number].rule.kind == "period"
        return replace(shape, scoped=False, free=True) if alone else None

    def asked(self, number: int) -> pa.Table:
        if number not in self._asked:
            sheet, setting = self.program.sheets[number], self.setting
            self._asked[number] = ask(sheet, self.shape(number), setting.periods, setting.world, lambda one: setting.given(sheet, one))
        return self._asked[number]

    def leaves(self, number: int) -> Leaves:
        if number not in self._leaves:
            sheet, free = self.program.sheets[number], self.free(number)
            found = self._queried(number) if free is None else self._kept_leaves(number, free)
            python = [at for at, one in enumerate(sheet.conditions) if not one.in_sql]
            self._leaves[number] = self._with(found, sheet, number, python) if python else found
        return self._leaves[number]

    def _leaf(self, number: int, shape: Shape) -> tuple[pa.Table, dict[str, str], Recipes]:
        """The answer of the leaf query, where to find the columns it leaves out, and how its columns come out of single rows."""
        key = ("leaf", number, shape)
        if key not in self.program.expressions:
            self.program.expressions[key] = leaf.build(self.program.sheets[number], shape, self.setting.parameters)
        expr, aliases, recipes = self.program.expressions[key]
        return self._run(number, expr, shape, f"leaf:{self._name(number, shape)}"), aliases, recipes

    def _queried(self, number: int) -> Leaves:
        """Asked for these organisations and periods only."""
        shape = self.shape(number)
        table, aliases, recipes = self._leaf(number, shape)
        columns, limbs = leaves.read(table, recipes)
        cells = leaves.gathered(*self._cells(table, shape), columns, self.setting.shape[0])
        return Leaves(*cells, limbs, aliases, self.setting.shape, copies=self._copies(shape))

    def _kept_leaves(self, number: int, shape: Shape) -> Leaves:
        """Asked for all of them, once for each version of the snapshot."""
        dataset, world = self.program.sheets[number].dataset.id, self.setting.world

        def fetch() -> tuple[Any, int]:
            table, aliases, recipes = self._leaf(number, shape)
            rows, limbs = leaves.read(table, recipes)
            own = whole.spots(world, dataset, table)
            org, key, columns = leaves.gathered(own.org, own.key, rows, len(world.keys(dataset)) + 1)
            return (whole.Spots(org, key), columns, limbs, aliases), 2 * leaves.size_of(columns) + org.nbytes + key.nbytes

        own, columns, limbs, aliases = whole.larder_of(world).of(f"leaf:{self._name(number, shape)}", fetch)
        placed, groups = whole.place(own, self.setting, dataset), len(self.setting.groups)
        cells = placed.org, placed.period * groups, leaves.taken(columns, placed.rows)
        if not placed.single:  # what was one by one in its key is so in its period
            cells = leaves.gathered(*cells, self.setting.shape[0])
        return Leaves(*cells, limbs, aliases, self.setting.shape, copies=groups)

    def seen(self, number: int) -> list[pulled.Seen]:
        """Rows with the values that are fetched, and the truth of the conditions that need a row."""
        if number not in self._seen:
            sheet, shape = self.program.sheets[number], self.shape(number)
            numbers = _looked_at(sheet)
            conditions = [sheet.conditions[at].expr for at in numbers if not sheet.conditions[at].in_sql]
            wanted = [one.field for one in sheet.pulls] + [one.field for one in sheet.totals if one.condition in numbers]
            read = [name for one in conditions for name in fields_of(one, sheet.dataset)]
            fields = list(dict.fromkeys([*wanted, *read, *([shape.by] if shape.by else [])]))
            key = ("detail", number, shape)
            if key not in self.program.expressions:
                self.program.expressions[key] = detail.build(sheet, shape, self.setting.parameters, numbers, fields)
            table = self._run(number, self.program.expressions[key], shape, f"detail:{self._name(number, shape)}")
            orgs, slots = self._cells(table, shape)
            reader = pulled.Reader(sheet, shape.by, fields, lambda slot: self.setting.env(slot, dataset=sheet.dataset))
            rows = reader.rows(table, orgs.tolist(), slots.tolist(), numbers)
            self._seen[number] = [replace(row, slot=row.slot + group) for row in rows for group in range(self._copies(shape))]
        return self._seen[number]

    def details(self, number: int, numbers: Sequence[int], fields: Sequence[str]) -> pa.Table:
        """Rows of some conditions as they are, with the position and slot of each in `at` and `slot`."""
        shape = self.shape(number)
        table = self._rows(number, shape, numbers, fields)
        orgs, slots = self._cells(table, shape)
        return table.set_column(table.column_names.index("slot"), "slot", pa.array(slots)).append_column("at", pa.array(orgs))

    def doubtful(self, number: int, condition: int) -> pa.Table:
        """The doubtful ones among the rows of a condition, as `details` tells them."""
        fields, free = self.read_by(number, condition), self.free(number)
        if free is None:
            found = self.details(number, [condition], fields)
            return found.filter(pc.not_equal(found["doubt"], ""))
        dataset, world = self.program.sheets[number].dataset.id, self.setting.world

        def fetch() -> tuple[Any, int]:
            rows = self._rows(number, free, [condition], fields, doubtful=True)
            return (whole.spots(world, dataset, rows), rows), rows.nbytes

        own, rows = whole.larder_of(world).of(f"doubtful:{self._name(number, free)}:{condition}", fetch)
        placed = whole.place(own, self.setting, dataset)
        table = rows if isinstance(placed.rows, slice) else rows.take(pa.array(placed.rows))
        slots = pa.array(placed.period * len(self.setting.groups))
        return table.append_column("slot", slots).append_column("at", pa.array(placed.org))

    def _rows(self, number: int, shape: Shape, numbers: Sequence[int], fields: Sequence[str], *, doubtful: bool = False) -> pa.Table:
        key = ("rows", number, shape, tuple(numbers), tuple(fields), doubtful)
        if key not in self.program.expressions:
            sheet = self.program.sheets[number]
            self.program.expressions[key] = detail.build(sheet, shape, self.setting.parameters, numbers, fields, doubtful=doubtful)
        name = f"rows:{self._name(number, shape)}:{numbers}:{fields}:{doubtful}"
        return self._run(number, self.program.expressions[key], shape, name)

    def _name(self, number: int, shape: Shape) -> str:
        """What the text of a query depends on, besides what it is for."""
        return f"{self.program.key}:{self.program.sheets[number].id}:{shape.key}"

    def read_by(self, number: int, condition: int) -> list[str]:
        """Fields that must be fetched for Python to decide a condition, that of the breakdown among them; none if SQL decides it."""
        one, by = self.program.sheets[number].conditions[condition], self.shape(number).by
        return [] if one.in_sql else list(dict.fromkeys([*fields_of(one.expr, self.program.sheets[number].dataset), *([by] if by else [])]))

    def counted(self, number: int, condition: int, table: pa.Table) -> list[bool | None]:
        """For rows of `details`: True if the condition surely holds, None if perhaps, False if not."""
        sheet = self.program.sheets[number]
        if sheet.conditions[condition].in_sql:
            pairs = zip(table[f"y{condition}"].to_pylist(), table[f"m{condition}"].to_pylist(), strict=True)
            return [True if sure else None if perhaps else False for sure, perhaps in pairs]
        fields = self.read_by(number, condition)
        reader = pulled.Reader(sheet, self.shape(number).by, fields, lambda slot: self.setting.env(slot, dataset=sheet.dataset))
        places = [max(place, 0) for place in table["at"].to_pylist()]
        return [row.truths[condition][0] for row in reader.rows(table, places, table["slot"].to_pylist(), [condition])]

    def reported(self, number: int) -> Any:
        """For each period, whether the whole place reported anything the sheet can see."""
        known = reported(self.program.sheets[number], self.setting.periods, self.setting.world)
        if known is not None:
            return np.array(known, dtype=bool)
        asked = self.asked(number)
        shape = replace(self.shape(number), scoped=False, by="", times=(), flat=False)
        sheet = self.program.sheets[number]
        key = ("presence", number, shape)
        if key not in self.program.expressions:
            bare = Sheet(sheet.id, sheet.dataset, sheet.rule)
            rows = leaf.build(bare, shape, self.setting.parameters)[0]
            self.program.expressions[key] = rows.group_by("slot").aggregate(n=rows.n.sum())
        table = asked.select([name for name in asked.column_names if not name.startswith("time__")])
        name = f"presence:{self._name(number, shape)}"
        found = self.setting.runner.run(self.program.expressions[key], key=name, tables={ASKED: table})
        present = np.zeros(len(self.setting.periods), dtype=bool)
        present[found["slot"].to_numpy()] = found["n"].to_numpy() > 0
        return present

    def _run(self, number: int, expr: Any, shape: Shape, key: str) -> pa.Table:
        setting = self.setting
        if shape.free:
            return setting.runner.run(expr, key=key)
        tables = {ASKED: self.asked(number)}
        if shape.scoped:
            tables[SCOPE] = setting.scope_table
        if shape.by:
            groups = [group for group in setting.groups if group is not None]
            tables[GROUPS] = pa.table({"group": pa.array(range(len(groups)), pa.int32()), "group_value": pa.array(groups, pa.string())})
        return setting.runner.run(expr, key=key, tables=tables)

    def _cells(self, table: pa.Table, shape: Shape) -> tuple[Ints, Ints]:
        """Position on the axis and slot of each row of an answer."""
        place = pc.index_in(table["org"], value_set=self.setting.codes)
        orgs = place.fill_null(-1).cast(pa.int64()).to_numpy()
        slots = table["slot"].cast(pa.int64()).to_numpy()
        groups = len(self.setting.groups)
        if shape.by:
            return orgs, slots * groups + table["group"].cast(pa.int64()).to_numpy()
        if groups == 1:
            return orgs, slots
        return orgs, slots * groups  # not broken down: repeated for every group

    def _copies(self, shape: Shape) -> int:
        """For how many groups the answer of a sheet holds that is not broken down."""
        return 1 if shape.by else len(self.setting.groups)

    def _with(self, found: Leaves, sheet: Sheet, number: int, python: list[int]) -> Leaves:
        """Add the columns of conditions that Python decides."""
        sums = pulled.added(sheet, self.seen(number), python)
        names = [f"{name}{at}" for at in python for name in "ymwd"]
        totals = [at for at, total in enumerate(sheet.totals) if total.condition in python]
        names += [f"{name}{at}" for at in totals for name in ("il", "ih", "ol", "oh", "u", "a", "x", "p", "q")]
        decimals = [f"{name}{at}" for at in totals for name in ("lo", "hi")]
        width = len(found.columns)
        extra = np.zeros((len(sums), width + len(names) + 2 * len(decimals)), dtype=np.int64)
        limbs = dict(found.limbs) | {name: (width + at,) for at, name in enumerate(names)}
        start = width + len(names)
        limbs |= {name: (start + 2 * at, start + 2 * at + 1) for at, name in enumerate(decimals)}
        for row, columns in enumerate(sums.values()):
            for name, value in columns.items():
                extra[row, list(limbs[name])] = leaves.limbs_of(value) if name in decimals else (int(value),)
        own = [leaves.counted(one) for one in found.columns]
        own += [np.zeros(len(found.org), dtype=np.int64)] * (extra.shape[1] - width)
        both = [(np.concatenate([one, more], dtype=np.int64), None) for one, more in zip(own, extra.T, strict=True)]
        cells = np.array(list(sums), dtype=np.int64).reshape(-1, 2)
        org, slot = np.r_[found.org, cells[:, 0]], np.r_[found.slot, cells[:, 1]]
        return replace(found, org=org, slot=slot, columns=both, limbs=limbs, repeated=True, _rolled={})


def _looked_at(sheet: Sheet) -> list[int]:
    """Conditions whose rows are fetched: those of pulls, and those that Python decides."""
    pulls = [one.condition for one in sheet.pulls]
    return list(dict.fromkeys([*pulls, *(at for at, one in enumerate(sheet.conditions) if not one.in_sql)]))
