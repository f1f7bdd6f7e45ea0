"""The plan for some indicators: their record functions gathered into sheets, every call a node, and what they reach for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xingtan.engine.indicators.plan.atom import Atom
from xingtan.engine.indicators.plan.children import Children
from xingtan.engine.indicators.plan.cv import Variation
from xingtan.engine.indicators.plan.listed import Listed
from xingtan.engine.indicators.plan.node import Node
from xingtan.engine.indicators.plan.previous import Previous
from xingtan.engine.indicators.plan.rank import Rank
from xingtan.engine.indicators.plan.share import Share
from xingtan.engine.indicators.plan.streak import Streak
from xingtan.engine.indicators.plan.target import Target
from xingtan.engine.indicators.rewrite import Mention, is_children, mention, numbered, word
from xingtan.engine.indicators.sheet import Condition, Pull, Sheet, TimeRule, Total
from xingtan.engine.indicators.spec import DatasetSpec, IndicatorSpec, ModelSpec, Parameter
from xingtan.engine.indicators.sql.condition import truth
from xingtan.engine.indicators.sql.row import NotInSqlError, Row
from xingtan.engine.indicators.sql.source import Shape, dataset_table, joined
from xingtan.kernel.formula.kinds import TIME_NAMES
from xingtan.kernel.formula.nodes import Binary, Bool, Call, Expr, Name, Number, parts, walk

TIMES = tuple(TIME_NAMES)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that a record function looks at; `part`: on which side of the division at the formula's top it stands."""

    sheet: int
    condition: int
    at: str
    partial: bool
    part: str = ""


@dataclass
class Program:
    """Frozen once compiled. `unions`: per indicator and sheet the condition that says which rows stand under the figure."""

    key: str
    indicators: tuple[str, ...]
    sheets: list[Sheet] = field(default_factory=list)
    calls: dict[int, Node] = field(default_factory=dict)
    rows: dict[str, list[Rows]] = field(default_factory=dict)
    unions: dict[str, dict[int, int]] = field(default_factory=dict)
    shifts: dict[str, frozenset[int]] = field(default_factory=dict)
    endless: bool = False  # a streak looks back as far as anything was reported
    climbs: int = 0  # how many steps above an organisation its figures look; beyond any tree: to the root
    expressions: dict[Any, Any] = field(default_factory=dict)  # kept by who builds queries


def compile_program(spec: ModelSpec, formulas: Mapping[str, Expr], wanted: tuple[str, ...], key: str) -> Program:
    """Plan the wanted indicators and whatever they refer to. Raises KeyError for an indicator that is none."""
    compiler = _Compiler(spec, formulas, Program(f"{key}:{','.join(wanted)}", wanted))
    for name in wanted:
        compiler.indicator(name)
    compiler.unite()
    return compiler.program


class _Compiler:
    def __init__(self, spec: ModelSpec, formulas: Mapping[str, Expr], program: Program) -> None:
        self.formulas, self.program = formulas, program
        self.parameters: Mapping[str, Parameter] = spec.parameters
        self.datasets: dict[str, DatasetSpec] = {dataset.id: dataset for dataset in spec.datasets}
        self.specs: dict[str, IndicatorSpec] = {indicator.id: indicator for indicator in spec.indicators}
        self.places: dict[tuple[str, TimeRule], int] = {}
        self.decided: dict[tuple[int, Expr | None], bool] = {}
        self.joins: dict[int, Any] = {}
        self.climbs: dict[str, int] = {}

    def indicator(self, name: str) -> None:
        """Compile one indicator and, first, those it refers to."""
        if name in self.program.rows:
            return
        formula = self.formulas[name]
        self.program.rows[name] = []
        self.program.shifts[name] = frozenset({0})
        self.climbs[name] = 0
        if isinstance(formula, Binary) and formula.op == "/":
            self.part(name, formula.l, "numerator")
            self.part(name, formula.r, "denominator")
        else:
            self.part(name, formula, "")
        self.program.climbs = max(self.program.climbs, self.climbs[name])

    def part(self, owner: str, expr: Expr, part: str) -> None:
        """Compile an expression of an indicator."""
        if isinstance(expr, Name):
            if expr.id not in self.parameters and expr.id in self.formulas:
                self.refer(owner, expr.id, part)
        elif isinstance(expr, Call):
            self.call(owner, expr, part)
        else:
            for item in parts(expr):
                self.part(owner, item, part)

    def refer(self, owner: str, name: str, part: str, *, back: int = 0, up: int = 0, rows: bool = True) -> None:
        """Let an indicator depend on another: its rows, how far it looks back and up."""
        self.indicator(name)
        shifts = {shift + back for shift in self.program.shifts[name]}
        self.program.shifts[owner] |= shifts
        self.climbs[owner] = max(self.climbs[owner], self.climbs[name] + up)
        if rows:
            self.program.rows[owner] += [Rows(one.sheet, one.condition, one.at, one.partial, part) for one in self.program.rows[name]]

    def call(self, owner: str, call: Call, part: str) -> None:
        if (found := mention(call)) is not None:
            self.program.calls[id(call)] = self.record(owner, found, part)
        elif call.function in {"previous", "cv", "rank", "share", "target", "streak"}:
            self.program.calls[id(call)] = self.figure(owner, call, part)
        elif call.args and is_children(call.args[0]) and call.function in {"sum", "mean", "median", "quantile", "least", "greatest"}:
            self.program.calls[id(call)] = self.children(owner, call, part)
        else:
            for item in parts(call):
                self.part(owner, item, part)

    def record(self, owner: str, found: Mention, part: str) -> Node:
        """Place a record function in the sheet of its dataset and time rule."""
        spec, sheet_number = self.specs[owner], self.sheet(found)
        sheet = self.program.sheets[sheet_number]
        condition = sheet.condition(Condition(found.condition, self.in_sql(sheet_number, found.condition)))
        partial, at = spec.missing == "partial", spec.at or "end"
        self.program.rows[owner].append(Rows(sheet_number, condition, at, partial, part))
        if found.call.function == "count":
            sheet.counts.add(condition)
            return Atom(sheet_number, "count", condition, partial, at)
        assert found.field is not None
        if found.call.function in {"sum", "mean"}:
            return self.total(found, (sheet_number, condition), partial, at)
        q = self.constant(numbered(found.call)["q"][0]) if found.call.function == "quantile" else HALF
        way: Any = "quantile" if found.call.function == "median" else found.call.function
        return Listed(sheet_number, way, sheet.pull(Pull(found.field, condition)), partial, at, q)

    def total(self, found: Mention, place: tuple[int, int], partial: bool, at: str) -> Node:
        sheet = self.program.sheets[place[0]]
        assert found.field is not None
        number = sheet.total(Total(found.field, place[1]))
        if found.call.function == "mean":
            sheet.means.add(number)
        column = sheet.dataset.field(found.field)
        assert column is not None
        floor = column.minimum is not None and column.minimum >= 0
        ceiling = column.maximum is not None and column.maximum <= 0
        return Atom(place[0], "sum" if found.call.function == "sum" else "mean", number, partial, at, floor, ceiling)

    def figure(self, owner: str, call: Call, part: str) -> Node:
        """A function over other figures."""
        spec, given = self.specs[owner], numbered(call)
        at = spec.at or "end"
        if call.function == "streak":
            condition = given["condition"][0]
            self.program.endless = True
            self.part(owner, condition, part)
            return Streak(condition)
        x = word(given["x"][0])
        if call.function == "target":
            self.refer(owner, x, part, rows=False)
            return Target(x)
        if call.function == "previous":
            number = given["n"][0] if "n" in given else Number(Decimal(1))
            back = int(self.constant(number) or 1)
            self.refer(owner, x, part, back=back, rows=False)
            return Previous(x, back)
        if call.function == "cv":
            weight = word(given["weight"][0]) if "weight" in given else ""
            for name in (x, weight) if weight else (x,):
                self.refer(owner, name, part)
            return Variation(x, word(given["over"][0]), weight, at, spec.missing == "partial")
        return self.relative(owner, call.function, x, (given, part, at))

    def relative(self, owner: str, function: str, x: str, more: tuple[Mapping[str, tuple[Expr, ...]], str, str]) -> Node:
        """rank and share: they look at the organisations beside and above."""
        given, part, at = more
        of = word(given["among" if function == "rank" else "of"][0])
        self.refer(owner, x, part, up=1 if function == "rank" or of == "parent" else 1000)
        return Rank(x, of, at) if function == "rank" else Share(x, of, at)

    def children(self, owner: str, call: Call, part: str) -> Node:
        inner = call.args[0]
        assert isinstance(inner, Call)
        spec, given = self.specs[owner], numbered(inner)
        x = word(given["x"][0])
        self.refer(owner, x, part)
        way: Any = "quantile" if call.function == "median" else call.function
        q = self.constant(call.keyword("q") or call.args[1]) if call.function == "quantile" else HALF
        return Children(way, x, word(given["kind"][0]), spec.at or "end", spec.missing == "partial", HALF if q is None else q)

    def constant(self, expr: Expr) -> Decimal | None:
        """A number written out or a parameter; None if its value is not known."""
        value: Any = expr.value if isinstance(expr, Number) else None
        if isinstance(expr, Name) and expr.id in self.parameters:
            value = self.parameters[expr.id].value
        return value if isinstance(value, Decimal) else None

    def sheet(self, found: Mention) -> int:
        key = (found.dataset, found.rule)
        if key not in self.places:
            self.places[key] = len(self.program.sheets)
            self.program.sheets.append(Sheet(f"{found.dataset}#{len(self.program.sheets)}", self.datasets[found.dataset], found.rule))
        return self.places[key]

    def in_sql(self, sheet: int, condition: Expr | None) -> bool:
        """Whether SQL decides the condition exactly."""
        if (sheet, condition) not in self.decided:
            one = self.program.sheets[sheet]
            if sheet not in self.joins:
                self.joins[sheet] = joined(one, Shape(times=TIMES), dataset_table(one.dataset))
            row = Row(self.joins[sheet], one.dataset, self.parameters, frozenset(), frozenset(TIMES))
            try:
                truth(condition, row)
            except NotInSqlError:
                self.decided[sheet, condition] = False
            else:
                self.decided[sheet, condition] = True
        return self.decided[sheet, condition]

    def unite(self) -> None:
        """For every indicator and sheet, the condition of all rows under the figure."""
        for name, rows in self.program.rows.items():
            self.program.unions[name] = {}
            for sheet_number in dict.fromkeys(one.sheet for one in rows):
                sheet = self.program.sheets[sheet_number]
                numbers = list(dict.fromkeys(one.condition for one in rows if one.sheet == sheet_number))
                union = _union(sheet, numbers)
                sheet.unions.add(union)
                self.program.unions[name][sheet_number] = union


def _union(sheet: Sheet, numbers: Sequence[int]) -> int:
    conditions = [sheet.conditions[number] for number in numbers]
    always = [number for number in numbers if sheet.conditions[number].expr is None]
    if always or len(numbers) == 1:
        return (always or numbers)[0]
    items = tuple(condition.expr for condition in conditions if condition.expr is not None)
    return sheet.condition(Condition(Bool("or", items), all(condition.in_sql for condition in conditions)))


def times_of(sheet: Sheet) -> tuple[str, ...]:
    """Time names that the sheet's conditions read; a column of the same name comes first."""
    named = {node.id for one in sheet.conditions if one.expr is not None for node in walk(one.expr) if isinstance(node, Name)}
    return tuple(name for name in TIMES if name in named and sheet.dataset.field(name) is None)
