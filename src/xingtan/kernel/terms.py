"""When school years and terms begin and end at a place: its dated terms, else its usual ones, else those of `Period`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from xingtan.kernel.period import Period, PeriodKind

Span = tuple[date, date]  # first and last day, both included
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SchoolTerms:
    """`usual`: month and day on which the first and the second term begin and end; `dated`: what was laid down for single terms (by
    canonical text). `year_starts`: the first day of a school year.

    Which period a row belongs to does not depend on it: terms in `Period` part the year without a gap, a place's terms leave out holidays.
    """

    year_starts: MonthDay = (9, 1)
    usual: tuple[tuple[MonthDay, MonthDay], ...] = ()
    dated: Mapping[str, Span] = field(default_factory=dict)

    def term(self, period: Period) -> Span:
        """First and last day of a term. The period is one of kind term."""
        found = self.dated.get(period.text)
        if found is not None:
            return found
        if period.part <= len(self.usual):
            first, last = self.usual[period.part - 1]
            return self._day(period.year, first), self._day(period.year, last)
        assert period.start is not None
        assert period.end is not None
        return period.start, period.end

    def school_year(self, period: Period) -> Span:
        """First and last day of a school year: to the day before the next one begins."""
        return self._day(period.year, self.year_starts), self._day(period.year + 1, self.year_starts) - timedelta(days=1)

    def term_at(self, day: date) -> Period:
        """The term that a day lies in by the place's own dates; of a day in holidays, that of the calendar of `Period`."""
        usual = Period.at(PeriodKind.TERM, day)
        for term in (usual, usual.previous(), usual.next()):
            first, last = self.term(term)
            if first <= day <= last:
                return term
        return usual

    def _day(self, year: int, at: MonthDay) -> date:
        """A month and day of the school year that begins in `year`: what comes before its first day lies in the next calendar year."""
        month, day = at
        in_year = year if at >= min(self.year_starts, (8, 1)) else year + 1  # a term may begin some days before the year does
        return date(in_year, month, min(day, 28) if month == 2 else day)
