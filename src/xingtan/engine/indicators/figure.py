"""One figure: a value that knows how sure it is, what it was made of, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text


class Status(StrEnum):
    """What may be said of a figure. `stale` is set by who stores figures: an input changed and the refresh is pending."""

    KNOWN = "known"
    PARTIAL = "partial"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of an organisation in a period (and group of a breakdown).

    `numerator` and `denominator` are None unless the formula divides at its top. `rows`: rows under the figure, surely or perhaps counted.
    `missing`: codes of organisations whose return was due and is absent. `doubts`: the reasons of doubtful rows among them.
    """

    indicator: str
    org: str
    period: str
    group: str | None
    value: Quantity
    numerator: Quantity | None
    denominator: Quantity | None
    rows: int
    status: Status
    reasons: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
