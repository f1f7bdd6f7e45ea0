"""Ledgers: the columns, keys, checks and visibility of one kind of record."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Formula, Id, Model, Noun, Number, PeriodKindName, Prose, Title, Words
from .trust import SealedKind

FieldKind = Literal["number", "money", "percent", "text", "code", "date", "boolean", "person", "org"]
_CODE = re.compile(r"^code\(([a-z][a-z0-9_]*)\)$")
NUMERIC = frozenset({"number", "money", "percent"})


class Field(Model):
    """One column. `code(subject)` is short for `type: code, codes: subject`; `integer` for a whole number; `decimal` for number."""

    id: Id
    title: Title
    title_en: str = ""
    type: FieldKind
    required: bool = False
    min: Number | None = None
    max: Number | None = None
    digits: int | None = Slot(default=None, ge=0, le=10, description="decimals shown and kept")
    unit: str = ""
    codes: Id | None = Slot(default=None, description="id of the code table whose codes the column holds")
    synonyms: tuple[str, ...] = Slot(default=(), description="other headings under which spreadsheets carry the column")
    help: Prose = ""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("type"), str):
            return data
        written = data["type"]
        if found := _CODE.match(written):
            return {**data, "type": "code", "codes": found[1]}
        if written == "integer":
            return {**data, "type": "number", "digits": 0}
        return {**data, "type": "number"} if written == "decimal" else data

    @model_validator(mode="after")
    def _consistent(self) -> Field:
        if (self.type == "code") != (self.codes is not None):
            raise PydanticCustomError("field_codes", "codes belong to a column of type code")
        if self.type not in NUMERIC and (self.min is not None or self.max is not None or self.digits is not None):
            raise PydanticCustomError("field_range", "min, max and digits belong to numbers")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("field_empty_range", "min above max")
        return self


class Check(Model):
    """A row for which `when` holds is refused, or kept as doubtful; `say` is the sentence the clerk reads."""

    when: Formula
    say: Title
    severity: Literal["refuse", "doubt"] = "refuse"
    code: str = Slot(default="", description="stable name of the check, for links and statistics")


class Visible(Model):
    """Who reads the rows besides their own organisation; which columns are personal."""

    read: tuple[str, ...] = Slot(default=("own", "superiors"), description="own, superiors, public, or kinds, tiers and posts")
    sensitive: tuple[Id, ...] = Slot(default=(), description="columns with personal data: kept sealed, shown masked")
    kinds: dict[Id, SealedKind] = Slot(default={}, description="what a sensitive column tells (see purposes); without it: `other`")


class Due(Model):
    """Every open organisation of these kinds owes a row, or a nil return, for each period."""

    from_: Words = Slot(alias="from")
    within: str = Slot(
        default="", pattern=r"^(\d{1,3} (days|workdays|weeks))?$", description="after the period's end, such as `30 days` or `10 workdays`"
    )


class Ledger(Noun):
    """One kind of record. A bare ledger belongs to the organisation that holds it."""

    about: str = Slot(default="organisation", description="what a row is about: organisation, place, pupil, teacher, person …")
    held_by: Words = Slot(default=(), description="kinds or tiers of organisation that keep it; empty: any")
    fields: tuple[Field, ...] = Slot(min_length=1)
    key: tuple[Id, ...] = Slot(default=(), description="columns that tell two rows apart, together with organisation and period")
    checks: tuple[Check, ...] = ()
    visible: Visible = Visible()
    due: Due | None = None
    period: PeriodKindName = Slot(
        default="", description="kind of period a row belongs to; empty: any period the row states, or its date decides"
    )
    sort: tuple[str, ...] = Slot(default=(), description="columns of the default order; a leading - means descending")
    search: tuple[Id, ...] = ()

    def field(self, name: str) -> Field | None:
        """The column of that id, if there is one."""
        return next((field for field in self.fields if field.id == name), None)
