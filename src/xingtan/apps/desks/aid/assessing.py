"""Applications of a place and period against the schemes in force: the rows that count now, sensitive columns open.

What comes out is what the rules say; whoever shows it masks what the pack calls sensitive (`selectors.shown_name`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from xingtan.apps.base.audit.models import Chain
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers.datasets import open_table
from xingtan.apps.record.ledgers.models import Record
from xingtan.engine.aid.spec import Assessment
from xingtan.pack import Pack, aid, aid_run
from xingtan.pack.scope import dataset_spec

from .earlier import carried, day_of, held_before

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment with the tables it was made from. `firsts`: row of the assessment → the row through all its versions."""

    pack: Pack
    assessment: Assessment
    tables: Mapping[str, pa.Table]
    firsts: Mapping[str, int]


_KEEP = 2  # the pages of a list are asked for one after the other
_lock = Lock()
_kept: OrderedDict[tuple[int, str, str, date], Assessed] = OrderedDict()


def assessed(place: Place, period: str) -> Assessed:
    """Assess all schemes of the pack in force for one period. Raises XingtanError for a place without a pack.

    What was worked out is kept until anything happens in the place: every write is an event, and the head of the chain names them all.
    """
    head = Chain.objects.filter(place=place.slug).values_list("head", flat=True).first() or ""
    key = (place.pk, period, head, day_of(period))
    found = _kept.get(key) if head else None
    if found is None:
        found = _worked_out(place, period)
        with _lock:
            _kept[key] = found
            while len(_kept) > _KEEP:
                _kept.popitem(last=False)
    return found


def _worked_out(place: Place, period: str) -> Assessed:
    pack = orgs.active_pack(place)
    tables = {name: open_table(place, dataset_spec(pack, pack.ledgers[name]), period) for name in aid.sources(pack)}
    firsts = _firsts(tables, aid.applications(pack))
    earlier = carried(place, pack, period, tables)
    found = aid_run.run(pack, tables, day_of(period), held=held_before(place, pack, period), earlier=earlier)
    again = {one.row: int(one.row) for rows in earlier.values() for one in rows}
    return Assessed(pack, found, tables, {**again, **firsts})


def _firsts(tables: Mapping[str, pa.Table], names: tuple[str, ...]) -> dict[str, int]:
    ids = [int(row) for name in names for row in tables[name].column("row_id").to_pylist()]
    found: dict[str, int] = {}
    for start in range(0, len(ids), 500):
        rows = Record.objects.filter(pk__in=ids[start : start + 500]).values_list("pk", "chain")
        found |= {str(pk): chain or pk for pk, chain in rows}
    return found
