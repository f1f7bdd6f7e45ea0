"""How numbers of this desk are written."""

from __future__ import annotations

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T, Text

UNKNOWN = T("未知")


def percent(value: Quantity, digits: int = 2) -> Text:
    """A fraction of one as percent, half-up; an unknown one as unknown, with the bounds that say something."""
    if value.is_unknown and (value.lo is None or value.lo <= 0) and (value.hi is None or value.hi >= 1):
        return UNKNOWN
    return (value * 100).text(digits, "%", minimum=None)


def index(value: Quantity) -> Text:
    """A ratio of two rates."""
    return UNKNOWN if value.is_unknown else value.text(3)


def points(value: Quantity, digits: int) -> Text:
    """By how much something is off, in percentage points; below zero it lacks something."""
    return (value * 100).text(digits, minimum=None)
