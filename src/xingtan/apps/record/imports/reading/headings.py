"""Where the headings stand in a sheet and what each column is. Title rows above, two-storey headings and merged cells are understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .sheets import Sheet

SEARCHED_ROWS = 30
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]$")
_DROPPED = re.compile(r"[\s*＊★☆:：、,，.。/\"'“”_-]+")
SCALES = {
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "百万元": Decimal(1000000),
    "亿元": Decimal(10) ** 8,
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Something a column can be: a field of the ledger (`f:pupils`) or a reserved column (`org`)."""

    id: str
    title: str
    words: tuple[str, ...]
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the sheet as it was understood. `target` "" means: left out. `scale` multiplies its numbers."""

    column: int  # of the frame
    text: str
    target: str = ""
    scale: str = "1"


@dataclass(frozen=True, slots=True)
class Head:
    """`row`: the row (from 1) with the headings, 0 when none was found."""

    row: int
    headings: tuple[Heading, ...]

    @property
    def matched(self) -> int:
        return sum(bool(heading.target) for heading in self.headings)


def normal(text: str) -> str:
    """Compare headings without width, blanks, stars and punctuation."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find_head(sheet: Sheet, targets: Iterable[Target], header_row: int | None = None) -> Head:
    """The row in which most columns are recognised; a given `header_row` (from 1) settles where it is."""
    index = {word: target for target in reversed(list(targets)) for word in map(normal, (target.title, *target.words)) if word}
    rows = [header_row] if header_row else range(1, min(sheet.frame.height, SEARCHED_ROWS) + 1)
    best = Head(0, ())
    for row in rows:
        found = Head(row, _matched(_texts(sheet, row), index))
        if found.matched > best.matched or (header_row and best.row == 0):
            best = found
    return best


def _texts(sheet: Sheet, row: int) -> list[tuple[str, str]]:
    """For each column the heading's own text and the text one storey above it."""
    return [(_own(sheet, row, column), _above(sheet, row, column)) for column in range(sheet.frame.width)]


def _own(sheet: Sheet, row: int, column: int) -> str:
    text = sheet.cell(row, column)
    if text:
        return text
    span = _span(sheet, row, column)  # a heading merged downwards stands in the first of its rows
    return sheet.cell(span[0], column) if span and span[1] == span[3] else ""


def _above(sheet: Sheet, row: int, column: int) -> str:
    text = sheet.cell(row - 1, column)
    span = _span(sheet, row - 1, column)
    if text or span is None:
        return text if span is None or span[3] > span[1] else ""
    first = next((n for n, absolute in enumerate(sheet.columns) if absolute == span[1]), None)
    return sheet.cell(span[0], first) if first is not None else ""


def _span(sheet: Sheet, row: int, column: int) -> tuple[int, int, int, int] | None:
    absolute = sheet.columns[column]
    return next((span for span in sheet.traits.merges if span[0] <= row <= span[2] and span[1] <= absolute <= span[3]), None)


def _matched(texts: list[tuple[str, str]], index: Mapping[str, Target]) -> tuple[Heading, ...]:
    found, taken = [], set()
    for column, (own, above) in enumerate(texts):
        heading = _recognised(column, own, above, index)
        if heading.target in taken:  # the second column of a name is not taken for the first
            heading = Heading(column, heading.text)
        if heading.target:
            taken.add(heading.target)
        if heading.text:
            found.append(heading)
    return tuple(found)


def _recognised(column: int, own: str, above: str, index: Mapping[str, Target]) -> Heading:
    shown = f"{above}·{own}" if above and own and above != own else own or above
    for text in (own, above + own) if own else ():
        for name, unit in _readings(text):
            target = index.get(normal(name))
            if target is not None and (scale := scale_of(target, unit)) is not None:
                return Heading(column, shown if text != own else own, target.id, str(scale))
    return Heading(column, own if not above else shown)


def _readings(text: str) -> list[tuple[str, str]]:
    """A heading as it stands, and with what stands in its last bracket read as the unit."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _BRACKET.search(plain)
    return [(plain, ""), (plain[: match.start()], match[1].strip())] if match else [(plain, "")]


def scale_of(target: Target, unit: str) -> Decimal | None:
    """What numbers under a heading with this unit are multiplied with; None when the unit cannot be the target's."""
    if not unit or not target.numeric or unit == target.unit:
        return Decimal(1)
    if unit in SCALES:
        own = SCALES.get(target.unit, Decimal(1))
        return SCALES[unit] / own
    return Decimal(1)
