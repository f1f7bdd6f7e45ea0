"""What figures are, written down as plainly as can be: the oracle that the compiled plans are held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.engine.indicators.asked import times
from xingtan.engine.indicators.rewrite import mention, mentioned, references, rewritten
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, ModelSpec
from xingtan.kernel.formula.calls import bind
from xingtan.kernel.formula.evaluate import evaluate
from xingtan.kernel.formula.nodes import Call, Expr, Field, Name, String, walk
from xingtan.kernel.formula.parser import parse
from xingtan.kernel.formula.signatures import SIGNATURES
from xingtan.kernel.formula.values import Env, absent, quantity, tri
from xingtan.kernel.interval import ARITHMETIC
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity, Reason

from .worlds import Org, Place, Row, _quantity

ZERO = Quantity.exact(0)


class Naive:
    """Figures of a small place, one at a time, straight from the definitions."""

    def __init__(self, spec: ModelSpec, place: Place) -> None:
        self.spec, self.place = spec, place
        self.datasets = {one.id: one for one in spec.datasets}
        self.indicators = {one.id: one for one in spec.indicators}
        self.formulas = {one.id: rewritten(parse(one.formula).expr) for one in spec.indicators}
        self.known: dict[Any, Any] = {}

    # the tree

    def spell(self, code: str, period: Period) -> Org | None:
        """The spell at the period's end, or the last one that ended within it."""
        mine = [one for one in self.place.orgs if one.code == code]
        end, start = period.end, period.start
        if end is None or start is None:
            return next((one for one in mine if one.end is None), None)
        now = [one for one in mine if one.start <= end and (one.end is None or end < one.end)]
        late = [one for one in mine if one.end is not None and start < one.end <= end]
        return now[0] if now else max(late, key=lambda one: one.end or end) if late else None

    def above(self, code: str, period: Period) -> list[str]:
        """The organisation and all above it."""
        chain: list[str] = []
        while code and (spell := self.spell(code, period)) is not None:
            chain.append(code)
            code = spell.parent
        return chain

    def below(self, org: str, kind: str, period: Period) -> list[str]:
        codes = dict.fromkeys(one.code for one in self.place.orgs)
        return [one for one in codes if one != org and org in self.above(one, period) and self.kind(one, period) == kind]

    def kind(self, org: str, period: Period) -> str:
        spell = self.spell(org, period)
        return spell.kind if spell else ""

    # rows

    def values(self, dataset: DatasetSpec, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {
            "date": row.day,
            "org": row.org,
            "doubtful": bool(row.doubt),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for one in dataset.fields:
            value = row.values.get(one.id, Reason.UNKNOWN)
            if one.type in NUMERIC:
                value = _quantity(value).narrow(one.minimum, one.maximum)
            found[one.id] = None if value is Reason.UNKNOWN else value
        return found

    def seen(self, call: Call, org: str, period: Period) -> list[tuple[dict[str, Any], Row, bool | None, bool]]:
        """Rows a record function looks at: values, row, whether it counts, whether that rests on an unknown value."""
        given = bind(call, SIGNATURES[call.function])
        first = given[SIGNATURES[call.function].slots[0].name][0]
        dataset = self.datasets[first.dataset if isinstance(first, Field) else first.id]  # type: ignore[union-attr]
        condition = given["condition"][0] if "condition" in given else None
        ruled = condition is not None and any(isinstance(one, Call) and one.function in {"on", "within"} for one in walk(condition))
        orders = {one.id: one.codes for one in dataset.fields if one.ordered}
        env = Env(self.names(), times(period, None), period.end, self.spec.calendar, orders)
        result = []
        for row in self.place.rows.get(dataset.id, ()):
            inside = ruled or (period.contains(Period.parse(row.period)) if row.period else row.day is not None and period.covers(row.day))
            if not inside or (org and org not in self.above(row.org, period)):
                continue
            values = self.values(dataset, row)
            holds = True if condition is None else tri(evaluate(condition, values, env))
            if holds is not False:
                result.append((values, row, holds, condition is not None and _vague(condition, {**env.times, **env.names, **values})))
        return result

    def names(self) -> dict[str, Any]:
        return {name: one.value for name, one in self.spec.parameters.items()}

    def reported(self, call: Call, period: Period) -> bool:
        """Whether the whole place, today's organisations or not, reported anything the function could see."""
        given = bind(call, SIGNATURES[call.function])
        first = given[SIGNATURES[call.function].slots[0].name][0]
        name = first.dataset if isinstance(first, Field) else first.id  # type: ignore[union-attr]
        rules = [one for one in walk(call) if isinstance(one, Call) and one.function in {"on", "within"}]
        env = Env(self.names(), times(period, None), period.end, self.spec.calendar)
        for row in self.place.rows.get(name, ()):
            values = self.values(self.datasets[name], row)
            if rules:
                if evaluate(rules[0], values, env) is True:
                    return True
            elif period.contains(Period.parse(row.period)) if row.period else row.day is not None and period.covers(row.day):
                return True
        return not rules and any(one == name and period.contains(Period.parse(text)) for one, _, text in self.place.returns)

    def owing(self, dataset: DatasetSpec, call: Call, org: str, period: Period) -> list[str]:
        due = []
        bare = self.bare(dataset, call)
        for one in dict.fromkeys(one.code for one in self.place.orgs):
            spell = self.spell(one, period)
            is_open = spell is not None and (period.end is None or spell.end is None or spell.end > period.end)
            if not is_open or spell is None or spell.kind not in dataset.due_from or org not in self.above(one, period):
                continue
            own = any(row.org == one for _, row, holds, _ in self.seen(bare, "", period) if holds is True)
            nil = any(a == dataset.id and b == one and period.contains(Period.parse(c)) for a, b, c in self.place.returns)
            if not own and not nil:
                due.append(one)
        return due

    def summed(self, dataset: DatasetSpec, call: Call, org: str, period: Period) -> bool:
        """Whether one above reported for the period and nobody here did, not even that there is nothing."""
        if any(isinstance(one, Call) and one.function in {"on", "within"} for one in walk(call)):
            return False
        rows = [one for one in self.place.rows.get(dataset.id, ()) if one.period and period.contains(Period.parse(one.period))]
        said = {b for a, b, c in self.place.returns if a == dataset.id and period.contains(Period.parse(c))}
        own = any(holds is True for _, _, holds, _ in self.seen(self.bare(dataset, call), org, period))
        own = own or any(org in self.above(one, period) or one in self.above(org, period) for one in said)
        return not own and any(one.org in self.above(org, period)[1:] for one in rows)

    def bare(self, dataset: DatasetSpec, call: Call) -> Call:
        """All rows that the function's time rule sees."""
        rules = [one for one in walk(call) if isinstance(one, Call) and one.function in {"on", "within"}]
        return Call("count", (Name(dataset.id), *rules[:1]))

    def left_out(self, owner: str, names: tuple[str, ...], org: str, period: Period) -> bool:
        """Whether an indicator that is content with parts leaves an organisation out for want of returns."""
        if self.indicators[owner].missing != "partial":
            return False
        calls, todo = [], list(names)
        while todo:
            formula = self.formulas[todo.pop()]
            assert formula is not None
            calls += [one.call for one in mentioned(formula)]
            todo += [one for one in references(formula) if one in self.formulas]
        owned = [(self.datasets[found.dataset], found.call) for call in calls if (found := mention(call)) is not None]
        return any(self.owing(dataset, call, org, period) for dataset, call in owned)

    def first_day(self) -> date:
        """The first day of anything reported in the datasets that any formula mentions."""
        used = [name for name in self.datasets if any(name in one.formula for one in self.spec.indicators)]
        rows = [row for name in used for row in self.place.rows.get(name, ())]
        starts = [Period.parse(row.period).start if row.period else row.day for row in rows]
        return min((one for one in starts if one is not None), default=date.max)

    # figures

    def value(self, indicator: str, org: str, period: Period) -> Quantity:
        key = (indicator, org, period)
        if key not in self.known:
            self.known[key] = quantity(self.ask(self.formulas[indicator], indicator, org, period))
        return self.known[key]

    def ask(self, expr: Any, owner: str, org: str, period: Period) -> Any:
        class Names(dict):  # type: ignore[type-arg]
            def __contains__(inner, name: object) -> bool:  # noqa: N805
                return name in self.spec.parameters or name in self.formulas

            def __getitem__(inner, name: str) -> Any:  # noqa: N805
                return self.spec.parameters[name].value if name in self.spec.parameters else self.value(name, org, period)

        calls = lambda call: self.call(call, owner, org, period)  # noqa: E731
        return evaluate(expr, None, Env(Names(), times(period, None), period.end, self.spec.calendar, {}, calls))

    def call(self, call: Call, owner: str, org: str, period: Period) -> Any:
        first = call.args[0]
        if isinstance(first, Call) and first.function == "children":
            given = bind(first, SIGNATURES["children"])
            x: str = given["x"][0].id  # type: ignore[union-attr]
            figures = [(one, self.value(x, one, period)) for one in self.below(org, given["kind"][0].id, period)]  # type: ignore[union-attr]
            some = [(one, value) for one, value in figures if not value.is_not_applicable]
            kept = [value for one, value in some if not (value.is_unknown and self.left_out(owner, (x,), one, period))]
            return Quantity.unknown() if some and not kept else self.over(call, kept)
        if SIGNATURES[call.function].family == "records":
            return self.record(call, owner, org, period)
        given = bind(call, SIGNATURES[call.function])
        return getattr(self, call.function)({name: one[0] for name, one in given.items()}, owner, org, period)

    def record(self, call: Call, owner: str, org: str, period: Period) -> Any:
        if self.spell(org, period) is None:
            return Quantity.not_applicable()
        first = call.args[0]
        dataset = self.datasets[first.dataset if isinstance(first, Field) else first.id]  # type: ignore[union-attr]
        gap = not self.reported(call, period) or self.summed(dataset, call, org, period)
        if self.owing(dataset, call, org, period):
            nothing = not any(holds is True for _, _, holds, _ in self.seen(self.bare(dataset, call), org, period))
            gap = gap or self.indicators[owner].missing != "partial" or nothing
        seen = self.seen(call, org, period)
        if call.function == "count":
            return _open(_count([(holds, vague) for _, _, holds, vague in seen]), gap, True, False)
        assert isinstance(first, Field)
        items = [(values[first.field], row, holds, vague) for values, row, holds, vague in seen]
        applicable = [one for one in items if not absent(one[0])]
        if call.function in {"sum", "mean"}:
            field = dataset.field(first.field)
            assert field is not None
            floor, ceiling = field.minimum is not None and field.minimum >= 0, field.maximum is not None and field.maximum <= 0
            nothing = items and not applicable
            total = Quantity.not_applicable() if nothing else sum((_part(*one) for one in applicable), ZERO)
            total = _open(total, gap, floor, ceiling)
            if call.function == "sum" or total.is_not_applicable:
                return total
            return total / _open(_count([(holds, False) for _, _, holds, _ in applicable]), gap, True, False)
        return self.listed(call, applicable, gap)

    def listed(self, call: Call, items: Sequence[tuple[Any, Row, bool | None, bool]], gap: bool) -> Any:
        if call.function == "distinct":
            return _distinct(items, gap)
        if gap:
            return None
        if call.function in {"median", "quantile"}:
            q = Decimal("0.5") if call.function == "median" else quantity(self.ask(call.args[1], "", "", Period.parse("2009"))).lo
            assert q is not None
            return _quantile([value for value, *_ in items], q) if all(holds for _, _, holds, _ in items) else Quantity.unknown()
        days = [row.day or Period.parse(row.period).end for _, row, _, _ in items]
        if not items or None in days:
            return None
        wanted = min(days) if call.function == "first" else max(days)  # type: ignore[type-var]
        chosen = [item for item, day in zip(items, days, strict=True) if day == wanted]
        agreed = all(holds is True and value == chosen[0][0] for value, _, holds, _ in chosen)
        return chosen[0][0] if agreed else None

    def over(self, call: Call, figures: Sequence[Quantity]) -> Quantity:
        some = [one for one in figures if not one.is_not_applicable]
        if not some:
            return Quantity.not_applicable()
        if call.function in {"least", "greatest", "min", "max"}:
            low = call.function in {"least", "min"}
            return some[0].minimum(*some[1:]) if low else some[0].maximum(*some[1:])
        if call.function in {"median", "quantile"}:
            return _quantile(some, Decimal("0.5"))
        total = sum(some, ZERO)
        return total if call.function == "sum" else total / len(some)

    def previous(self, given: dict[str, Any], owner: str, org: str, period: Period) -> Quantity:
        back = int(given["n"].value) if "n" in given else 1
        return self.value(given["x"].id, org, period.previous(back))

    def share(self, given: dict[str, Any], owner: str, org: str, period: Period) -> Quantity:
        of, chain = _word(given["of"]), self.above(org, period)
        if of == "root":
            whole = chain[-1:] or [org]
        elif of == "parent":
            whole = chain[1:2]
        else:
            whole = [one for one in chain[1:] if self.kind(one, period) == of][:1]
        return self.value(given["x"].id, org, period) / self.value(given["x"].id, whole[0], period) if whole else Quantity.not_applicable()

    def rank(self, given: dict[str, Any], owner: str, org: str, period: Period) -> Quantity:
        kind, x = given["among"].id, given["x"].id
        if self.kind(org, period) != kind:
            return Quantity.not_applicable()
        own = self.value(x, org, period)
        if own.is_not_applicable:
            return own
        parent = self.above(org, period)[1:2]
        rivals = [one for one in dict.fromkeys(one.code for one in self.place.orgs) if one != org and self.kind(one, period) == kind]
        rivals = [one for one in rivals if self.above(one, period)[1:2] == parent]
        sign: Any = "<" if self.indicators[x].better == "lower" else ">"
        lo = hi = 1
        unknown = False
        for rival in rivals:
            other = self.value(x, rival, period)
            better = other.compare(sign, own)
            lo, hi = lo + (better is True), hi + (better is not False)
            unknown = unknown or (better is None and (other.is_unknown or own.is_unknown))
        return Quantity.unknown(lo, hi) if unknown else Quantity.between(lo, hi)

    def cv(self, given: dict[str, Any], owner: str, org: str, period: Period) -> Quantity:
        pairs, applicable = [], 0
        for one in self.below(org, given["over"].id, period):
            x = self.value(given["x"].id, one, period)
            w = self.value(given["weight"].id, one, period) if "weight" in given else Quantity.exact(1)
            if not x.is_not_applicable and not w.is_not_applicable:
                applicable += 1
                names = (given["x"].id, *((given["weight"].id,) if "weight" in given else ()))
                if not ((x.is_unknown or w.is_unknown) and self.left_out(owner, names, one, period)):
                    pairs.append((x, w))
        if not pairs:
            return Quantity.unknown() if applicable else Quantity.not_applicable()
        if any(x.value is None or w.value is None for x, w in pairs):
            return Quantity.unknown()
        points = [(float(x.value or 0), float(w.value or 0)) for x, w in pairs]
        total = sum(w for _, w in points)
        if total <= 0:
            return Quantity.unknown()
        mean = sum(x * w for x, w in points) / total
        if mean == 0:
            return Quantity.unknown()
        value = math.sqrt(sum(w * (x - mean) ** 2 for x, w in points) / total) / mean
        about = any(Reason.APPROXIMATE in (x.reason, w.reason) for x, w in pairs)
        return Quantity.about(value) if about else Quantity.exact(value)

    def streak(self, given: dict[str, Any], owner: str, org: str, period: Period) -> Quantity:
        length, surely = 0, None
        while period.end is not None and (length == 0 or self.first_day() <= period.end):
            holds = tri(self.ask(given["condition"], owner, org, period))
            if holds is False:
                return Quantity.exact(length) if surely is None else Quantity.unknown(surely, length)
            if holds is None and surely is None:
                surely = length
            length, period = length + 1, period.previous()
        return Quantity.unknown(length if surely is None else surely)


def _word(expr: Any) -> str:
    return expr.id if isinstance(expr, Name) else expr.value if isinstance(expr, String) else ""


def _vague(condition: Expr, values: dict[str, Any]) -> bool:
    names = {one.id for one in walk(condition) if isinstance(one, Name)}
    rules = {one.function for one in walk(condition) if isinstance(one, Call)}
    names |= ({"valid_from"} if "on" in rules else set()) | ({"date"} if "within" in rules else set())
    return any(values[one] is None or (isinstance(values[one], Quantity) and values[one].is_unknown) for one in names & set(values))


def _count(rows: Sequence[tuple[bool | None, bool]]) -> Quantity:
    sure = sum(holds is True for holds, _ in rows)
    unknown = any(holds is None and vague for holds, vague in rows)
    return Quantity(Decimal(sure), Decimal(len(rows)), reason=Reason.UNKNOWN if unknown else Reason.NONE)


def _part(value: Quantity, row: Row, holds: bool | None, vague: bool) -> Quantity:
    if holds is True:
        return value
    lo, hi = (None if value.lo is None else min(value.lo, Decimal(0))), (None if value.hi is None else max(value.hi, Decimal(0)))
    reason = Reason.UNKNOWN if vague or value.is_unknown else value.reason
    return Quantity(lo, hi, value.lo_open and lo == value.lo and lo != 0, value.hi_open and hi == value.hi and hi != 0, reason)


def _open(value: Quantity, gap: bool, floor: bool, ceiling: bool) -> Quantity:
    """Whatever is not reported may add anything of the field's sign."""
    if not gap:
        return value
    known = ZERO if value.is_not_applicable else value
    more = Quantity.unknown(0 if floor else None, 0 if ceiling else None)
    return known + more


def _distinct(items: Sequence[tuple[Any, Row, bool | None, bool]], gap: bool) -> Quantity:
    def tell(value: Any) -> Any:
        return (value.lo if value.is_exact else None) if isinstance(value, Quantity) else value

    sure = {tell(value) for value, _, holds, _ in items if holds is True}
    everything = {tell(value) for value, *_ in items}
    vague = sum(tell(value) is None for value, *_ in items)
    lo = max(len(sure - {None}), 1 if sure else 0)
    hi = len(everything - {None}) + vague
    if gap:
        return Quantity.unknown(lo)
    unknown = vague or any(unclear for _, _, holds, unclear in items if holds is None)
    return Quantity.unknown(lo, hi) if unknown and lo != hi else Quantity.between(lo, hi)


def _quantile(values: Sequence[Quantity], q: Decimal) -> Quantity:
    if not values or any(one.value is None for one in values):
        return Quantity.unknown()
    ordered = sorted(one.value for one in values if one.value is not None)
    at = q * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    point = ARITHMETIC.add(ordered[low], (ordered[high] - ordered[low]) * (at - low))
    return Quantity.about(point) if any(one.reason is Reason.APPROXIMATE for one in values) else Quantity.exact(point)
