"""Drawings that lay organisations side by side: bars in order with a common line, small multiples, strips. No script, no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .svg import ACCENT, AMBER, HAIRLINE, INK, MUTED, TINY, _paths, _scale, _svg

WIDE = 100  # a bar's own drawing is stretched to the width it is given


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: `text` is what is printed, `link` where it comes from."""

    label: str
    value: float
    text: str = ""
    link: str = ""


def span(values: Sequence[float]) -> tuple[float, float]:
    """The common axis of several drawings: from zero, unless all values lie far from it."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low >= 0 and low < high / 2:
        low = 0.0
    if high <= 0 and high > low / 2:
        high = 0.0
    return (low, high) if high - low > TINY else (low - 1, high + 1)


def bar(value: float, ends: tuple[float, float], line: float | None) -> str:
    """One bar from zero on an axis that all bars share, to be stretched to a table cell's width; `line` is a value all are held against."""
    x = _scale(min(ends[0], 0.0), max(ends[1], 0.0), 1, WIDE - 1)
    left, right = sorted((x(0.0), x(value)))
    parts = [f'<rect x="{left:.2f}" y="3" width="{max(right - left, 0.6):.2f}" height="14" fill="{ACCENT}"/>']
    if line is not None:
        upright = f'<line x1="{x(line):.2f}" x2="{x(line):.2f}" y1="0" y2="20" stroke="{AMBER}" stroke-width="2"'
        parts.append(f'{upright} vector-effect="non-scaling-stroke" stroke-dasharray="3 2"/>')
    body = "".join(parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="bar" viewBox="0 0 {WIDE} 20" preserveAspectRatio="none"'
    return f'{head} aria-hidden="true">{body}</svg>'


def panel(
    values: Sequence[float | None], ends: tuple[float, float], line: Sequence[float | None] = (), size: tuple[int, int] = (200, 72)
) -> str:
    """A small line on axes that all panels share; `line` is the same series of the one above, drawn behind. A gap breaks the line."""
    width, height = size
    x, y = _scale(0, max(len(values) - 1, 1), 8, width - 8), _scale(*ends, height - 8, 8)
    rules = [f'<line x1="0" x2="{width}" y1="{at}" y2="{at}" stroke="{HAIRLINE}"/>' for at in (8, height - 8)]
    behind = [_path(path, MUTED, 1) for path in _paths(_at(line, x, y))]
    front = [_path(path, ACCENT, 2) for path in _paths(_at(values, x, y))]
    dots = [f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="2.5" fill="{ACCENT}"/>' for at in _at(values, x, y) if at is not None]
    return _svg(width, height, [*rules, *behind, *front, *dots], "")


def strip(marks: Sequence[Mark], ends: tuple[float, float], lines: Sequence[Mark] = (), title: str = "") -> str:
    """Every organisation as a dot on one axis, equal ones above each other, the middle half as a box; `lines` are to hold against."""
    width, height = 640, 96
    x = _scale(*ends, 24, width - 24)
    parts = [f'<line x1="16" x2="{width - 16}" y1="60" y2="60" stroke="{HAIRLINE}"/>', *_box([one.value for one in marks], x)]
    stacks: dict[int, int] = {}
    for one in sorted(marks, key=lambda mark: mark.value):
        slot = round(x(one.value) / 7)
        stacks[slot] = stacks.get(slot, 0) + 1
        parts.append(_dot(one, x(one.value), 60 - 7 * (stacks[slot] - 1)))
    for number, one in enumerate(lines):
        at = x(one.value)
        anchor = "end" if at > width / 2 else "start"
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="8" y2="70" stroke="{AMBER}" stroke-dasharray="3 2"/>')
        shift = -4 if anchor == "end" else 4
        parts.append(_words(f"{one.label} {one.text}", (at + shift, 14 + 13 * number), anchor, AMBER))
    for value, anchor, at in ((ends[0], "start", 24), (ends[1], "end", width - 24)):
        parts.append(_words(f"{value:,.4g}", (at, 88), anchor, MUTED))
    return _svg(width, height, parts, title)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile by linear interpolation. `values` may not be empty."""
    ordered = sorted(values)

    def at(part: float) -> float:
        place = part * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return at(0.25), at(0.5), at(0.75)


def sheet(titles: Sequence[tuple[str, str]], drawings: Sequence[str], title: str) -> str:
    """Several panels as one drawing to be saved: (name, value) above each, three in a row."""
    columns, wide, high = 3, 216, 112
    rows = -(-len(drawings) // columns)
    parts = [_words(title, (8, 20), "start", INK)]
    for number, (drawing, (name, value)) in enumerate(zip(drawings, titles, strict=True)):
        left, top = 8 + number % columns * wide, 32 + number // columns * high
        inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
        parts.append(
            f'<g transform="translate({left} {top})">{_words(name, (0, 14), "start", INK)}{_words(value, (200, 14), "end", MUTED)}'
        )
        parts.append(f'<g transform="translate(0 20)">{inner}</g></g>')
    return _svg(8 + columns * wide, 40 + rows * high, parts, title)


def _at(values: Sequence[float | None], x: _scale, y: _scale) -> list[tuple[float, float] | None]:
    return [None if value is None else (x(number), y(value)) for number, value in enumerate(values)]


def _path(path: str, colour: str, width: int) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _box(values: Sequence[float], x: _scale) -> list[str]:
    if len(values) < 4:
        return []
    low, middle, high = (x(value) for value in quartiles(values))
    box = f'<rect x="{low:.1f}" y="40" width="{max(high - low, 1):.1f}" height="26" fill="{HAIRLINE}"/>'
    return [box, f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="40" y2="66" stroke="{INK}" stroke-width="1.5"/>']


def _dot(mark: Mark, x: float, y: float) -> str:
    said = escape(f"{mark.label}：{mark.text}")
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{ACCENT}" fill-opacity="0.75"><title>{said}</title></circle>'
    return f'<a href="{escape(mark.link)}" aria-label="{said}">{dot}</a>' if mark.link else dot


def _words(text: str, at: tuple[float, float], anchor: str, colour: str) -> str:
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" font-size="12" fill="{colour}">{escape(text)}</text>'
