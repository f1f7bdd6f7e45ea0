"""Parameters: every number a rule needs, with unit and source, or stated as required."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as Slot
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from .common import Noun, Number, SourceRef


class Parameter(Noun):
    """A value, or `required: true` when the source masks it and nobody may invent it."""

    value: Annotated[Number | str, Slot(union_mode="left_to_right")] | None = None
    required: bool = False
    unit: str = ""
    min: Number | None = None
    max: Number | None = None
    source: SourceRef | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Parameter:
        if self.required == (self.value is not None):
            raise PydanticCustomError("parameter_value", "either a value or required: true")
        return self
