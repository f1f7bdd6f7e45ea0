"""The columns each table of a snapshot promises. Every source delivers them, every engine may rely on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text
from xingtan.warehouse.errors import ContractError

DECIMAL: Final = pa.decimal128(38, 10)
ROW: Final = pa.schema(
    [
        pa.field("row_id", pa.string(), nullable=False),
        pa.field("org", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),  # canonical text, "" if the row's date decides
        pa.field("date", pa.date32()),
        pa.field("doubt", pa.string(), nullable=False),  # "" or the reason
        pa.field("valid_from", pa.date32()),
        pa.field("valid_to", pa.date32()),
    ]
)
_SPAN = [pa.field("valid_from", pa.date32()), pa.field("valid_to", pa.date32())]
ORGS: Final = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("parent", pa.string()),
        *_SPAN,
    ]
)
CLOSURE: Final = pa.schema(
    [
        pa.field("ancestor", pa.string(), nullable=False),
        pa.field("descendant", pa.string(), nullable=False),
        pa.field("depth", pa.int64(), nullable=False),
        *_SPAN,
    ]
)
SUCCESSION: Final = pa.schema(
    [
        pa.field("predecessor", pa.string(), nullable=False),
        pa.field("successor", pa.string(), nullable=False),
        pa.field("share", DECIMAL),
        pa.field("date", pa.date32(), nullable=False),
    ]
)
RETURNS: Final = pa.schema([pa.field(name, pa.string(), nullable=False) for name in ("dataset", "org", "period")])
SIDES: Final[Mapping[str, pa.Schema]] = MappingProxyType({"orgs": ORGS, "closure": CLOSURE, "succession": SUCCESSION, "returns": RETURNS})
VALUE: Final[Mapping[str, pa.DataType]] = MappingProxyType(
    {"text": pa.string(), "code": pa.string(), "person": pa.string(), "org": pa.string(), "date": pa.date32(), "boolean": pa.bool_()}
)
DATE = "date"
REASON, LO, HI, LO_OPEN, HI_OPEN = "__reason", "__lo", "__hi", "__lo_open", "__hi_open"


def schema(dataset: DatasetSpec) -> pa.Schema:
    """The table of a dataset: the columns every row has, then those of each field. Raises ContractError for ids that would collide."""
    issues = [_reserved(dataset, field) for field in dataset.fields if not _free(field)]
    if dataset.id in SIDES:
        issues.append(_error("warehouse.dataset_id", T("“%(id)s”是快照自带的表名，数据集不能同名", id=dataset.id), dataset.id))
    if issues:
        raise ContractError(issues)
    return pa.schema([*ROW, *(column for field in dataset.fields for column in columns(field))])


def columns(field: FieldSpec) -> Iterator[pa.Field]:
    """The columns of one field: five for a number, value and reason for anything else. A date field called `date` is the row's own date."""
    if field.type in NUMERIC:
        yield pa.field(field.id + LO, DECIMAL)
        yield pa.field(field.id + HI, DECIMAL)
        yield pa.field(field.id + LO_OPEN, pa.bool_(), nullable=False)
        yield pa.field(field.id + HI_OPEN, pa.bool_(), nullable=False)
    elif field.id != DATE:
        yield pa.field(field.id, VALUE[field.type])
    yield pa.field(field.id + REASON, pa.string(), nullable=False)


def conform(table: pa.Table, wanted: pa.Schema, name: str) -> pa.Table:
    """Order and cast a table to its contract; raises ContractError with every fault. Extra columns are a fault too."""
    issues = list(_faults(table, wanted, name))
    if issues:
        raise ContractError(issues)
    return table.select(wanted.names).cast(wanted)


def _faults(table: pa.Table, wanted: pa.Schema, name: str) -> Iterator[Issue]:
    for extra in sorted(set(table.column_names) - set(wanted.names)):
        yield _error("warehouse.extra_column", T("表 %(table)s 多出列 %(column)s", table=name, column=extra), name, extra)
    for field in wanted:
        count = table.column_names.count(field.name)
        if count != 1:
            yield _error("warehouse.missing_column", T("表 %(table)s 缺少列 %(column)s", table=name, column=field.name), name, field.name)
            continue
        column = table[field.name]
        if not field.nullable and column.null_count:
            text = T("表 %(table)s 的列 %(column)s 有 %(count)s 行为空", table=name, column=field.name, count=column.null_count)
            yield _error("warehouse.null", text, name, field.name)
        elif (problem := _uncastable(column, field.type)) is not None:
            text = T(
                "表 %(table)s 的列 %(column)s 不是 %(type)s：%(problem)s",
                table=name,
                column=field.name,
                type=str(field.type),
                problem=problem,
            )
            yield _error("warehouse.type", text, name, field.name)


def _uncastable(column: pa.ChunkedArray, wanted: pa.DataType) -> str | None:
    if column.type == wanted:
        return None
    try:
        column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        return str(error)
    return None


def _free(field: FieldSpec) -> bool:
    return (field.id not in ROW.names and "__" not in field.id) or (field.id == DATE and field.type == "date")


def _reserved(dataset: DatasetSpec, field: FieldSpec) -> Issue:
    text = T("数据集 %(dataset)s 的字段“%(field)s”与快照自带的列重名", dataset=dataset.id, field=field.id)
    return Issue(
        Severity.ERROR, "warehouse.field_id", text, Where(field=field.id), T("换一个字段名；不可用：%(names)s", names="、".join(ROW.names))
    )


def _error(code: str, text: Text, table: str, field: str = "") -> Issue:
    return Issue(Severity.ERROR, code, text, Where(file=table, field=field))
