"""Golden answers: small inputs with answers worked by hand, and a hand-written SQL twin."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Slot

from .common import Day, Id, Model, Number, Prose, Title


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


Cell = Annotated[Decimal | int | str | bool | None, BeforeValidator(_written, json_schema_input_type=str | float | bool | None)]


class GoldenOrg(Model):
    """An organisation of the small world."""

    code: Title
    name: Title
    kind: Id
    parent: str = ""
    from_: Day | None = Slot(default=None, alias="from")
    to: Day | None = None


class Answer(Model):
    """One figure with the steps by which a person gets it."""

    indicator: Id
    org: str = ""
    period: Title
    group: dict[str, str] = {}
    value: Number | None = Slot(default=None, description="exact, or the bound's number; empty when unknown")
    bound: Literal["", ">", "≥", "<", "≤", "~", "interval"] = ""
    status: Literal["known", "partial", "doubtful", "unknown"] = "known"
    digits: int | None = Slot(default=None, ge=0, le=10, description="decimals to which the value is stated")
    steps: tuple[Title, ...] = Slot(min_length=1)
    sql: Prose = Slot(default="", description="hand-written twin over the tables named after the ledgers")


class Golden(Model):
    """One small world. `rows` maps a ledger to its rows; a cell is written as a clerk would write it."""

    id: Id
    title: Title
    organisations: tuple[GoldenOrg, ...] = ()
    rows: dict[Id, tuple[dict[str, Cell], ...]] = {}
    answers: tuple[Answer, ...] = Slot(min_length=1)
