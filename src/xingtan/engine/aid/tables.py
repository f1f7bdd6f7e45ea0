"""Rows of a snapshot-shaped table (docs/contracts.md, section 2) as applicants and children."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.quantity import Quantity, Reason

from .rows import Child
from .spec import Applicant

if TYPE_CHECKING:
    import pyarrow as pa

_ENDS = ("__lo", "__hi", "__lo_open", "__hi_open", "__reason")


def applicants(spec: DatasetSpec, table: pa.Table) -> Iterator[Applicant]:
    """Every row as formulas see it; `date`, `org` and `doubtful` are among its values."""
    for row in table.to_pylist():
        values: dict[str, Any] = {field.id: _value(field, row) for field in spec.fields}
        values |= {"date": row["date"], "org": row["org"], "doubtful": bool(row["doubt"])}
        yield Applicant(row["row_id"], row["org"], row["period"], values, row["doubt"])


def children(table: pa.Table, number: str, kind: str) -> Iterator[Child]:
    """Every row of those who ought to be reached. `number` and `kind` are columns of text; "" for none."""
    for row in table.to_pylist():
        yield Child(row["row_id"], row["org"], row["period"], row.get(number) or "", (row.get(kind) or "") if kind else "", row["doubt"])


def _value(field: FieldSpec, row: dict[str, Any]) -> Quantity | str | date | bool | Reason | None:
    if field.type in NUMERIC:
        return Quantity.from_columns(*(row[field.id + end] for end in _ENDS))
    reason = Reason(row[f"{field.id}__reason"]) if f"{field.id}__reason" in row else Reason.NONE
    if reason is Reason.NOT_APPLICABLE:
        return reason
    found: str | date | bool | None = row[field.id]
    return found
