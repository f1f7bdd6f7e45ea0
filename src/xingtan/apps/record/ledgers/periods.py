"""The periods of which a place has rows, and how many: what the picker offers, and where a page stands when the address names none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear

from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.period import Period

from .models import PeriodStamp, Record
from .selectors import counting, hidden_batches

Part = tuple[str, str]  # a ledger and one of its partitions
KEPT = 20_000  # partitions remembered by a process
_kept: dict[tuple[int, str, str], tuple[int, dict[str, int]]] = {}  # (place, ledger, partition): (its stamp, rows by period)


def known(place: Place) -> Mapping[Period, int]:
    """Periods stated by rows, and the years in which rows without a period are dated, each with the number of its rows."""
    rows = PeriodStamp.objects.filter(place=place).values_list("ledger", "partition", "stamp")
    stamps = {(ledger, part): stamp for ledger, part, stamp in rows}
    counts = {part: kept[1] for part, stamp in stamps.items() if (kept := _kept.get((place.pk, *part))) and kept[0] == stamp}
    if moved := {part: stamp for part, stamp in stamps.items() if part not in counts}:
        counts |= _remember(place, moved)
    total: Counter[str] = Counter()
    for found in counts.values():
        total.update(found)
    return {Period.parse(text): number for text, number in total.items()}


def forget() -> None:
    """Drop what is remembered: for tests, whose rows are rolled back under the same numbers."""
    _kept.clear()


def _remember(place: Place, moved: Mapping[Part, int]) -> dict[Part, dict[str, int]]:
    """Count the partitions that changed; a stamp moves whenever a row of its partition begins or ceases to count."""
    rows = Record.objects.filter(counting(hidden_batches(place)), place=place, ledger__in={ledger for ledger, _part in moved}).order_by()
    found: dict[Part, dict[str, int]] = {part: {part[1]: 0} if part[1] else {} for part in moved}
    for part, period, count in [*_stated(rows, moved), *_dated(rows, moved)]:
        if part in found:
            found[part][period] = count
    if len(_kept) > KEPT:
        _kept.clear()
    _kept.update({(place.pk, *part): (moved[part], counts) for part, counts in found.items()})
    return found


def _stated(rows: QuerySet[Record], moved: Mapping[Part, int]) -> list[tuple[Part, str, int]]:
    texts = {part for _ledger, part in moved} - {""}
    counted = rows.filter(period__in=texts).values_list("ledger", "period").annotate(n=Count("pk")) if texts else ()
    return [((ledger, period), period, count) for ledger, period, count in counted]


def _dated(rows: QuerySet[Record], moved: Mapping[Part, int]) -> list[tuple[Part, str, int]]:
    if not any(not part for _ledger, part in moved):
        return []
    dated = rows.filter(period="", starts__isnull=False).annotate(year=ExtractYear("starts"))
    return [((ledger, ""), str(year), count) for ledger, year, count in dated.values_list("ledger", "year").annotate(n=Count("pk"))]
