"""The one query of a sheet: per own organisation and period, counts and sums with their bounds.

Columns: `org, slot[, group]` (of a free shape: `org, period[, date]`), `n` (rows at all); for condition i, `y`/`m` (rows that count
surely/perhaps), `w` (undecided because a value is unknown), `d` (doubtful); for total j, `lo`/`hi` (sums of the bounds), `il`/`ih` (rows
without a bound), `ol`/`oh` (open bounds), `u` (unknown), `a` (approximate), `x` (not applicable), `p`/`q` (surely/perhaps counted rows
whose value applies). A column that would repeat another one or be 0 everywhere is left out; the aliases say where to find it.
A flat shape asks for the rows as they are: what is counted and summed over them is said by recipes, see `later`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xingtan.engine.indicators.sheet import Sheet, Total
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.engine.indicators.sql import compare
from xingtan.engine.indicators.sql.condition import truth
from xingtan.engine.indicators.sql.later import Later, Recipe, Recipes
from xingtan.engine.indicators.sql.row import Row, narrowed
from xingtan.engine.indicators.sql.source import DECIMAL, Shape, dataset_table, joined, keys, placing, rule_truth, scoped
from xingtan.engine.indicators.sql.values import Flag, Span, Truth, Word, all_of, both, column, either, negate, sure
from xingtan.kernel.formula.nodes import Expr, Name, walk

ZERO = "zero"  # alias of a column that is 0 in every row


class Builder:
    """Collects the aggregates of one sheet; equal columns are asked once.

    Conditions and narrowed numbers become columns before the join with the periods asked, so that each is written, and worked out, once.
    Only conditions that read a time name must wait until after it.
    """

    def __init__(self, sheet: Sheet, shape: Shape, parameters: Any, keep: Sequence[str] = (), *, waits: bool = False) -> None:
        """`waits`: leave to the fetched rows what the database need not do; flags and numbers are then `Later`."""
        self.sheet, self.shape, self.parameters, self.waits = sheet, shape, parameters, waits
        self.late: dict[str, Any] = {}
        self.aggregates: dict[str, Any] = {}
        self.aliases: dict[str, str] = {}
        self.found: dict[str, Any] = {}
        self._prepare(keep)
        self.aggregates["n"] = self.counted(self._waiting("rule", rule_truth(sheet, self.table)).yes)

    def _prepare(self, keep: Sequence[str]) -> None:
        """Work out conditions, numbers and doubt, before the join where that is possible."""
        sheet, shape = self.sheet, self.shape
        base = scoped(dataset_table(sheet.dataset), shape)
        early = Row(base, sheet.dataset, self.parameters, shape.exact, frozenset())
        late = [number for number, one in enumerate(sheet.conditions) if one.in_sql and reads_time(one.expr, sheet, shape)]
        columns = _Columns({name: base[name] for name in dict.fromkeys([*keys(sheet, shape), *keep, *self._raw(late)])}, self.waits)
        soon = {number: one for number, one in enumerate(sheet.conditions) if one.in_sql and number not in late}
        truths = {number: columns.truth(f"c{number}", truth(one.expr, early)) for number, one in soon.items()}
        fields = {total.field: sheet.dataset.field(total.field) for total in sheet.totals}
        spans = {name: columns.span(f"f_{name}", early, field) for name, field in fields.items() if field}
        doubt = columns.flag("doubtful__", early.doubt())
        self.table = joined(sheet, shape, base.select(**columns.made))
        self.spans = {name: (self._number(span, fields[name]), self._back(about)) for name, (span, about) in spans.items()}
        self.doubt = self._back(doubt)
        self.truths = self._decided(truths, late)

    def _decided(self, truths: Mapping[int, tuple[Any, Any, Any]], late: Sequence[int]) -> dict[int, Truth]:
        """The truth of every condition over the joined table; `late`: those that only now can be decided."""
        row = Row(self.table, self.sheet.dataset, self.parameters, self.shape.exact, frozenset(self.shape.times))
        found = {number: Truth(*(self._back(one) for one in three)) for number, three in truths.items()}
        found |= {number: self._waiting(f"late{number}", truth(self.sheet.conditions[number].expr, row)) for number in late}
        outer = [self._waiting(f"outer{at}", one) for at, one in enumerate(self._outer(row))]
        return {number: all_of(*outer, found[number]) for number in sorted(found)}

    def _number(self, names: Sequence[Any], field: FieldSpec | None) -> Span:
        """A number of the joined table; one that waits has yet to be kept to its declared range."""
        span = Span(*(self._back(one) for one in names))
        return narrowed(span, field) if self.waits and field is not None and not span.point else span

    def _back(self, name: Any) -> Any:
        """A column of the joined table, one object for one name; a flag that is the same for all rows stays what it is."""
        if not isinstance(name, str):
            return name
        if name not in self.found:
            self.found[name] = Later.column(name) if self.waits else self.table[name]
        return self.found[name]

    def _waiting(self, name: str, truth: Truth) -> Truth:
        """Flags of the joined table as columns of the answer."""
        if not self.waits:
            return truth
        flags = {"yes": truth.yes, "maybe": truth.maybe, "vague": truth.unknown}
        self.late |= {f"{name}__{end}": flag for end, flag in flags.items() if not isinstance(flag, bool)}
        yes, maybe, vague = (flag if isinstance(flag, bool) else Later.column(f"{name}__{end}") for end, flag in flags.items())
        return Truth(yes, yes if truth.decided else maybe, vague)

    def _raw(self, late: Sequence[int]) -> list[str]:
        """Columns still needed after the join."""
        dataset = self.sheet.dataset
        named = [name for number in late for name in fields_of(self.sheet.conditions[number].expr, dataset)]
        named += [self.shape.by] if self.shape.by else []
        columns = [column for name in dict.fromkeys(named) for column in columns_of(dataset, name)]
        return [*columns, "date", "doubt"] if late else columns

    def _outer(self, row: Row) -> list[Truth]:
        """What holds besides the condition itself: the time rule, the group."""
        found = [] if self.sheet.rule.kind == "period" else [rule_truth(self.sheet, self.table)]
        field = self.sheet.dataset.field(self.shape.by) if self.shape.by else None
        if field is not None:
            found.append(compare.words("==", row.word(field), Word(self.table.group_value)))
        return found

    def counted(self, flag: Flag) -> Any:
        """How many rows carry the flag."""
        if self.waits:
            return flag
        return self.table.count() if flag is True else self.table.count(where=flag)

    def summed(self, bound: Any, counted: Flag) -> Any:
        """The sum of a bound over the rows counted, NULL where it is infinite left out."""
        if self.waits:
            return bound, counted
        total = bound.sum() if counted is True else bound.sum(where=column(counted))
        return total.cast(DECIMAL)

    def count(self, name: str, flag: Flag, same: str = "", like: Flag = None) -> None:
        """Rows for which the flag holds; `same` is an earlier column that counts the flag `like`."""
        if flag is False:
            self.aliases[name] = ZERO
        elif flag is True:
            self.aliases[name] = "n"
        elif flag is like and (same in self.aggregates or same in self.aliases):
            self.aliases[name] = self.aliases.get(same, same)
        else:
            self.aggregates[name] = self.counted(flag)

    def condition(self, number: int) -> None:
        truth = self.truths[number]
        if number in self.sheet.counts:
            self.count(f"y{number}", truth.yes)
            self.count(f"m{number}", truth.maybe, f"y{number}", truth.yes)
            self.count(f"w{number}", False if truth.decided else both(truth.maybe, negate(truth.yes), truth.unknown))
        if number in self.sheet.unions:
            self.count(f"m{number}", truth.maybe, f"y{number}", truth.yes)
            self.count(f"d{number}", both(truth.maybe, self.doubt))

    def total(self, number: int, total: Total) -> None:
        truth, (span, about) = self.truths[total.condition], self.spans[total.field]
        applies = negate(span.absent)
        yes, maybe = both(truth.yes, applies), both(truth.maybe, applies)
        undecided = False if truth.decided else both(maybe, negate(truth.yes))
        if number in self.sheet.means or span.absent is not False:
            self.count(f"p{number}", yes, f"y{total.condition}", truth.yes)
            self.count(f"q{number}", yes if truth.decided else maybe, f"p{number}", yes)
        self._sums(number, span, yes, undecided)
        self.count(f"u{number}", both(maybe, either(span.unknown, both(undecided, truth.unknown))))
        self.count(f"a{number}", both(maybe, about))
        self.count(f"x{number}", both(truth.maybe, span.absent))

    def _sums(self, number: int, span: Span, yes: Flag, undecided: Flag) -> None:
        if span.point and undecided is False:
            self.aggregates[f"lo{number}"] = self.summed(span.lo, yes)
            self.aliases[f"hi{number}"] = f"lo{number}"
            for name in ("il", "ih", "ol", "oh"):
                self.aliases[f"{name}{number}"] = ZERO
            return
        for end, bound, is_open in (("lo", span.lo, span.lo_open), ("hi", span.hi, span.hi_open)):
            outward = sure(bound < 0) if end == "lo" else sure(bound > 0)
            counted = either(yes, both(undecided, outward))  # an undecided row adds nothing or its value
            self.aggregates[f"{end}{number}"] = self.summed(bound, counted)
            self.count(f"o{end[0]}{number}" if end == "lo" else f"oh{number}", both(counted, is_open))
            unbounded = False if span.point else bound.isnull()
            self.count(f"il{number}" if end == "lo" else f"ih{number}", both(either(yes, undecided), unbounded))

    def fetched(self) -> Any:
        """The rows as they are, with the columns that the recipes read."""
        read = sorted({name for recipe in self.aggregates.values() for name in _columns_read(recipe)})
        return self.table.select(
            *placing(self.shape), **{name: self.late[name] if name in self.late else self.table[name] for name in read}
        )


def build(sheet: Sheet, shape: Shape, parameters: Any) -> tuple[Any, dict[str, str], Recipes]:
    """The expression, the aliases of left-out columns and, of a flat shape, how its columns come out of the rows."""
    builder = Builder(sheet, shape, parameters, waits=shape.flat)
    for number in builder.truths:
        builder.condition(number)
    for number, total in enumerate(sheet.totals):
        if total.condition in builder.truths:
            builder.total(number, total)
    if shape.flat:
        return builder.fetched(), builder.aliases, builder.aggregates
    return builder.table.group_by(placing(shape)).aggregate(**builder.aggregates), builder.aliases, {}


def _columns_read(recipe: Recipe) -> set[str]:
    parts = recipe if isinstance(recipe, tuple) else (recipe,)
    return {name for one in parts if isinstance(one, Later) for name in one.columns()}


class _Columns:
    """Columns made before the join, by name; what is the same for all rows is not made one."""

    def __init__(self, made: dict[str, Any], waits: bool) -> None:
        self.made, self.waits = made, waits

    def flag(self, name: str, flag: Flag) -> Any:
        if isinstance(flag, bool):
            return flag
        self.made[name] = flag
        return name

    def truth(self, name: str, truth: Truth) -> tuple[Any, Any, Any]:
        yes = self.flag(f"{name}__yes", truth.yes)
        return yes, yes if truth.decided else self.flag(f"{name}__maybe", truth.maybe), self.flag(f"{name}__vague", truth.unknown)

    def span(self, name: str, row: Row, field: FieldSpec) -> tuple[tuple[Any, ...], Any]:
        """A number, and whether it is approximate. One that waits is not kept to its range yet: that would be long-winded in SQL."""
        span, about = row.stated(field) if self.waits else row.span(field), row.approximate(field)
        self.made[f"{name}__lo"] = span.lo
        if not span.point:
            self.made[f"{name}__hi"] = span.hi
        flags = {end: self.flag(f"{name}__{end}", getattr(span, end)) for end in ("lo_open", "hi_open", "unknown", "absent")}
        return (f"{name}__lo", f"{name}__lo" if span.point else f"{name}__hi", *flags.values()), self.flag(f"{name}__about", about)


def reads_time(expr: Expr | None, sheet: Sheet, shape: Shape) -> bool:
    """Whether a condition reads a time name; a column of the same name comes first."""
    names = () if expr is None else (node.id for node in walk(expr) if isinstance(node, Name))
    return any(name in shape.times and sheet.dataset.field(name) is None for name in names)


def fields_of(expr: Expr | None, dataset: DatasetSpec) -> list[str]:
    """The columns that a condition reads."""
    names = [] if expr is None else list(dict.fromkeys(node.id for node in walk(expr) if isinstance(node, Name)))
    return [name for name in names if dataset.field(name) is not None]


def columns_of(dataset: DatasetSpec, field_id: str) -> list[str]:
    """The columns in which a field travels."""
    field = dataset.field(field_id)
    assert field is not None
    if field.type in NUMERIC:
        return [f"{field_id}__{end}" for end in ("lo", "hi", "lo_open", "hi_open", "reason")]
    return [field_id, f"{field_id}__reason"]
