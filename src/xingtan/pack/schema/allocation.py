"""Allocations: how places, quotas, tasks or money are shared out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

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
    ]
    pool: Formula
    over: Id = Slot(description="kind, tier or group of organisations, or pupils, that receive")
    weight: Id | None = Slot(default=None, description="indicator by which shares are measured")
    floor: Formula | None = None
    ceiling: Formula | None = None
    concession: Concession | None = None
    attributes: tuple[Id, ...] = Slot(default=(), description="attributes of applicants the concession may ask for")
    exam: bool = Slot(default=False, description="the order follows an exam")
    basis: SourceRef | None = None
