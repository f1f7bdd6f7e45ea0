"""Figures of one computation: single ones exactly, all of them as arrays of doubles. Nothing is computed before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xingtan.engine.indicators import missing, reasons
from xingtan.engine.indicators.band import ABSENT, UNKNOWN, Band
from xingtan.engine.indicators.cells import Cells
from xingtan.engine.indicators.columns import Columns
from xingtan.engine.indicators.figure import Figure, Status
from xingtan.engine.indicators.leaves import exact, whole
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

STATUSES = (Status.KNOWN, Status.PARTIAL, Status.DOUBTFUL, Status.UNKNOWN)
GRAVITY = {status: number for number, status in enumerate(STATUSES)}


class FigureTable:
    """Indicators × organisations × periods (× groups). `orgs` and `periods` are those asked, in the order of asking."""

    def __init__(self, cells: Cells, indicators: tuple[str, ...], orgs: tuple[str, ...], periods: tuple[Period, ...]) -> None:
        self.cells, self.indicators, self.orgs, self.periods = cells, indicators, orgs, periods
        self.groups = cells.setting.groups
        self._figures: dict[tuple[str, int, int], Figure] = {}
        self._counts: dict[Any, npt.NDArray[np.int64]] = {}

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
        index, members = self.cells.setting.world.index, self.cells.setting.members
        everyone = self.orgs is members or self.orgs == members
        places = np.arange(len(self.orgs)) if everyone else self.cells.setting.axis.place[[index[org] for org in self.orgs]]
        columns = Columns(None if self._is_whole(slots, places) else np.ix_(slots, places))
        keys = self._keys()
        batches = [self._batch(indicator, columns, keys) for indicator in self.indicators]
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

    def _batch(self, indicator: str, columns: Columns, keys: dict[str, pa.Array]) -> pa.RecordBatch:
        numerator, denominator = self.cells.part_bands(indicator)
        band, size = self.cells.band(indicator), len(keys["org"])
        return pa.record_batch(
            {
                "indicator": columns.word(indicator, size),
                **keys,
                "value": columns.values(band),
                "lo": columns.ends(band.lo, band),
                "hi": columns.ends(band.hi, band),
                "numerator": columns.nothing(size) if numerator is None else columns.values(numerator),
                "denominator": columns.nothing(size) if denominator is None else columns.values(denominator),
                "rows": columns.of(self._rows(indicator)),
                "status": columns.words(self._statuses(indicator, band), STATUSES, size),
            }
        )

    def _is_whole(self, slots: Any, places: Any) -> bool:
        """Whether these are all cells, in their own order: then nothing need be picked."""
        shape = self.cells.shape
        return bool(
            self.cells.setting.axis.whole and np.array_equal(places, np.arange(shape[1])) and np.array_equal(slots, np.arange(shape[0]))
        )

    def _statuses(self, indicator: str, band: Band) -> npt.NDArray[np.int8] | None:
        """The status of every cell by its gravity; None: all are known."""
        spec, cells = self.cells.model.indicators[indicator], self.cells
        status: npt.NDArray[np.int8] = np.zeros(cells.shape, dtype=np.int8)
        marked = False
        for at, gravity in self._marks(indicator, spec, band):
            status[at] = gravity
            marked = True
        return status if marked else None

    def _marks(self, indicator: str, spec: IndicatorSpec, band: Band) -> Iterator[tuple[npt.NDArray[np.bool_], int]]:
        """Cells and their gravity, the graver later."""
        cells = self.cells
        for one in cells.program.rows[indicator]:
            if (found := cells.absentees(one.sheet, one.at)) is not None:
                yield found > 0, GRAVITY[Status.PARTIAL]
        if (doubtful := self._doubtful(indicator)) is not None:
            yield doubtful > 0, GRAVITY[Status.DOUBTFUL]
        if spec.plausible is not None:
            low, high = (None if end is None else float(end) for end in (spec.plausible.lo, spec.plausible.hi))
            outside = (band.hi < (-np.inf if low is None else low)) | (band.lo > (np.inf if high is None else high))
            yield outside & ~band.has(ABSENT), GRAVITY[Status.DOUBTFUL]
        if band.flags is not None:
            yield band.has(UNKNOWN), GRAVITY[Status.UNKNOWN]

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

    def _sums(self, name: str, indicator: str) -> npt.NDArray[np.int64]:
        """A count of every cell; shared between indicators, never to be changed."""
        found = []
        for sheet, union in self.cells.program.unions[indicator].items():
            at, place = self._at(indicator, sheet), self.cells.leaves(sheet).place(f"{name}{union}")
            found.append(self._count(sheet, at, place))
        return sum(found[1:], found[0]) if found else np.zeros(self.cells.shape, dtype=np.int64)

    def _count(self, sheet: int, at: str, place: tuple[int, ...]) -> npt.NDArray[np.int64]:
        if (sheet, at, place) not in self._counts:
            self._counts[sheet, at, place] = whole(self.cells.rolled(sheet, at), place)
        return self._counts[sheet, at, place]

    def _rows(self, indicator: str) -> npt.NDArray[np.int64]:
        return self._sums("m", indicator)

    def _doubtful(self, indicator: str) -> npt.NDArray[np.int64] | None:
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
