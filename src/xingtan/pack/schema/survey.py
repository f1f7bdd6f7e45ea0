"""Surveys: who rates whom on what, anonymously or not."""

from __future__ import annotations

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Formula, Id, Model, Noun, PeriodKindName, Title


class Question(Model):
    """One question. A scale runs from 1 to `scale`; choices are given in order, best first."""

    id: Id
    text: Title
    scale: int | None = Slot(default=None, ge=2, le=100)
    choices: tuple[Title, ...] = ()
    free: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Question:
        if sum((self.scale is not None, bool(self.choices), self.free)) != 1:
            raise PydanticCustomError("question_way", "scale, choices or free")
        return self


class Survey(Noun):
    """A questionnaire."""

    raters: tuple[Id, ...] = Slot(min_length=1, description="posts, tiers, or parents, pupils, public, petitioner")
    rates: Id = Slot(description="what is rated: a kind, tier or post, or case")
    anonymous: bool = True
    period: PeriodKindName = ""
    least_answers: Formula | None = Slot(default=None, description="fewer answers are not shown, so that nobody can be recognised")
    questions: tuple[Question, ...] = Slot(min_length=1)
