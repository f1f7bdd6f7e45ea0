"""Make a contract's table from plain records: quantities, texts, dates and reasons in, columns out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

import pyarrow as pa

from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.quantity import Columns, Quantity, Reason
from xingtan.warehouse.contracts import DECIMAL, HI, HI_OPEN, LO, LO_OPEN, REASON, ROW, VALUE, schema

_STEP = Decimal(1).scaleb(-DECIMAL.scale)
_STORED = Context(prec=DECIMAL.precision)
_DEFAULTS = {"period": "", "doubt": ""}


def table(dataset: DatasetSpec, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A record maps row columns and field ids to values: a Quantity for a number, else the plain value or a Reason; absent is unknown."""
    rows = list(records)
    arrays: dict[str, pa.Array] = {name: _plain(rows, name, ROW.field(name).type) for name in ROW.names}
    for field in dataset.fields:
        arrays.update(_numbers(field, rows) if field.type in NUMERIC else _values(field, rows))
    wanted = schema(dataset)
    return pa.table([arrays[name] for name in wanted.names], schema=wanted)


def _plain(rows: Sequence[Mapping[str, Any]], name: str, kind: pa.DataType) -> pa.Array:
    cells = (row.get(name, _DEFAULTS.get(name)) for row in rows)
    return pa.array([None if isinstance(cell, Reason) else cell for cell in cells], type=kind)


def _numbers(field: FieldSpec, rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Array]:
    cells = [_five(field, row.get(field.id)) for row in rows]
    lo, hi, lo_open, hi_open, reason = zip(*cells, strict=True) if cells else ((),) * 5
    return {
        field.id + LO: pa.array(lo, type=DECIMAL),
        field.id + HI: pa.array(hi, type=DECIMAL),
        field.id + LO_OPEN: pa.array(lo_open, type=pa.bool_()),
        field.id + HI_OPEN: pa.array(hi_open, type=pa.bool_()),
        field.id + REASON: pa.array(reason, type=pa.string()),
    }


def _five(field: FieldSpec, cell: Any) -> Columns:
    """A plain number needs no interval; anything else is narrowed by the field's declared range."""
    if isinstance(cell, int | Decimal):
        point = Decimal(cell).quantize(_STEP, ROUND_HALF_UP, _STORED)
        return point, point, False, False, ""
    return stored(_quantity(cell).narrow(field.minimum, field.maximum)).columns()


def _values(field: FieldSpec, rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Array]:
    cells = [row.get(field.id) for row in rows]
    reasons = [_reason(cell) for cell in cells]
    values = [None if reason else cell for cell, reason in zip(cells, reasons, strict=True)]
    return {
        field.id: pa.array(values, type=VALUE[field.type]),
        field.id + REASON: pa.array([one.value for one in reasons], type=pa.string()),
    }


def _reason(cell: Any) -> Reason:
    if cell is None:
        return Reason.UNKNOWN
    return cell if isinstance(cell, Reason) else Reason.NONE


def _quantity(cell: Any) -> Quantity:
    if isinstance(cell, Quantity):
        return cell
    if cell is None or cell is Reason.UNKNOWN:
        return Quantity.unknown()
    return Quantity.not_applicable() if cell is Reason.NOT_APPLICABLE else Quantity.exact(cell)


def stored(number: Quantity) -> Quantity:
    """A number as the columns hold it, with ten decimals: points half-up, bounds outwards. decimal.InvalidOperation beyond 28 digits."""
    if number.lo is not None and number.lo == number.hi:
        point = number.lo.quantize(_STEP, ROUND_HALF_UP, _STORED)
        return replace(number, lo=point, hi=point)
    lo = None if number.lo is None else number.lo.quantize(_STEP, ROUND_FLOOR, _STORED)
    hi = None if number.hi is None else number.hi.quantize(_STEP, ROUND_CEILING, _STORED)
    return replace(number, lo=lo, hi=hi)
