"""The names a pack's formulas may use, with their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec
from xingtan.kernel.formula import FieldType, Kind, Scope
from xingtan.kernel.text import T, Text

from .due import due_kinds
from .registers import registers
from .schema.indicator import Indicator
from .schema.ledger import Field, Ledger
from .schema.pack import PackData
from .schema.parameters import Parameter

PERCENT_UNITS = frozenset({"percent", "percentage_points", "%", "百分点"})
MONEY_UNITS = ("元", "万元", "亿元")


def kind_of_unit(unit: str) -> Kind:
    """Money for 元, 万元, 元/平方米 …; a rate for percent; else a number."""
    if unit in PERCENT_UNITS:
        return Kind.PERCENT
    return Kind.MONEY if unit.split("/", 1)[0] in MONEY_UNITS else Kind.NUMBER


def field_spec(pack: PackData, field: Field) -> FieldSpec:
    """A column as the engine knows it."""
    table = pack.codes.get(field.codes or "")
    codes = table.words() if table is not None else ()
    ordered = table is not None and table.ordered
    return FieldSpec(field.id, field.type, field.title, field.unit, field.min, field.max, field.digits, codes, ordered)


def dataset_spec(pack: PackData, ledger: Ledger) -> DatasetSpec:
    """A ledger as the engine knows it."""
    fields = tuple(field_spec(pack, field) for field in ledger.fields)
    return DatasetSpec(ledger.id, ledger.title, fields, due_kinds(pack, ledger), ledger.period)


def datasets(pack: PackData) -> dict[str, DatasetSpec]:
    """Ledgers and registers by id. A ledger goes before a register of the same id."""
    return {**registers(pack), **{name: dataset_spec(pack, ledger) for name, ledger in pack.ledgers.items()}}


def columns(spec: DatasetSpec) -> dict[str, FieldType]:
    """The columns of a dataset with their types."""
    return {field.id: FieldType(Kind(field.type), field.codes, field.ordered, field.title) for field in spec.fields}


def indicator_type(indicator: Indicator) -> FieldType:
    """The type of a figure, by its unit."""
    return FieldType(kind_of_unit(indicator.unit), title=indicator.title)


def parameter_type(parameter: Parameter) -> FieldType:
    """The type of a parameter: a number by its unit, a quoted date, or a text."""
    if isinstance(parameter.value, str):
        return FieldType(Kind.DATE if as_date(parameter.value) else Kind.TEXT, title=parameter.title)
    return FieldType(kind_of_unit(parameter.unit), title=parameter.title)


def as_date(text: str) -> date | None:
    """The date that a text such as 2009-09-01 says."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def levels(pack: PackData) -> frozenset[str]:
    """Ids of kinds and tiers of organisations."""
    kinds = pack.organisation.kinds
    return frozenset({*(kind.id for kind in kinds), *(kind.tier for kind in kinds)})


def scope(pack: PackData) -> Scope:
    """The scope of a figure's formula."""
    return Scope(
        datasets={name: columns(spec) for name, spec in datasets(pack).items()},
        parameters={name: parameter_type(parameter) for name, parameter in pack.parameters.items()},
        indicators={name: indicator_type(indicator) for name, indicator in pack.indicators.items()},
        org_kinds=levels(pack),
    )


def _title(one: Any) -> str:
    return str(one.title)


def titles(pack: PackData, say: Callable[[Any], str] = _title) -> Mapping[str, str | Text]:
    """Titles for `formula.words`: of datasets, columns, codes (`dataset.column:code`), parameters, indicators, kinds and tiers.
    `say`: what an item is called in somebody's language; its title, unless told otherwise."""
    found: dict[str, str | Text] = {f"org_kind:{tier}": title for tier, title in TIER_TITLES.items()}
    found |= {f"org_kind:{kind.id}": say(kind) for kind in pack.organisation.kinds}
    for spec in registers(pack).values():
        found |= {spec.id: say(spec), **{f"{spec.id}.{field.id}": say(field) for field in spec.fields}}
    for ledger in pack.ledgers.values():
        found[ledger.id] = say(ledger)
        for field in ledger.fields:
            found[f"{ledger.id}.{field.id}"] = say(field)
            found |= {f"{ledger.id}.{field.id}:{code}": word for code, word in code_titles(pack, field, say).items()}
    found |= {name: say(parameter) for name, parameter in pack.parameters.items()}
    return found | {name: say(indicator) for name, indicator in pack.indicators.items()}


def code_titles(pack: PackData, field: Field, say: Callable[[Any], str] = _title) -> Mapping[str, str]:
    """What the codes of a column are called."""
    table = pack.codes.get(field.codes or "")
    codes = table.codes if table is not None else ()
    return {code.code: say(code if code.title else code.model_copy(update={"title": code.code})) for code in codes}


TIER_TITLES: Mapping[str, Text] = {
    "nation": T("国家"),
    "province": T("省"),
    "prefecture": T("市州"),
    "county": T("县"),
    "town": T("乡镇"),
    "village": T("村"),
    "school": T("学校"),
    "unit": T("单位"),
    "other": T("其他单位"),
}
