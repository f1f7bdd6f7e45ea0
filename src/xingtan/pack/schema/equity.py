"""Standards of even supply: which conditions each school of a stage has to reach, and how much schools may differ."""

from __future__ import annotations

from pydantic import Field as Slot

from .common import Id, Model, Noun, SourceRef, Title


class Condition(Model):
    """One indicator of school conditions and what it has to be at least."""

    indicator: Id = Slot(description="broken down by `stage`")
    at_least: Id = Slot(description="the parameter that says how much")


class EquityStandard(Noun):
    """The standard of one stage. Its numbers are parameters, so that a place can lay down its own."""

    stage: Title = Slot(description="a word of the code table `stage`")
    kinds: tuple[Id, ...] = Slot(
        min_length=1, description="kinds of organisations that are judged, as far as they have pupils of the stage"
    )
    pupils: Id = Slot(description="the indicator that weighs a school, broken down by `stage`")
    conditions: tuple[Condition, ...] = Slot(min_length=1)
    needed: Id = Slot(description="parameter: how many conditions a school has to reach")
    floor: Id = Slot(description="parameter: the share of its value below which no condition may fall")
    limit: Id = Slot(description="parameter: the largest coefficient of variation between schools")
    basis: SourceRef | None = None
