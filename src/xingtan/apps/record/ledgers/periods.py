"""The periods of which a place has rows: what the picker offers, and where a page stands when the address names none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db.models import Max

from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.period import Period

from .models import PeriodStamp, Record


def known(place: Place) -> Sequence[Period]:
    """Periods stated by rows, and the years in which rows without a period are dated."""
    stamps = PeriodStamp.objects.filter(place=place).order_by()
    stated = dict(stamps.values_list("partition").annotate(last=Max("stamp")))
    dated = stated.pop("", None)
    years = _years(place.pk, dated) if dated is not None else ()
    return [Period.parse(text) for text in dict.fromkeys([*stated, *years])]


@lru_cache(maxsize=64)
def _years(place_id: int, stamp: int) -> tuple[str, ...]:
    """Years of the dates of rows without a period; `stamp` moves whenever such a row does."""
    rows = Record.objects.filter(place_id=place_id, live=True, period="", starts__isnull=False)
    return tuple(str(day.year) for day in rows.dates("starts", "year"))
