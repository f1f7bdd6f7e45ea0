"""Ledgers as datasets of the warehouse: the rows that count, per period, as Arrow tables shaped by `warehouse.contracts`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import EVER, FOREVER, Place
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.quantity import Quantity
from xingtan.pack.scope import dataset_spec

from .models import NilReturn, PeriodStamp
from .sealing import open_cell, opened, pseudonym
from .selectors import counting_sql, hidden_batches

if TYPE_CHECKING:
    import pyarrow as pa

OPEN = frozenset({"code", "org"})  # of sensitive columns, what a snapshot may hold openly
PLACES = Decimal(1).scaleb(-10)
_PLAIN = re.compile(r"-?[0-9]{1,28}(\.[0-9]{1,10})?", re.ASCII)  # what a column of decimals holds as it stands
_COLUMNS = "r.id, o.code, r.period, r.date, r.doubt, r.valid_from, r.valid_to, r.starts, r.ends, r.data"
Cells = Sequence[Any]


class LedgerSource:
    """All ledgers of the pack in force."""

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        """The ledgers of the place's pack; none before a pack is in force."""
        found = Place.objects.filter(slug=place).first()
        pack = orgs.active_pack_or_none(found) if found else None
        return [dataset_spec(pack, ledger) for ledger in pack.ledgers.values()] if pack else []

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        """period → stamp. The pack's hash is part of it: another pack may read the same cells otherwise."""
        release = Place.objects.filter(slug=place).values_list("pack_release__hash", flat=True).first() or ""
        stamps = PeriodStamp.objects.filter(place__slug=place, ledger=dataset).values_list("partition", "stamp")
        return {period: f"{stamp}-{release[:12]}" for period, stamp in stamps}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        """The rows of one period that count now. Raises KeyError for a dataset that is not a ledger of the place."""
        found = Place.objects.get(slug=place)
        spec = next((one for one in self.datasets(place) if one.id == dataset), None)
        if spec is None:
            raise KeyError(dataset)
        return table_of(spec, _rows(found, dataset, period), _Veil.of(found, spec))


def open_table(place: Place, spec: DatasetSpec, period: str) -> pa.Table:
    """The rows of one period with sensitive columns open: to compute from, never to be stored, shown or put into a file."""
    rows = _rows(place, spec.id, period)
    return table_of(spec, [(*row[:-1], opened(json.loads(row[-1]) if isinstance(row[-1], str) else row[-1])) for row in rows])


def _rows(place: Place, ledger: str, period: str) -> list[tuple[Any, ...]]:
    condition = counting_sql(hidden_batches(place, ledger))
    sql = (
        f"SELECT {_COLUMNS} FROM ledgers_record r JOIN orgs_organisation o ON o.id = r.org_id "  # noqa: S608 - names and integers of ours
        f"WHERE r.place_id = %s AND r.ledger = %s AND r.period = %s AND {condition} ORDER BY r.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [place.pk, ledger, period])
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class _Veil:
    """What a snapshot holds of sensitive columns: codes and organisations as they are, of texts a pseudonym, of all else nothing."""

    place: str
    fields: Mapping[str, FieldSpec]

    @classmethod
    def of(cls, place: Place, spec: DatasetSpec) -> _Veil:
        pack = orgs.active_pack_or_none(place)
        ledger = pack.ledgers.get(spec.id) if pack else None
        hidden = frozenset(ledger.visible.sensitive) if ledger else frozenset()
        return cls(place.slug, {field.id: field for field in spec.fields if field.id in hidden})

    def drawn(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, **{name: self._cell(field, row.get(name)) for name, field in self.fields.items() if row.get(name) is not None}}

    def _cell(self, field: FieldSpec, stored: Any) -> Any:
        cell = open_cell(field.id, stored)
        if field.type in OPEN:
            return cell
        reason = cell.get("reason", "") if isinstance(cell, dict) else ""
        if field.type not in {"text", "person"} or reason:
            return {"reason": reason or "unknown"}
        said = cell.get("v") if isinstance(cell, dict) else cell
        return pseudonym(self.place, field.id, str(said))


def table_of(spec: DatasetSpec, rows: Sequence[tuple[Any, ...]], veil: _Veil | None = None) -> pa.Table:
    """Rows as fetched → the table that `warehouse.contracts.schema(spec)` promises."""
    import pyarrow as pa

    from xingtan.warehouse import contracts

    ids, codes, periods, dates, doubts, froms, tos, starts, ends, data = zip(*rows, strict=True) if rows else ([],) * 10
    days = [_day(one) for one in dates]
    columns: dict[str, Any] = {
        "row_id": [str(one) for one in ids], "org": codes, "period": periods, "date": days, "doubt": doubts,
        "valid_from": [_day(stated) or _day(start) or EVER for stated, start in zip(froms, starts, strict=True)],
        "valid_to": list(map(_until, tos, ends, periods)),
    }  # fmt: skip
    stored = [json.loads(one) if isinstance(one, str) else one for one in data]
    stored = [veil.drawn(row) for row in stored] if veil is not None and veil.fields else stored
    for field in spec.fields:
        columns |= _columns(field, [row.get(field.id) for row in stored])
    schema = contracts.schema(spec)
    return pa.table({name: _typed(columns[name], schema.field(name).type) for name in schema.names}, schema=schema)


def _typed(values: Any, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    return values if isinstance(values, pa.Array) else pa.array(values, type=kind)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _until(stated: Any, end: Any, period: str) -> date:
    """The first day on which the row no longer holds; a row that only has a date holds from then on."""
    if stated:
        return _day(stated) or FOREVER
    last = _day(end) if period else None
    return last + timedelta(days=1) if last else FOREVER


def _columns(field: FieldSpec, cells: Cells) -> dict[str, list[Any]]:
    if field.type in NUMERIC:
        return _number_columns(field, cells)
    convert: Callable[[Any], Any] = _day if field.type == "date" else _same
    values = [convert(cell.get("v") if isinstance(cell, dict) else cell) for cell in cells]
    reasons = [_reason(cell, value) for cell, value in zip(cells, values, strict=True)]
    return {field.id: values, f"{field.id}__reason": reasons}


def _same(value: Any) -> Any:
    return value


def _reason(cell: Any, value: Any) -> str:
    if value is not None:
        return ""
    return str(cell.get("reason", "unknown")) if isinstance(cell, dict) else "unknown"


def _number_columns(field: FieldSpec, cells: Cells) -> dict[str, Any]:
    """The five columns of a number. Cells that are plain numbers, nearly all of them, are read by the column; the others one by one."""
    import pyarrow as pa

    from xingtan.warehouse.contracts import DECIMAL

    blank = Quantity.unknown().narrow(field.minimum, field.maximum).columns()
    odd = [not isinstance(cell, str) or _PLAIN.fullmatch(cell) is None for cell in cells]
    columns = list(zip(*(_five(cell, blank) for cell, is_odd in zip(cells, odd, strict=True) if is_odd), strict=True)) or [()] * 5
    plain = pa.array([None if is_odd else cell for cell, is_odd in zip(cells, odd, strict=True)], pa.string()).cast(DECIMAL)
    firm, said = pa.repeat(pa.scalar(value=False), len(cells)), pa.repeat(pa.scalar(""), len(cells))
    usual = {"lo": plain, "hi": plain, "lo_open": firm, "hi_open": firm, "reason": said}
    return {f"{field.id}__{name}": _laid_over(column, odd, values) for (name, column), values in zip(usual.items(), columns, strict=True)}


def _laid_over(column: pa.Array, odd: list[bool], values: Sequence[Any]) -> pa.Array:
    """The column with `values` in the rows that are odd."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.replace_with_mask(column, pa.array(odd), pa.array(values, column.type)) if any(odd) else column


def _five(cell: Any, blank: tuple[Any, ...]) -> tuple[Any, ...]:
    if cell is None:
        return blank
    plain = cell if isinstance(cell, str) else cell.get("v")
    if plain is not None:
        value = Decimal(plain)
        value = value if value.as_tuple().exponent >= -10 else value.quantize(PLACES)  # type: ignore[operator]
        return value, value, False, False, ""
    ends = (_end(cell.get("lo"), ROUND_FLOOR), _end(cell.get("hi"), ROUND_CEILING))
    return (*ends, bool(cell.get("lo_open")), bool(cell.get("hi_open")), cell.get("reason", ""))


def _end(text: str | None, rounding: str) -> Decimal | None:
    """An end rounded outwards to the ten decimals a table holds."""
    return None if text is None else Decimal(text).quantize(PLACES, rounding=rounding)


class ReturnSource:
    """The side table `returns`: organisations that stated "none" for a period."""

    def sides(self) -> Iterable[str]:
        return ("returns",)

    def version(self, place: str, side: str) -> str:
        """Changes whenever a nil return is stated or ends."""
        found = NilReturn.objects.filter(place__slug=place).order_by("pk").values_list("pk", "withdrawn")
        return str(hash(tuple((pk, withdrawn is None) for pk, withdrawn in found)))

    def table(self, place: str, side: str) -> pa.Table:
        import pyarrow as pa

        from xingtan.warehouse import contracts

        rows = (
            NilReturn.objects.filter(place__slug=place, withdrawn__isnull=True).order_by("pk").values_list("ledger", "org__code", "period")
        )
        names = contracts.RETURNS.names
        return pa.table({name: [row[n] for row in rows] for n, name in enumerate(names)}, schema=contracts.RETURNS)
