"""Norms: what the law of a day demands, in data; the rules that test it are in `pack/rules`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Day, Model, Number, Prose, Stage, Title


class Limit(Model):
    """A number the norm sets, for stages and a region, with its own dates."""

    about: str = Slot(description="what is limited: a word of `concerns`")
    at_most: Number | None = None
    at_least: Number | None = None
    unit: str = ""
    stages: tuple[Stage, ...] = ()
    region: str = ""
    from_: Day | None = Slot(default=None, alias="from")
    to: Day | None = None


class Norm(Model):
    """One norm. `status`: memory (not yet compared with the official text), corroborated (a third party agrees),
    verified (official text read).

    Only a verified norm gives errors; the others warn.
    """

    id: str = Slot(pattern=r"^K\d{2}[a-z]?$")
    title: Title
    document: Title
    number: str = ""
    article: str = ""
    from_: Day = Slot(alias="from", description="in force from")
    to: Day | None = Slot(default=None, description="in force until")
    status: Literal["memory", "corroborated", "verified"]
    says: Prose
    remedy: Prose
    limits: tuple[Limit, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Norm:
        if self.to and self.from_ > self.to:
            raise PydanticCustomError("dates_order", "from is after to")
        return self
