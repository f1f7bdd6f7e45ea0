"""Working days of a place: the published national arrangement, then what the place's own calendar says of single days."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.kernel.calendar import TableCalendar


@lru_cache(maxsize=8)
def national(year: int) -> TableCalendar:
    """Return the national calendar of one year: statutory holidays, days in lieu and make-up working days."""
    import holidays

    table = holidays.country_holidays("CN", years=year)
    make_up = frozenset(day for day in table.weekend_workdays if day.year == year)
    confirmed = frozenset({year}) if make_up else frozenset[int]()
    return TableCalendar(dict.fromkeys(table, ""), dict.fromkeys(make_up, ""), confirmed)


def is_workday(place: Place | None, day: date) -> bool:
    """Whether people work on a day in a place; without a place the national calendar alone decides."""
    if place is not None and place.pack_release_id is not None:
        calendar = active_pack(place).calendar
        for special in calendar.days:
            if special.date == day:
                return special.kind == "workday"
        if calendar.country == "none":
            return day.weekday() < 5
    return national(day.year).status(day).works
