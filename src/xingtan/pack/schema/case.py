"""Cases: states, who moves a matter, deadlines in working days, what closing requires."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot

from .common import Duration, Formula, Id, Model, Noun, SourceRef, Title, Words
from .ledger import Field

MEASURES = ("opened", "closed", "open", "late", "closing_rate", "on_time_rate", "satisfaction_rate", "mean_days")


class By(Model):
    """The post or kind that may make the move."""

    post: Id | None = None
    kind: Id | None = None


class Extend(Model):
    """A deadline may be put off once."""

    once: Duration
    needs: Literal["reason", "approval"] = "reason"


class Asks(Model):
    """A survey sent when the move is made."""

    survey: Id


class Move(Model):
    """A step into the state it is named after."""

    from_: Words = Slot(alias="from")
    by: By | None = None
    within: Duration | None = None
    notify: tuple[str, ...] = ()
    extend: Extend | None = None
    requires: tuple[Id, ...] = Slot(default=(), description="fields that must be filled")
    asks: Asks | None = None
    when: Formula | None = Slot(default=None, description="condition over the fields of the case")


class Case(Noun):
    """A matter that moves through states; the first state is where it begins, a state without move out closes it."""

    opened_by: tuple[str, ...] = Slot(default=("staff",), description="public, staff, pupils, parents, system, or posts")
    fields: tuple[Field, ...] = ()
    states: tuple[Title, ...] = Slot(min_length=2)
    moves: dict[str, Move]
    measures: tuple[Id, ...] = ()
    hearing: bool = Slot(default=False, description="the person concerned is heard before the decision")
    appeal: bool = Slot(default=False, description="the decision can be reviewed")
    investigation: bool = Slot(default=False, description="facts are established before the hearing")
    visible: tuple[str, ...] = ()
    basis: SourceRef | None = None
