"""Code tables: the words a code column may hold, dated, in a namespace."""

from __future__ import annotations

from pydantic import Field as Slot
from pydantic import field_validator, model_validator
from pydantic_core import PydanticCustomError

from .common import Day, Model, Noun, SourceRef, Title


class Code(Model):
    """`code` is stored and compared in formulas; `title` is printed (default: code); `standard` is the code of the national standard."""

    code: Title
    title: str = ""
    title_en: str = ""
    standard: str = ""
    parent: str = ""
    synonyms: tuple[str, ...] = Slot(default=(), description="other spellings accepted in spreadsheets")
    from_: Day | None = Slot(default=None, alias="from")
    to: Day | None = Slot(default=None, description="last day on which the code is valid")
    open: bool = Slot(default=False, description="of a sealed column: whoever sees the row may read this word without a purpose")

    @model_validator(mode="after")
    def _ordered(self) -> Code:
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError("dates_order", "from is after to")
        return self


class CodeTable(Noun):
    """A table of codes. The same code may stand twice when the dates do not overlap."""

    namespace: str = Slot(default="", description="where the codes come from, such as GB/T 2260 or the place itself")
    source: SourceRef | None = None
    ordered: bool = Slot(default=False, description="codes can be compared: later in the list is greater")
    codes: tuple[Code, ...] = Slot(min_length=1)

    @field_validator("codes")
    @classmethod
    def _distinct(cls, codes: tuple[Code, ...]) -> tuple[Code, ...]:
        seen: dict[str, list[Code]] = {}
        for code in codes:
            if any(_overlap(code, other) for other in seen.setdefault(code.code, [])):
                raise PydanticCustomError("code_twice", "code {code} twice at the same time", {"code": code.code})
            seen[code.code].append(code)
        return codes

    def words(self) -> tuple[str, ...]:
        """All codes of the table, each once, in order."""
        return tuple(dict.fromkeys(code.code for code in self.codes))


def _overlap(a: Code, b: Code) -> bool:
    apart = (a.to and b.from_ and a.to < b.from_) or (b.to and a.from_ and b.to < a.from_)
    return not apart
