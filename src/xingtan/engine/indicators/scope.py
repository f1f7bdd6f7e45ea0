"""The names an indicator's formula may use, for the checker, and the values of parameters."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.engine.indicators.spec import DatasetSpec, ModelSpec, Parameter
from xingtan.kernel.formula.kinds import FieldType, Kind, Scope

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
MONEY = frozenset({"元", "万元"})


def parameter_value(parameter: Parameter) -> Decimal | str | date | None:
    """The value as formulas see it; a text that is an ISO date is a date."""
    if isinstance(parameter.value, str) and _ISO.fullmatch(parameter.value):
        return date.fromisoformat(parameter.value)
    return parameter.value


def scope_of(spec: ModelSpec) -> Scope:
    """Everything named in the model."""
    return Scope(
        datasets={dataset.id: _fields(dataset) for dataset in spec.datasets},
        parameters={name: _parameter(parameter) for name, parameter in spec.parameters.items()},
        indicators={indicator.id: FieldType(_kind(indicator.unit), title=indicator.title) for indicator in spec.indicators},
        org_kinds=frozenset({*spec.org_kinds, *spec.tiers}),
    )


def _fields(dataset: DatasetSpec) -> dict[str, FieldType]:
    return {field.id: FieldType(Kind(field.type), field.codes, field.ordered, field.title) for field in dataset.fields}


def _parameter(parameter: Parameter) -> FieldType:
    value: Any = parameter_value(parameter)
    if value is None:
        return FieldType(Kind.ANY)
    if isinstance(value, date):
        return FieldType(Kind.DATE)
    return FieldType(Kind.TEXT) if isinstance(value, str) else FieldType(_kind(parameter.unit))


def _kind(unit: str) -> Kind:
    return Kind.PERCENT if unit == "percent" else Kind.MONEY if unit in MONEY else Kind.NUMBER
