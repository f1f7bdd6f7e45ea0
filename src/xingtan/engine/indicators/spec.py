"""What the engine is told: datasets, indicators and parameters, frozen; built by `pack`, known to `warehouse`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from xingtan.kernel.terms import SchoolTerms

FieldType = Literal["number", "money", "percent", "text", "code", "date", "boolean", "person", "org"]
NUMERIC: frozenset[str] = frozenset({"number", "money", "percent"})
TEXTUAL: frozenset[str] = frozenset({"text", "code", "person", "org"})


@dataclass(frozen=True, slots=True)
class Interval:
    """Closed interval of decimals; None is unbounded on that side."""

    lo: Decimal | None = None
    hi: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One column of a dataset. `minimum` and `maximum` narrow what a bounded or unknown cell can be.

    `codes`: the words a code column may hold, in order; `ordered`: they may be compared with < and >.
    """

    id: str
    type: FieldType
    title: str = ""
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None
    codes: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """A ledger or a register. Every open organisation of the kinds `due_from` owes a row or a nil return each period."""

    id: str
    title: str
    fields: tuple[FieldSpec, ...]
    due_from: tuple[str, ...] = ()
    period_kind: str = ""

    def field(self, name: str) -> FieldSpec | None:
        """The column of that id, if there is one."""
        return next((one for one in self.fields if one.id == name), None)


@dataclass(frozen=True, slots=True)
class Break:
    """From period `at` on (canonical text) the figure was counted in another way; `note` says how."""

    at: str
    note: str


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """A figure any organisation can have in any period. `at`: whose tree it uses, "" or "end" of the period, "start" of it."""

    id: str
    title: str
    unit: str
    formula: str
    better: str = ""
    by: tuple[str, ...] = ()
    missing: Literal["unknown", "partial"] = "unknown"
    plausible: Interval | None = None
    breaks: tuple[Break, ...] = ()
    basis: str = ""
    digits: int | None = None
    assumptions: tuple[str, ...] = ()
    at: Literal["", "start", "end"] = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or word a rule needs. `value` None: the source masks it; what depends on it is unknown. Reasons name it by `title`."""

    value: Decimal | str | None
    unit: str = ""
    source: str = ""
    title: str = ""


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything of one pack that figures depend on. `org_kinds`: kind id → title; `tiers`: tier id → its kinds; `calendar`: a kernel
    WorkingCalendar or None; `terms`: when school years and terms begin and end, None for the dates of `Period`."""

    pack_id: str
    pack_version: str
    pack_hash: str
    datasets: tuple[DatasetSpec, ...]
    indicators: tuple[IndicatorSpec, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=_empty)
    org_kinds: Mapping[str, str] = field(default_factory=_empty)
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=_empty)
    calendar: Any = None
    terms: SchoolTerms | None = None
