"""Figures of one computation: single ones exactly, all of them as arrays of doubles. Nothing is computed before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators import missing, reasons
from xingtan.engine.indicators.band import ABSENT, UNKNOWN, Band
from xingtan.engine.indicators.cells import Cells
from xingtan.engine.indicators.figure import Figure, Status
from xingtan.engine.indicators.leaves import bulk, exact
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

STATUSES = (Status.KNOWN, Status.PARTIAL, Status.DOUBTFUL, Status.UNKNOWN)
GRAVITY = {status: number for number, status in enumerate(STATUSES)}
Doubles = npt.NDArray[np.float64]


class FigureTable:
    """Indicators × organisations × periods (× groups). `orgs` and `periods` are those asked, in the order of asking."""

    def __init__(self, cells: Cells, indicators: tuple[str, ...], orgs: tuple[str, ...], periods: tuple[Period, ...]) -> None:
        self.cells, self.indicators, self.orgs, self.periods = cells, indicators, orgs, periods
        self.groups = cells.setting.groups
        self._figures: dict[tuple[str, int, int], Figure] = {}

    def get(self, indicator: str, org: str, period: str | Period, group: str | None = None) -> Figure:
        """One figure, exactly. Raises XingtanError for what was not asked of `evaluate`."""
        slot, place = self.cell(org, period, group)
        if indicator not in self.indicators:
            raise XingtanError.one("figure.unknown", T("没有算过指标 %(indicator)s", indicator=indicator))
        key = (indicator, slot, place)
        if key not in self._figures:
            self._figures[key] = self._figure(indicator, org, slot, place)
        return self._figures[key]

    def _figure(self, indicator: str, org: str, slot: int, place: int) -> Figure:
        cells, spec = self.cells, self.cells.model.indicators[indicator]
        value = cells.value(indicator, slot, place)
        absentees = self._absentees(indicator, slot, place)
        doubtful = self._sum("d", indicator, slot, place)
        status = self._status(spec, value, bool(absentees), bool(doubtful))
        doubts = reasons.doubts(cells, indicator, slot, place) if doubtful else ()
        number, at = divmod(slot, len(self.groups))
        return Figure(
            indicator,
            org,
            cells.setting.periods[number].text,
            self.groups[at],
            value,
            *cells.parts(indicator, slot, place),
            self._sum("m", indicator, slot, place),
            status,
            reasons.of(cells, spec, (slot, place), value, (len(absentees), doubtful)),
            absentees,
            doubts,
            reasons.assumptions(cells, indicator),
        )

    def points(self, indicator: str, org: str, periods: Sequence[Period], group: str | None = None) -> list[float | None]:
        """The values of some periods as doubles, for drawings; None where the value is unknown, no point or does not apply."""
        values = self.cells.band(indicator).value[[self._slot(period, group) for period in periods], self._place(org)]
        return [None if np.isnan(value) else float(value) for value in values]

    def figures(self) -> Iterator[Figure]:
        """Every figure asked, one by one."""
        for indicator in self.indicators:
            for period in self.periods:
                for group in self.groups:
                    for org in self.orgs:
                        yield self.get(indicator, org, period, group)

    def to_arrow(self) -> pa.Table:
        """One row a figure: indicator, org, period, group, value, lo, hi, numerator, denominator, rows, status.

        Numbers are doubles, null where there is none (lo and hi: unbounded); status is known, partial, doubtful or unknown.
        """
        slots = np.array([self._slot(period, group) for period in self.periods for group in self.groups])
        index, everyone = (
            self.cells.setting.world.index,
            len(self.orgs) == self.cells.shape[1] and self.orgs == tuple(self.cells.setting.codes.to_pylist()),
        )
        places = np.arange(len(self.orgs)) if everyone else self.cells.setting.axis.place[[index[org] for org in self.orgs]]
        keys = self._keys()
        batches = [self._batch(indicator, (slots, places), keys) for indicator in self.indicators]
        return pa.Table.from_batches(batches) if batches else pa.table({})

    def cell(self, org: str, period: str | Period, group: str | None = None) -> tuple[int, int]:
        """Slot and position of one figure in `cells`. Raises XingtanError for what was not asked."""
        return self._slot(period, group), self._place(org)

    def _keys(self) -> dict[str, pa.Array]:
        """Organisation, period and group of each row; the same for every indicator."""
        per_org = len(self.periods) * len(self.groups)
        orgs = np.tile(np.arange(len(self.orgs), dtype=np.int32), per_org)
        slots = np.repeat(np.arange(per_org, dtype=np.int32), len(self.orgs))
        texts = pa.array([period.text for period in self.periods], pa.string())
        groups = pa.array([group for group in self.groups if group is not None], pa.string())
        return {
            "org": pa.DictionaryArray.from_arrays(orgs, pa.array(self.orgs, pa.string())),
            "period": pa.DictionaryArray.from_arrays(slots // len(self.groups), texts),
            "group": pa.DictionaryArray.from_arrays(
                pa.array(slots % len(self.groups), mask=np.full(len(slots), self.groups == (None,))), groups
            ),
        }

    def _batch(self, indicator: str, cell: tuple[Any, Any], keys: dict[str, pa.Array]) -> pa.RecordBatch:
        cells = self.cells
        numerator, denominator = cells.part_bands(indicator)
        band = cells.band(indicator)
        size = len(keys["org"])
        pick, whole = np.ix_(*cell), self._is_whole(*cell)

        def take(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return array.ravel() if whole else array[pick].ravel()

        columns = {
            "indicator": pa.DictionaryArray.from_arrays(np.zeros(size, dtype=np.int32), pa.array([indicator])),
            **keys,
            "value": _nullable(take(band.value), band.flags is None),
            "lo": _bounded(take(band.lo), band.flags is None),
            "hi": _bounded(take(band.hi), band.flags is None),
            "numerator": _part(numerator, take, size),
            "denominator": _part(denominator, take, size),
            "rows": pa.array(take(self._sums("m", indicator)).astype(np.int64)),
            "status": pa.DictionaryArray.from_arrays(take(self._statuses(indicator, band)), pa.array([str(status) for status in STATUSES])),
        }
        return pa.record_batch(columns)

    def _is_whole(self, slots: Any, places: Any) -> bool:
        """Whether these are all cells, in their own order: then nothing need be picked."""
        shape = self.cells.shape
        return bool(
            self.cells.setting.axis.whole and np.array_equal(places, np.arange(shape[1])) and np.array_equal(slots, np.arange(shape[0]))
        )

    def _statuses(self, indicator: str, band: Band) -> npt.NDArray[np.int8]:
        spec, cells = self.cells.model.indicators[indicator], self.cells
        status = np.zeros(cells.shape, dtype=np.int8)
        absent = [cells.absentees(one.sheet, one.at) for one in cells.program.rows[indicator]]
        for found in absent:
            if found is not None:
                status[found > 0] = GRAVITY[Status.PARTIAL]
        doubtful = self._doubtful(indicator)
        if doubtful is not None:
            status[doubtful > 0] = GRAVITY[Status.DOUBTFUL]
        if spec.plausible is not None:
            low, high = (None if end is None else float(end) for end in (spec.plausible.lo, spec.plausible.hi))
            outside = (band.hi < (-np.inf if low is None else low)) | (band.lo > (np.inf if high is None else high))
            status[outside & ~band.has(ABSENT)] = GRAVITY[Status.DOUBTFUL]
        if band.flags is not None:
            status[band.has(UNKNOWN)] = GRAVITY[Status.UNKNOWN]
        return status

    def _status(self, spec: IndicatorSpec, value: Quantity, partial: bool, doubtful: bool) -> Status:
        if value.is_unknown:
            return Status.UNKNOWN
        if doubtful or reasons.implausible(spec, value):
            return Status.DOUBTFUL
        return Status.PARTIAL if partial else Status.KNOWN

    def _absentees(self, indicator: str, slot: int, place: int) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for one in self.cells.program.rows[indicator]:
            found = self.cells.absentees(one.sheet, one.at)
            if found is not None and found[slot, place]:
                codes |= dict.fromkeys(missing.codes(self.cells, one.sheet, one.at, slot, place))
        return tuple(codes)

    def _sum(self, name: str, indicator: str, slot: int, place: int) -> int:
        """A count over all rows under the figure."""
        total = 0
        for sheet, union in self.cells.program.unions[indicator].items():
            at = self._at(indicator, sheet)
            total += int(exact(self.cells.rolled(sheet, at), self.cells.leaves(sheet).place(f"{name}{union}"), slot, place))
        return total

    def _sums(self, name: str, indicator: str) -> Doubles:
        total: Doubles = np.zeros(self.cells.shape)
        for sheet, union in self.cells.program.unions[indicator].items():
            total = total + bulk(self.cells.rolled(sheet, self._at(indicator, sheet)), self.cells.leaves(sheet).place(f"{name}{union}"))
        return total

    def _doubtful(self, indicator: str) -> Doubles | None:
        unions = self.cells.program.unions[indicator].items()
        if all(self.cells.leaves(sheet).is_zero(f"d{union}") for sheet, union in unions):
            return None
        return self._sums("d", indicator)

    def _at(self, indicator: str, sheet: int) -> str:
        return next(one.at for one in self.cells.program.rows[indicator] if one.sheet == sheet)

    def _slot(self, period: str | Period, group: str | None) -> int:
        asked = Period.parse(period) if isinstance(period, str) else period
        if asked not in self.periods or group not in self.groups:
            raise XingtanError.one("figure.period", T("没有算过 %(period)s 的数", period=asked.text))
        return self.cells.setting.periods.index(asked) * len(self.groups) + self.groups.index(group)

    def _place(self, org: str) -> int:
        number = self.cells.setting.world.index.get(org, -1)
        place = int(self.cells.setting.axis.place[number]) if number >= 0 else -1
        if place < 0:
            raise XingtanError.one("figure.org", T("没有算过机构 %(org)s 的数", org=org))
        return place


def _nullable(values: Doubles, certain: bool) -> pa.Array:
    return pa.array(values) if certain else pa.array(values, mask=np.isnan(values))


def _bounded(values: Doubles, certain: bool) -> pa.Array:
    return pa.array(values) if certain else pa.array(values, mask=np.isinf(values))


def _part(band: Band | None, take: Callable[[Doubles], Doubles], size: int) -> pa.Array:
    return pa.nulls(size, pa.float64()) if band is None else _nullable(take(band.value), band.flags is None)
