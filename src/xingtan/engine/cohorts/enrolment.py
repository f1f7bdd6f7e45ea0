"""Enrolment against the population of the age: gross, net, adjusted net and age-specific ratios, and parity between girls and boys.

Source of all formulas: UNESCO Institute for Statistics, Education Indicators: Technical Guidelines, 2009.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xingtan.engine.cohorts.given import Input, Rate, fault, negatives, ratio, stated
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, has_errors
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

Ages = Mapping[int, Quantity]  # age in years → persons


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One year: population by age, pupils by level and age. `levels` from the lowest to the highest, each with its official ages."""

    population: Ages
    pupils: Mapping[str, Ages]
    levels: Mapping[str, range]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Ratios:
    """GER, NER and ANER of each level, ASER of each age, and what is wrong with the numbers they were made of."""

    gross: Mapping[str, Rate]
    net: Mapping[str, Rate]
    adjusted: Mapping[str, Rate]
    age_specific: Mapping[int, Rate]
    issues: tuple[Issue, ...] = field(default=())


def ratios(given: Enrolled) -> Ratios:
    """All ratios of one year. Raises XingtanError with all negative counts and unknown levels at once."""
    errors = negatives([*_population(given, given.population), *_pupils(given, given.pupils, None)])
    errors += [
        fault("cohort.level", T("没有学段“%(level)s”的法定年龄", level=level), level, T("请在规则包里写明这个学段的法定年龄"))
        for level in given.pupils
        if level not in given.levels
    ]
    if has_errors(errors):
        raise XingtanError(errors)
    found = Ratios(
        MappingProxyType({level: gross(given, level) for level in given.levels}),
        MappingProxyType({level: net(given, level) for level in given.levels}),
        MappingProxyType({level: adjusted_net(given, level) for level in given.levels}),
        MappingProxyType({age: age_specific(given, age) for age in sorted(given.population)}),
    )
    return Ratios(found.gross, found.net, found.adjusted, found.age_specific, tuple(_above_one(found)))


def gross(given: Enrolled, level: str) -> Rate:
    """Gross enrolment ratio: pupils of the level, whatever their age ÷ population of its official ages. May exceed one.

    UIS, Technical Guidelines 2009: GER = E(h,t) / P(h,a,t). An official age of which no pupils are stated makes it unknown.
    """
    ages = given.levels[level]
    others = [age for age in given.pupils.get(level, {}) if age not in ages]
    above = _pupils(given, [level], [*ages, *others])
    return ratio(above, _population(given, ages), "Σ E[h,a,t] ÷ Σ P[a,t]")


def net(given: Enrolled, level: str) -> Rate:
    """Net enrolment rate: pupils of the official ages in the level ÷ population of these ages. UIS, Technical Guidelines 2009."""
    ages = given.levels[level]
    return ratio(_pupils(given, [level], ages), _population(given, ages), "Σ E[h,a∈h,t] ÷ Σ P[a∈h,t]")


def adjusted_net(given: Enrolled, level: str) -> Rate:
    """Adjusted net enrolment rate: pupils of the official ages in the level or in a higher one ÷ population of these ages.

    UIS defines it for primary education (pupils of primary age in primary or secondary); here for every level in the same way.
    """
    ages, order = given.levels[level], list(given.levels)
    return ratio(_pupils(given, order[order.index(level) :], ages), _population(given, ages), "Σ E[≥h,a∈h,t] ÷ Σ P[a∈h,t]")


def age_specific(given: Enrolled, age: int) -> Rate:
    """Age-specific enrolment rate: pupils of one age in any level ÷ population of that age. UIS, Technical Guidelines 2009."""
    return ratio(_pupils(given, list(given.levels), [age]), _population(given, [age]), "Σ E[a,t] ÷ P[a,t]")


def parity(girls: Rate, boys: Rate) -> Rate:
    """Gender parity index: the girls' value ÷ the boys' value of the same indicator. UIS, Technical Guidelines 2009."""
    return Rate(girls.value / boys.value, "F ÷ M", (Input("F", girls.value), Input("M", boys.value)))


def transition(entrants: Input, pupils_before: Input) -> Rate:
    """Effective passage to the next level: new entrants to its first grade in t+1 ÷ pupils of the last grade below in t.

    UIS, Technical Guidelines 2009: new entrants are pupils without repeaters.
    """
    return ratio([entrants], [pupils_before], "(E[h+1,1,t+1] − R[h+1,1,t+1]) ÷ E[h,n,t]")


def _population(given: Enrolled, ages: Iterable[int]) -> list[Input]:
    return [Input(f"P[{age}]", stated(given.population, age), given.origin) for age in ages]


def _pupils(given: Enrolled, levels: Iterable[str], ages: Iterable[int] | None) -> list[Input]:
    """Pupils of some levels and ages (None: all stated)."""
    wanted = None if ages is None else list(ages)
    found = []
    for level in levels:
        own = given.pupils.get(level, {})
        found += [Input(f"E[{level},{age}]", stated(own, age), given.origin) for age in (own if wanted is None else wanted)]
    return found


def _above_one(found: Ratios) -> Iterable[Issue]:
    """A part of an age cannot be more than the age: then one of the two numbers is wrong, or they are not of the same children."""
    shown = [*((f"NER[{level}]", rate) for level, rate in found.net.items())]
    shown += [(f"ANER[{level}]", rate) for level, rate in found.adjusted.items()]
    shown += [(f"ASER[{age}]", rate) for age, rate in found.age_specific.items()]
    for name, rate in shown:
        if rate.value.compare(">", 1):
            message = T("%(name)s超过100%%：在校学生比本年龄人口还多", name=name)
            hint = T("请核对人口数，以及是否计入了外来学生")
            yield fault("cohort.above_one", message, name, hint, value=str(rate.value), severity=Severity.WARNING)
