"""Purposes for which sealed fields may be read, and who may see which of them: the rules that protect persons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Id, Model, Noun, SourceRef, Title

# Keep in step with xingtan.apps.base.vault.masks.Kind.
SealedKind = Literal["id_number", "phone", "address", "health", "poverty", "guardian", "other"]
Permission = Literal["outside"]
FIELD = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"


class Purpose(Noun):
    """Why somebody may read sealed fields: which kinds, which posts may ask, who decides, for how long a permission lasts."""

    basis: SourceRef | None = None
    kinds: tuple[SealedKind, ...] = Slot(default=(), description="kinds of sealed fields the purpose opens")
    posts: tuple[Id, ...] = Slot(
        default=(), description="posts whose holders may ask; empty: any that may `sealed.reveal` or `pupil.export`"
    )
    days: int = Slot(default=30, ge=1, le=1830, description="longest time a permission lasts, in days")
    approver: tuple[Id, ...] = Slot(default=(), description="posts whose holders decide; empty: any that may `purpose.decide`")
    permits: tuple[Permission, ...] = Slot(
        default=(), description="`outside`: files and records of pupils may go to schools and offices outside the place"
    )


class Sight(Model):
    """A rule for one kind of sealed fields, or for one field. A field's own rule comes before the rule of its kind."""

    id: Id
    title: Title
    title_en: str = ""
    kind: SealedKind | None = Slot(default=None, description="the kind of sealed fields the rule is for")
    field: str | None = Slot(default=None, pattern=FIELD, description="the field the rule is for: `person.phone`, or `LEDGER.COLUMN`")
    posts: tuple[Id, ...] = Slot(default=(), description="posts that may read it unmasked, for a purpose; empty: every post of the purpose")
    purposes: tuple[Id, ...] = Slot(default=(), description="purposes that open it; empty: every purpose for its kind")
    shows: Literal["mask", "nothing"] = Slot(default="mask", description="what everybody else sees: the mask, or nothing at all")

    @model_validator(mode="after")
    def _one_of(self) -> Sight:
        if (self.kind is None) == (self.field is None):
            raise PydanticCustomError("sight_of", "either a kind or a field")
        return self
