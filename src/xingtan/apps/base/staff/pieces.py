"""Spells cut into pieces within which nothing changes: what a register tells of a person on a day, for every day at once.

Plain values in and out; `datasets` reads them from the database. A day that nobody knows is EVER, what did not end ends on FOREVER.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from xingtan.apps.base.orgs.models import EVER, FOREVER
from xingtan.kernel.quantity import Reason
from xingtan.pack.staff_registers import AGE_BANDS, ALL_SUBJECTS, BAND_YEARS, YOUNGEST

Span = tuple[date, date]
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of a person for start ≤ day < end: a degree, a certificate, a rank, a team."""

    kind: str
    word: str
    start: date
    end: date
    subject: str = ""


@dataclass(slots=True)
class Life:
    """All facts of one person, and his birth."""

    birth: date | None = None
    facts: list[Fact] = field(default_factory=list)

    def turns(self) -> list[date]:
        """The days on which something changes, sorted."""
        days = {day for fact in self.facts for day in (fact.start, fact.end)}
        return sorted(days | set(_birthdays(self.birth)) if self.birth else days)

    def on(self, day: date, subject: str, orders: Mapping[str, Mapping[str, int]]) -> State:
        """What the columns say on a day. `orders`: rank of each word of `degree` and `certificate`, to find the highest."""
        now = [fact for fact in self.facts if fact.start <= day < fact.end]
        found: dict[str, Any] = {kind: _highest(now, kind, orders.get(kind, {})) for kind in ("degree", "certificate", "rank", "team")}
        found["off_subject"] = off_subject(subject, [fact.subject for fact in now if fact.kind == "certificate"])
        found["age_band"] = age_band(self.birth, day)
        return found


def cut(span: Span, turns: Sequence[date]) -> Iterator[Span]:
    """A span in pieces at the turns that lie within it."""
    inside = [day for day in turns[bisect_right(turns, span[0]) :] if day < span[1]]
    yield from pairwise([span[0], *inside, span[1]])


def told(span: Span, life: Life, subject: str, orders: Mapping[str, Mapping[str, int]]) -> list[tuple[Span, State]]:
    """The pieces of an employment with their state; neighbours that say the same are one."""
    out: list[tuple[Span, State]] = []
    for start, end in cut(span, life.turns()):
        state = life.on(start, subject, orders)
        if out and out[-1][1] == state:
            out[-1] = ((out[-1][0][0], end), state)
        else:
            out.append(((start, end), state))
    return out


def overlaps(span: Span, others: Iterable[tuple[Span, Any]]) -> Iterator[tuple[Span, Any]]:
    """The parts of a span that lie within each of others, with what belongs to it."""
    for (start, end), thing in others:
        low, high = max(span[0], start), min(span[1], end)
        if low < high:
            yield (low, high), thing


def off_subject(subject: str, qualified: Sequence[str]) -> bool | Reason:
    """Whether somebody teaches what he is not qualified for; unknown while his certificates or their subjects are not recorded."""
    if not subject or subject == "不任课":
        return Reason.NOT_APPLICABLE
    if subject in qualified or ALL_SUBJECTS in qualified:
        return False
    return Reason.UNKNOWN if not qualified or "" in qualified else True


def age_band(birth: date | None, day: date) -> str | Reason:
    """The band of ages, in years completed, that official statistics use."""
    if birth is None or day == EVER:
        return Reason.UNKNOWN
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    step = max(0, min((years - YOUNGEST) // BAND_YEARS + 1, len(AGE_BANDS) - 1)) if years >= YOUNGEST else 0
    return AGE_BANDS[step]


def _birthdays(birth: date) -> Iterator[date]:
    """The birthdays on which the band changes."""
    for step in range(len(AGE_BANDS) - 1):
        year = birth.year + YOUNGEST + step * BAND_YEARS
        if year < FOREVER.year:
            # Born on 29 February: a year is completed on 1 March of a common year, as the comparison above has it.
            leap = birth.month == 2 and birth.day == 29
            yield date(year, 2, 28) + timedelta(days=1) if leap else birth.replace(year=year)


def _highest(facts: Iterable[Fact], kind: str, order: Mapping[str, int]) -> str | Reason:
    words = [fact.word for fact in facts if fact.kind == kind]
    return max(words, key=lambda word: order.get(word, -1)) if words else Reason.UNKNOWN
