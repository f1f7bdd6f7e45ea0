"""The one query of a sheet: per own organisation and period, counts and sums with their bounds.

Columns: `org, slot[, group], n` (rows at all); for condition i, `y`/`m` (rows that count surely/perhaps), `w` (undecided because a
value is unknown), `d` (doubtful); for total j, `lo`/`hi` (sums of the bounds), `il`/`ih` (rows without a bound), `ol`/`oh` (open
bounds), `u` (unknown), `a` (approximate), `x` (not applicable), `p`/`q` (surely/perhaps counted rows whose value applies). A column
that would repeat another one or be 0 everywhere is left out; the aliases say where to find it.
"""

from __future__ import annotations

from typing import Any

import ibis

from xingtan.engine.indicators.sheet import Sheet, Total
from xingtan.engine.indicators.sql import compare
from xingtan.engine.indicators.sql.condition import truth
from xingtan.engine.indicators.sql.row import Row
from xingtan.engine.indicators.sql.source import DECIMAL, Shape, source
from xingtan.engine.indicators.sql.values import Flag, Span, Truth, Word, all_of, both, either, negate, sure

ZERO = "zero"  # alias of a column that is 0 in every row


class Builder:
    """Collects the aggregates of one sheet; equal columns are asked once."""

    def __init__(self, sheet: Sheet, shape: Shape, parameters: Any) -> None:
        self.sheet = sheet
        self.table = source(sheet, shape)
        self.row = Row(self.table, sheet.dataset, parameters, shape.exact, frozenset(shape.times))
        self.truths: dict[int, Truth] = {}
        group = compare.words("==", self._group_word(shape), Word(self.table.group_value)) if shape.by else None
        for number, condition in enumerate(sheet.conditions):
            if condition.in_sql:
                own = truth(condition.expr, self.row)
                self.truths[number] = own if group is None else all_of(group, own)
        self.aggregates: dict[str, Any] = {"n": self.table.count()}
        self.aliases: dict[str, str] = {}

    def _group_word(self, shape: Shape) -> Word:
        field = self.sheet.dataset.field(shape.by)
        assert field is not None
        return self.row.word(field)

    def count(self, name: str, flag: Flag, same: str = "", like: Flag = None) -> None:
        """Rows for which the flag holds; `same` is an earlier column that counts the flag `like`."""
        if flag is False:
            self.aliases[name] = ZERO
        elif flag is True:
            self.aliases[name] = "n"
        elif flag is like and (same in self.aggregates or same in self.aliases):
            self.aliases[name] = self.aliases.get(same, same)
        else:
            self.aggregates[name] = self.table.count(where=flag)

    def condition(self, number: int) -> None:
        truth = self.truths[number]
        if number in self.sheet.counts:
            self.count(f"y{number}", truth.yes)
            self.count(f"m{number}", truth.maybe, f"y{number}", truth.yes)
            self.count(f"w{number}", False if truth.decided else both(truth.maybe, negate(truth.yes), truth.unknown))
        if number in self.sheet.unions:
            self.count(f"m{number}", truth.maybe, f"y{number}", truth.yes)
            self.count(f"d{number}", both(truth.maybe, self.row.doubt()))

    def total(self, number: int, total: Total) -> None:
        field = self.sheet.dataset.field(total.field)
        assert field is not None
        truth, span = self.truths[total.condition], self.row.span(field)
        applies = negate(span.absent)
        yes, maybe = both(truth.yes, applies), both(truth.maybe, applies)
        undecided = False if truth.decided else both(maybe, negate(truth.yes))
        if number in self.sheet.means or span.absent is not False:
            self.count(f"p{number}", yes, f"y{total.condition}", truth.yes)
            self.count(f"q{number}", yes if truth.decided else maybe, f"p{number}", yes)
        self._sums(number, span, yes, undecided)
        self.count(f"u{number}", both(maybe, either(span.unknown, both(undecided, truth.unknown))))
        self.count(f"a{number}", both(maybe, self.row.approximate(field)))
        self.count(f"x{number}", both(truth.maybe, span.absent))

    def _sums(self, number: int, span: Span, yes: Flag, undecided: Flag) -> None:
        if span.point and undecided is False:
            self.aggregates[f"lo{number}"] = _sum(span.lo, yes)
            self.aliases[f"hi{number}"] = f"lo{number}"
            for name in ("il", "ih", "ol", "oh"):
                self.aliases[f"{name}{number}"] = ZERO
            return
        for end, bound, is_open in (("lo", span.lo, span.lo_open), ("hi", span.hi, span.hi_open)):
            outward = sure(bound < 0) if end == "lo" else sure(bound > 0)
            counted = either(yes, both(undecided, outward))  # an undecided row adds nothing or its value
            self.aggregates[f"{end}{number}"] = _sum(bound, counted)
            self.count(f"o{end[0]}{number}" if end == "lo" else f"oh{number}", both(counted, is_open))
            unbounded = False if span.point else bound.isnull()
            self.count(f"il{number}" if end == "lo" else f"ih{number}", both(either(yes, undecided), unbounded))


def build(sheet: Sheet, shape: Shape, parameters: Any) -> tuple[Any, dict[str, str]]:
    """The expression and the aliases of left-out columns."""
    builder = Builder(sheet, shape, parameters)
    for number in builder.truths:
        builder.condition(number)
    for number, total in enumerate(sheet.totals):
        if total.condition in builder.truths:
            builder.total(number, total)
    keys = ["org", "slot", "group"] if shape.by else ["org", "slot"]
    return builder.table.group_by(keys).aggregate(**builder.aggregates), builder.aliases


def _sum(bound: Any, counted: Flag) -> Any:
    total = bound.sum() if counted is True else bound.sum(where=counted if not isinstance(counted, bool) else ibis.literal(counted))
    return total.cast(DECIMAL)
