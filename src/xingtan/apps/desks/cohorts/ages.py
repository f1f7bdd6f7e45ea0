"""Enrolment ratios of one school year by level and sex, with parity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingtan.apps.base.pupils.grades import Grades
from xingtan.engine.cohorts.enrolment import Enrolled, Ratios, parity, ratios
from xingtan.engine.cohorts.given import Rate
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text
from xingtan.pack import Pack

from .printing import index, percent
from .reading import BOTH, BOYS, GIRLS, Numbers

COLUMNS = {"小学": "primary", "初中": "junior", "高中": "senior"}  # level → column of the ledger
FIRST = "school_age_from"


@dataclass(frozen=True, slots=True)
class Line:
    """One ratio of a level: all, boys, girls, and girls ÷ boys."""

    level: str
    ages: str
    name: str
    both: Text
    boys: Text
    girls: Text
    parity: Text


@dataclass(frozen=True, slots=True)
class Enrolment:
    lines: tuple[Line, ...] = ()
    issues: tuple[Issue, ...] = ()


def levels(pack: Pack, law: Grades) -> Mapping[str, range]:
    """Official ages: from the age at which school begins, as many years as each level lasts. None where the pack does not say."""
    found = pack.parameters.get(FIRST)
    if found is None or found.value is None or isinstance(found.value, str):
        return {}
    age, ages = int(found.value), {}
    for level in COLUMNS:
        if level not in law.years:
            break
        ages[level] = range(age, age + law.years[level])
        age += law.years[level]
    return ages


def enrolment(numbers: Numbers, pack: Pack, law: Grades, titles: Mapping[str, str]) -> Enrolment:
    """All ratios; what is wrong with the numbers. `titles` of the levels."""
    ages = levels(pack, law)
    if not numbers.lines or not ages:
        return Enrolment()
    found: dict[str, Ratios] = {}
    issues: list[Issue] = []
    for sex in (BOTH, BOYS, GIRLS):
        try:
            found[sex] = ratios(_given(numbers, ages, sex))
            issues += found[sex].issues if sex == BOTH else ()
        except XingtanError as error:
            return Enrolment(issues=tuple(error.issues))
    return Enrolment(tuple(line for level in ages for line in _lines(found, ages[level], level, titles)), tuple(issues))


def _given(numbers: Numbers, ages: Mapping[str, range], sex: str) -> Enrolled:
    def column(name: str) -> dict[int, Quantity]:
        return {int(key[0]): numbers.of(key, sex, name) for key in sorted(numbers.keys) if key[0]}

    return Enrolled(column("population"), {level: column(COLUMNS[level]) for level in ages}, ages)


def _lines(found: Mapping[str, Ratios], ages: range, level: str, titles: Mapping[str, str]) -> list[Line]:
    kinds = {"GER": "gross", "NER": "net", "ANER": "adjusted"}
    span = f"{ages[0]}–{ages[-1]}"
    lines = []
    for name, kind in kinds.items():
        rates: dict[str, Rate] = {sex: getattr(one, kind)[level] for sex, one in found.items()}
        both, boys, girls = (percent(rates[sex].value) for sex in (BOTH, BOYS, GIRLS))
        lines.append(Line(titles.get(level, level), span, name, both, boys, girls, index(parity(rates[GIRLS], rates[BOYS]).value)))
    return lines
