"""Targets: which indicators stand in which letter, how they cascade, who signs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Formula, Id, Model, Noun, PeriodKindName, SourceRef, Stage

COMPARISONS = ("at_most", "at_least", "less_than", "more_than", "equals", "rise_by", "fall_by", "rank_up", "rank_within", "places")


class Places(Model):
    """At least `count` of the organisations below stand within the first `top`."""

    count: Formula
    top: Formula


class Goal(Model):
    """One promise about one indicator. Exactly one comparison; its value is a formula over parameters."""

    indicator: Id
    at_most: Formula | None = None
    at_least: Formula | None = None
    less_than: Formula | None = None
    more_than: Formula | None = None
    equals: Formula | None = None
    rise_by: Formula | None = Slot(default=None, description="increase over the period before; a rate in percentage points as a fraction")
    fall_by: Formula | None = None
    rank_up: Formula | None = Slot(default=None, description="ranks gained against the period before")
    rank_within: Formula | None = Slot(default=None, description="rank no worse than this")
    places: Places | None = None
    rank_now: Formula | None = Slot(default=None, description="the rank at the time of signing, when known")
    among: Formula | None = Slot(default=None, description="how many are ranked")
    split: Literal["same", "proportional", "given"] = Slot(default="same", description="what the next layer's letter says")
    weight: Id | None = Slot(default=None, description="indicator by which a proportional goal is shared out")
    stretch: Formula | None = Slot(default=None, description="second, bonus-triggering value beside the plan (奖励考核指标)")
    stages: tuple[Stage, ...] = ()

    @model_validator(mode="after")
    def _one_comparison(self) -> Goal:
        if sum(getattr(self, name) is not None for name in COMPARISONS) != 1:
            raise PydanticCustomError("goal_comparison", "exactly one comparison")
        return self


class OnMiss(Model):
    """What a missed goal proposes."""

    open_case: Id


class Target(Noun):
    """A letter of responsibility, signed layer by layer."""

    period: PeriodKindName = "year"
    chain: tuple[Id, ...] = Slot(default=(), description="tiers, kinds or posts that sign, from the top")
    goals: tuple[Goal, ...] = Slot(min_length=1)
    on_miss: OnMiss | None = None
    basis: SourceRef | None = None
