"""Schemes: items, weights, raters, vetoes, bundles, grades, consequences and pay of an appraisal."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Duration, Formula, Id, Model, Noun, Number, PeriodKindName, SourceRef, Tagged, Title


class Step(Model):
    """From this value on, so many points."""

    at_least: Formula
    points: Formula


class Section(Tagged):
    """A section of the scheme: points by formula, by steps of an indicator, or by raters."""

    id: Id
    title: Title
    max: Number
    score: Formula | None = Slot(default=None, description="formula; `max` is the section's maximum; band(x, [lo, hi], [p0, p1, p2]) steps")
    indicator: Id | None = Slot(default=None, description="with `steps`: the indicator that is banded")
    steps: tuple[Step, ...] = ()
    raters: dict[Id, Number] = Slot(default={}, description="who rates, with weights that add up to 1")

    @model_validator(mode="after")
    def _one_way(self) -> Section:
        if sum((self.score is not None, bool(self.steps), bool(self.raters))) != 1 or bool(self.steps) != (self.indicator is not None):
            raise PydanticCustomError("section_way", "score, or indicator with steps, or raters")
        if self.raters and sum(self.raters.values()) != 1:
            raise PydanticCustomError("weights_sum", "weights add up to 1")
        return self


class Effect(Model):
    """What a veto does."""

    grade: Title | None = None
    score: Number | None = None


class Veto(Tagged):
    """A fault that overrides the score."""

    id: Id
    title: Title
    when: Formula
    effect: Effect
    against: Literal["appraisee", "pupil", "superior"] = Slot(default="appraisee", description="whom the effect falls on")


class Groups(Model):
    """Who is compared with whom."""

    by: tuple[Id, ...]


class Consequence(Tagged):
    """A proposal, never an automatic sanction: a person with the post decides."""

    when: Formula
    propose: Id = Slot(description="case that is proposed")
    for_: Id = Slot(alias="for", description="post or kind concerned")
    decided_by: Id | None = Slot(default=None, description="post that decides")


class Publish(Model):
    """Public notice of the result."""

    days: int = Slot(ge=1, le=365)
    appeal: bool = False
    within: Duration | None = None
    names: bool = Slot(default=False, description="natural persons are named")
    ranks: bool = Slot(default=False, description="the order is shown")


class Grade(Model):
    """A grade by score or by share of the group."""

    title: Title
    at_least: Formula | None = None
    share_at_most: Formula | None = None


class Pay(Tagged):
    """Performance pay from scores; both shares are fractions of all performance pay."""

    pool: Formula
    basic: Formula | None = Slot(default=None, description="share paid monthly")
    rewarding: Formula | None = Slot(default=None, description="share paid by this scheme")
    by: Literal["score", "grade", "hours"] = "score"


class Scheme(Noun):
    """An appraisal: who is judged, by what, with which effect."""

    appraises: Id = Slot(description="school, teacher, principal, town … : a kind, tier or post; or pupils")
    period: PeriodKindName = "school_year"
    groups: Groups | None = None
    sections: tuple[Section, ...] = Slot(default=(), description="may be empty when the source names only vetoes or consequences")
    vetoes: tuple[Veto, ...] = ()
    grades: tuple[Grade, ...] = ()
    bundles: dict[Id, str] = Slot(default={}, description="kind → `with parent`: appraised together (捆绑考核)")
    contact: dict[Id, str] = Slot(default={}, description="post → what of the contacted schools' result is shared (同奖同惩)")
    consequences: tuple[Consequence, ...] = ()
    publish: Publish | None = None
    pay: Pay | None = None
    basis: SourceRef | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Scheme:
        if not (self.sections or self.vetoes or self.consequences or self.contact):
            raise PydanticCustomError("scheme_empty", "sections, vetoes or consequences")
        return self
