"""Who owes a ledger's row, and by when."""

from __future__ import annotations

from datetime import date, timedelta

from .schema.ledger import Ledger
from .schema.pack import PackData
from .working_days import working_calendar


def due_kinds(pack: PackData, ledger: Ledger) -> tuple[str, ...]:
    """The kinds of organisation that owe; the ledger names kinds or tiers."""
    if ledger.due is None:
        return ()
    return tuple(kind.id for kind in pack.organisation.kinds if {kind.id, kind.tier} & set(ledger.due.from_))


def due_day(pack: PackData, ledger: Ledger, end: date) -> date:
    """The last day on which a row of the period that ends on `end` is in time: that day, or as long after it as `within` allows."""
    if ledger.due is None or not ledger.due.within:
        return end
    number, unit = ledger.due.within.split()
    if unit == "workdays":
        return working_calendar(pack.calendar).add_workdays(end, int(number)).day
    return end + timedelta(days=int(number) * (7 if unit == "weeks" else 1))
