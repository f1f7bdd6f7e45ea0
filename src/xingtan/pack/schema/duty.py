"""Duties: who must do what how often."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Formula, Id, Model, Noun, SourceRef


class Who(Model):
    """The holders of a post, or every organisation of a kind."""

    post: Id | None = None
    kind: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Who:
        if (self.post is None) == (self.kind is None):
            raise PydanticCustomError("who_one", "either post or kind")
        return self


class Duty(Noun):
    """A number of things to be done in each period; `who` in the formula is the person or organisation bound."""

    who: Who
    counts: Formula
    at_least: Formula | None = None
    at_most: Formula | None = None
    per: Literal["school_day", "workday", "day", "week", "month", "quarter", "half_year", "year", "term", "school_year"]
    basis: SourceRef | None = None
    evidence: tuple[Id, ...] = Slot(default=(), description="ledgers in which the duty is logged")

    @model_validator(mode="after")
    def _bounded(self) -> Duty:
        if self.at_least is None and self.at_most is None:
            raise PydanticCustomError("duty_bound", "at_least or at_most")
        return self
