"""Allocations: how places, quotas, tasks or money are shared out, or fixed amounts are given by rule."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .aid import Aid
from .common import Formula, Id, Model, Noun, SourceRef


class Concession(Model):
    """Points taken off (or added to) the line for those for whom `when` holds; its bare names are attributes of the applicant."""

    when: Formula
    points: Formula


class Allocation(Noun):
    """A pool divided over takers by a stated method."""

    method: Literal[
        "largest_remainder",
        "sainte_lague",
        "dhondt",
        "proportional",
        "equal",
        "lottery",
        "serial_dictatorship",
        "deferred_acceptance",
        "fixed",
        "tiers",
    ]
    pool: Formula | None = Slot(default=None, description="what is shared out; fixed amounts by tier need no pool")
    over: Id = Slot(description="kind, tier or group of organisations, or pupils, that receive")
    weight: Id | None = Slot(default=None, description="indicator by which shares are measured")
    floor: Formula | None = None
    ceiling: Formula | None = None
    concession: Concession | None = None
    attributes: tuple[Id, ...] = Slot(default=(), description="attributes of applicants the concession may ask for")
    exam: bool = Slot(default=False, description="the order follows an exam")
    aid: Aid | None = Slot(default=None, description="with method `tiers`: who is entitled to which amount")
    basis: SourceRef | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Allocation:
        if (self.method == "tiers") != (self.aid is not None):
            raise PydanticCustomError("allocation_aid", "method tiers and aid belong together")
        if self.pool is None and self.aid is None:
            raise PydanticCustomError("allocation_pool", "a pool is wanted")
        return self
