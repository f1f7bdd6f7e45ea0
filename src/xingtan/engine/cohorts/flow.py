"""Flow rates of each grade from two consecutive years: promoted, repeating, dropped out.

Source: UNESCO Institute for Statistics, Education Indicators: Technical Guidelines, 2009. Below the level of a country, pupils who move to
another school or come from one distort the rates: a negative dropout is shown as it is and flagged, never cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xingtan.engine.cohorts.given import Input, Rate, fault, negatives
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, has_errors
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T


@dataclass(frozen=True, slots=True)
class Flow:
    """The grades of one cycle, lowest first: pupils in year t and in t+1, repeaters in t+1, and who graduated from the last grade in t."""

    grades: tuple[str, ...]
    enrolled: tuple[Quantity, ...]
    following: tuple[Quantity, ...]
    repeaters: tuple[Quantity, ...]
    graduates: Quantity
    origin: str = ""


@dataclass(frozen=True, slots=True)
class GradeRates:
    """Of the pupils of one grade in year t."""

    grade: str
    promotion: Rate
    repetition: Rate
    dropout: Rate


@dataclass(frozen=True, slots=True)
class Flowed:
    """The rates of all grades, and what looks wrong with them."""

    grades: tuple[GradeRates, ...]
    issues: tuple[Issue, ...] = ()


def rates(flow: Flow) -> Flowed:
    """All rates. Raises XingtanError with all faults of the input at once: uneven tables, negative counts, more repeaters than pupils."""
    errors = _uneven(flow) or [*_impossible(flow)]
    if has_errors(errors):
        raise XingtanError(errors)
    found = tuple(_grade(flow, number) for number in range(len(flow.grades)))
    return Flowed(found, tuple(_doubtful(found)))


def promotion(flow: Flow, number: int) -> Rate:
    """Promotion rate of a grade: p[g] = (E[g+1,t+1] − R[g+1,t+1]) ÷ E[g,t]; of the last grade G[n,t] ÷ E[n,t]. UIS, 2009."""
    below = _enrolled(flow, number)
    if number + 1 == len(flow.grades):
        above = Input(f"G[{flow.grades[number]},t]", flow.graduates, flow.origin)
        return Rate(above.value / below.value, "G[n,t] ÷ E[n,t]", (above, below))
    after, repeating = _following(flow, number + 1), _repeaters(flow, number + 1)
    value = (after.value - repeating.value) / below.value
    return Rate(value, "(E[g+1,t+1] − R[g+1,t+1]) ÷ E[g,t]", (after, repeating, below))


def repetition(flow: Flow, number: int) -> Rate:
    """Repetition rate of a grade: r[g] = R[g,t+1] ÷ E[g,t]. UIS, 2009."""
    repeating, below = _repeaters(flow, number), _enrolled(flow, number)
    return Rate(repeating.value / below.value, "R[g,t+1] ÷ E[g,t]", (repeating, below))


def _grade(flow: Flow, number: int) -> GradeRates:
    """Both, and the dropout rate d[g] = 1 − p[g] − r[g]. UIS, 2009."""
    p, r = promotion(flow, number), repetition(flow, number)
    d = Rate(1 - p.value - r.value, "1 − p[g] − r[g]", tuple(dict.fromkeys([*p.inputs, *r.inputs])))
    return GradeRates(flow.grades[number], p, r, d)


def _enrolled(flow: Flow, number: int) -> Input:
    return Input(f"E[{flow.grades[number]},t]", flow.enrolled[number], flow.origin)


def _following(flow: Flow, number: int) -> Input:
    return Input(f"E[{flow.grades[number]},t+1]", flow.following[number], flow.origin)


def _repeaters(flow: Flow, number: int) -> Input:
    return Input(f"R[{flow.grades[number]},t+1]", flow.repeaters[number], flow.origin)


def _uneven(flow: Flow) -> list[Issue]:
    size = len(flow.grades)
    columns = {"E[t]": flow.enrolled, "E[t+1]": flow.following, "R[t+1]": flow.repeaters}
    hint = T("每个年级一个数；不知道的写“未知”")
    return [
        fault("cohort.uneven", T("%(column)s有%(found)s个数，年级有%(grades)s个", column=name, found=len(numbers), grades=size), name, hint)
        for name, numbers in columns.items()
        if len(numbers) != size
    ]


def _impossible(flow: Flow) -> Iterable[Issue]:
    numbers = range(len(flow.grades))
    every = [read(flow, number) for number in numbers for read in (_enrolled, _following, _repeaters)]
    yield from negatives([*every, Input("G[t]", flow.graduates)])
    for number in numbers:
        repeating = _repeaters(flow, number)
        for pupils in (_following(flow, number), _enrolled(flow, number)):
            if repeating.value.compare(">", pupils.value):
                message = T("留级生%(repeating)s比在校生%(pupils)s还多", repeating=repeating.symbol, pupils=pupils.symbol)
                yield fault("cohort.repeaters", message, repeating.symbol, T("请核对两个年度的年级人数和留级人数"))
    if flow.grades and flow.graduates.compare(">", flow.enrolled[-1]):
        last = _enrolled(flow, len(flow.grades) - 1).symbol
        yield fault("cohort.graduates", T("毕业生比毕业年级的在校生%(pupils)s还多", pupils=last), "G[t]", T("请核对毕业生数"))


def _doubtful(found: Sequence[GradeRates]) -> Iterable[Issue]:
    for one in found:
        if one.dropout.value.compare("<", 0):
            message = T("%(grade)s的辍学率为负：升级和留级的人比原来在校的多", grade=one.grade)
            hint = T("多半有学生转入；转入转出多的地方请看真实批次的巩固率")
            yield fault(
                "cohort.negative_dropout", message, one.grade, hint, value=str(one.dropout.value.rounded(4)), severity=Severity.WARNING
            )
