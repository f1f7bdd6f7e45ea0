"""The registers of pupils for the warehouse: codes, dates and pseudonyms; no name, number or address ever.

Columns are built by the column: a county's roll of three years has some 150,000 spells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from xingtan.apps.base.orgs.selectors import active_pack_or_none, place_get
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec
from xingtan.pack.registers import registers
from xingtan.warehouse import registry

from . import register_rows
from .stamps import CHILDREN, FLAGS, ROLL, stamp

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, Sequence[Any]]
# Register → where its rows come from, and the parts of the register of whose changes it has to know.
SOURCES: Mapping[str, tuple[Callable[..., Columns], tuple[str, ...]]] = {
    "roll": (register_rows.roll, (ROLL,)),
    "movement": (register_rows.movement, (ROLL,)),
    "class_roll": (register_rows.class_roll, (ROLL,)),
    "pupil_flag": (register_rows.pupil_flag, (ROLL, FLAGS)),
    "flag_movement": (register_rows.flag_movement, (ROLL, FLAGS)),
    "school_age": (register_rows.school_age, (ROLL, CHILDREN)),
    "sweep": (register_rows.sweep, (CHILDREN,)),
}
DATED = {"school_age", "class_roll"}  # what they say of today or of this school year changes with the day
ROW = ("row_id", "org", "period", "date", "doubt", "valid_from", "valid_to")


class PupilSource:
    """The source of this app."""

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        specs = _specs(place)
        return [specs[name] for name in SOURCES if name in specs]

    def version(self, place: str, dataset: str) -> Mapping[str, str]:
        """One partition each; the stamp is a counter, no row is read for it."""
        number = stamp(place, *SOURCES[dataset][1])
        if not number.strip("0-"):
            return {}
        if dataset in DATED:
            number = f"{number}@{timezone.localdate():%Y%m%d}"
        if dataset == "school_age":
            return {f"{year}-{year + 1}": number for year in register_rows.years(place)}
        return {"": number}

    def table(self, place: str, dataset: str, period: str) -> pa.Table:
        spec, here = _specs(place)[dataset], place_get(place)
        rows = SOURCES[dataset][0]
        return table(spec, rows(here, period) if dataset == "school_age" else rows(here))


def register() -> None:
    """Once, when the app starts."""
    registry.register(PupilSource())


def _specs(place: str) -> Mapping[str, DatasetSpec]:
    pack = active_pack_or_none(place_get(place))
    return registers(pack) if pack else {}


def table(spec: DatasetSpec, columns: Columns) -> pa.Table:
    """A contract's table from plain columns: None and "" are unknown, numbers are whole."""
    import pyarrow as pa

    from xingtan.warehouse.contracts import ROW as CONTRACT
    from xingtan.warehouse.contracts import schema

    count = len(columns["row_id"])
    arrays: dict[str, pa.Array] = {}
    for name in ROW:
        values = columns.get(name) or ([""] * count if name in {"period", "doubt"} else [None] * count)
        arrays[name] = pa.array(values, type=CONTRACT.field(name).type)
    for field in spec.fields:
        arrays |= _numbers(field.id, columns[field.id]) if field.type in NUMERIC else _values(field.id, field.type, columns[field.id])
    wanted = schema(spec)
    return pa.table([arrays[name] for name in wanted.names], schema=wanted)


def _numbers(name: str, values: Sequence[int | None]) -> dict[str, Any]:
    import pyarrow as pa

    from xingtan.warehouse.contracts import DECIMAL

    points = pa.array([None if value is None else Decimal(value) for value in values], type=DECIMAL)
    closed = pa.array([False] * len(values), type=pa.bool_())
    reasons = pa.array(["unknown" if value is None else "" for value in values], type=pa.string())
    return {
        f"{name}__lo": points,
        f"{name}__hi": points,
        f"{name}__lo_open": closed,
        f"{name}__hi_open": closed,
        f"{name}__reason": reasons,
    }


def _values(name: str, kind: str, values: Sequence[Any]) -> dict[str, Any]:
    import pyarrow as pa

    from xingtan.warehouse.contracts import VALUE

    known: list[Any] = [None if value == "" else value for value in values]
    reasons = ["unknown" if value is None else "" for value in known]
    return {name: pa.array(known, type=VALUE[kind]), f"{name}__reason": pa.array(reasons, type=pa.string())}
