"""Small groups: which cells of a table of parts and their total must not be shown, so that nobody is found behind a number.

A count from 1 to `least` − 1 is small. It is shown as “fewer than `least`”; as many further cells are hidden as it takes that no hidden
cell can be worked out from what is shown: the total, the other parts, and what “fewer than” says.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Shown(StrEnum):
    """How a cell stands in the table: as it is, as “fewer than”, or not at all."""

    PLAIN = "plain"
    SMALL = "small"
    HIDDEN = "hidden"


def suppress(parts: Sequence[int | None], total: int | None, least: int) -> tuple[Shown, ...]:
    """How each part is shown beside a total that is shown. None is a part nobody knows: it stays so and protects nothing.

    A total that is small itself, or is not shown (None), hides every part that is not zero.
    """
    known = [index for index, count in enumerate(parts) if count]
    small = {index for index in known if _small(parts[index], least)}
    if total is None or _small(total, least):
        return _states(parts, small if total is not None and len(small) == 1 else set(), set(known), everything=len(small) > 1)
    if not small:
        return (Shown.PLAIN,) * len(parts)
    hidden: set[int] = set()
    spare = sorted((index for index in known if index not in small), key=lambda index: (parts[index] or 0, index))
    while not _safe([parts[index] or 0 for index in sorted(small)], [parts[index] or 0 for index in sorted(hidden)], least):
        if not spare:
            return _states(parts, set(), set(known), everything=True)
        hidden.add(spare.pop(0))
    return _states(parts, small, hidden)


def _small(count: int | None, least: int) -> bool:
    return count is not None and 0 < count < least


def _states(parts: Sequence[int | None], small: set[int], hidden: set[int], *, everything: bool = False) -> tuple[Shown, ...]:
    """`everything` hides the zeros too: they would tell that all the rest stands in the other parts."""
    found = []
    for index, count in enumerate(parts):
        if index in small:
            found.append(Shown.SMALL)
        elif index in hidden or (everything and count is not None):
            found.append(Shown.HIDDEN)
        else:
            found.append(Shown.PLAIN)
    return tuple(found)


def _safe(small: Sequence[int], hidden: Sequence[int], least: int) -> bool:
    """Whether every cell that is not shown could be at least two numbers, to somebody who knows what they add up to and which is which.

    Small ones lie between 1 and least − 1, hidden ones are `least` or more.
    """
    total, p, h = sum(small) + sum(hidden), len(small), len(hidden)
    most_others = (p - 1) * (least - 1)
    lowest = 1 if h else max(1, total - most_others)
    highest = min(least - 1, total - (p - 1) - h * least)
    if highest <= lowest:
        return False
    if not h:
        return True
    low = least if h > 1 else max(least, total - p * (least - 1))
    return total - p - (h - 1) * least > low
