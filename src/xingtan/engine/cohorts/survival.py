"""The reconstructed cohort: how many of 1,000 who begin grade 1 would ever enter each grade if a year's rates stayed as they are.

Source: UNESCO Institute for Statistics, Education Indicators: Technical Guidelines, 2009. It assumes that whoever leaves never returns,
that rates stay as they are, and that repeaters fare like others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xingtan.engine.cohorts.flow import Flowed, GradeRates
from xingtan.engine.cohorts.given import Input, Rate
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T


@dataclass(frozen=True, slots=True)
class Survival:
    """Share of the cohort that enters each grade; `completion`: that graduates. `repeats`: how many in all, None: any number."""

    grades: tuple[str, ...]
    entering: tuple[Rate, ...]
    completion: Rate
    repeats: int | None = None


def survival(flowed: Flowed, repeats: int | None = None) -> Survival:
    """Survival rates by grade. With unlimited repeats s[k] = Π p[g] ÷ (1 − r[g]) over g < k; else the cohort is led through year by year,
    and whoever would repeat once more than allowed leaves. Raises XingtanError for a negative number of repeats.
    """
    if repeats is not None and repeats < 0:
        raise XingtanError.one("cohort.repeats", T("允许留级的次数不能是负数"), T("填 0 或更大的整数，不限次数则不填"))
    shares = _unlimited(flowed.grades) if repeats is None else _limited(flowed.grades, repeats)
    formula = "Π p[g] ÷ (1 − r[g])" if repeats is None else "Σ N[k,j]"
    used = [_inputs(flowed.grades[:number]) for number in range(len(flowed.grades) + 1)]
    found = tuple(Rate(share, formula, inputs) for share, inputs in zip(shares, used, strict=True))
    return Survival(tuple(one.grade for one in flowed.grades), found[:-1], found[-1], repeats)


def _unlimited(grades: Sequence[GradeRates]) -> list[Quantity]:
    shares = [Quantity.exact(1)]
    for grade in grades:
        shares.append(shares[-1] * (grade.promotion.value / (1 - grade.repetition.value)))
    return shares


def _limited(grades: Sequence[GradeRates], repeats: int) -> list[Quantity]:
    """`entering[j]`: share that enters the grade having repeated j times so far."""
    entering = [Quantity.exact(1), *(Quantity.exact(0) for _ in range(repeats))]
    shares = [Quantity.exact(1)]
    for grade in grades:
        sitting: list[Quantity] = []  # ever in the grade with j repeats behind them, this grade's among them
        for share in entering:
            sitting.append(share + sitting[-1] * grade.repetition.value if sitting else share)
        entering = [share * grade.promotion.value for share in sitting]
        shares.append(sum(entering[1:], entering[0]))
    return shares


def _inputs(grades: Sequence[GradeRates]) -> tuple[Input, ...]:
    return tuple(
        one
        for grade in grades
        for one in (Input(f"p[{grade.grade}]", grade.promotion.value), Input(f"r[{grade.grade}]", grade.repetition.value))
    )
