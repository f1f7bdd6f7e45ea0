"""pack.yaml: which pack this is, on which it builds, where and when it applies."""

from __future__ import annotations

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Day, Id, Model, Prose, Source, Title


class Effective(Model):
    """From the first to the last day on which the pack governs; without `to` it still does."""

    from_: Day = Slot(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Effective:
        if self.to and self.from_ > self.to:
            raise PydanticCustomError("dates_order", "from is after to")
        return self


class Place(Model):
    """The place the pack is for: its root organisation. A masked name or code is left empty."""

    code: str = Slot(default="", description="GB/T 2260 (or longer) code, quoted")
    name: Title
    kind: Id = Slot(description="kind of the root organisation")
    region: str = Slot(default="", description="east, middle or west: some norms differ")


class NamedSource(Source):
    """A document the pack was written from."""

    id: Id


class Manifest(Model):
    """The file pack.yaml."""

    id: Id
    version: str = Slot(pattern=r"^\d{4}(\.\d{1,3}){0,2}$", description="such as 2009.1, quoted")
    title: Title
    title_en: str = ""
    extends: tuple[str, ...] = Slot(default=(), description="`base` (newest version) or `base@2026.1`; later ones override earlier ones")
    place: Place | None = None
    effective: Effective | None = None
    sources: tuple[NamedSource, ...] = ()
    note: Prose = ""
