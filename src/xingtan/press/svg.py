"""Small drawings as SVG: sparkline, trend with method breaks, bars. Used in lists, on provenance pages and on paper.

Colours are classes with fallbacks, so that a page's style sheet may restyle them; there is no script and no inline style, which a strict
content policy would refuse. A missing value breaks the line: nothing is drawn where nothing is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ACCENT, MUTED, HAIRLINE, AMBER, INK = "#22577a", "#5a6472", "#e4e1d9", "#a86a0b", "#1d2530"

TINY = 1e-12  # no figure differs by less; smaller spans would only draw rounding errors


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series; `value` None is a gap. `text` is what is printed, `low`/`high` draw a bound."""

    label: str
    value: float | None
    text: str = ""
    low: float | None = None
    high: float | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A method break in front of the point of that index."""

    before: int
    note: str


def spark(values: Sequence[float | None], width: int = 84, height: int = 24) -> str:
    """A sparkline without axes; the last known value carries a dot. Fewer than two known values draw the dot alone."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    x = _scale(0, max(len(values) - 1, 1), 3, width - 3)
    y = _scale(*_span(known), height - 4, 4)
    at = [(x(i), y(value)) if value is not None else None for i, value in enumerate(values)]
    parts = [f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.5" class="xt-spark"/>' for path in _paths(at)]
    last = next(point for point in reversed(at) if point is not None)
    parts.append(f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2" fill="{INK}"/>')
    return _svg(width, height, parts, "")


def trend(
    points: Sequence[Point],
    title: str,
    breaks: Sequence[Break] = (),
    *,
    size: tuple[int, int] = (640, 220),
    unit: str = "",
    also: Sequence[float] = (),
) -> str:
    """A line over periods with a value axis that starts at zero unless the values are far from it, breaks as dotted verticals.

    `unit` stands behind the numbers of the axis; `also` are values its span takes in, so that two drawings may
    share one axis. The first and the last point keep half a label's width from the edges.
    """
    width, height = size
    known = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    if not known:
        return ""
    ticks = _ticks(*_reach([*known, *also]))
    x, y = _scale(0, max(len(points) - 1, 1), 104, width - 56), _scale(ticks[0], ticks[-1], height - 32, 32)
    parts = [_tick(tick, y(tick), width, unit) for tick in ticks]
    parts += [_break(x(mark.before - 0.5), mark.note, size) for mark in breaks]
    parts += [_bound(point, x(i), (y, ticks)) for i, point in enumerate(points) if point.value is None]
    at = [(x(i), y(point.value)) if point.value is not None else None for i, point in enumerate(points)]
    parts += [f'<path d="{path}" fill="none" stroke="{ACCENT}" stroke-width="2"/>' for path in _paths(at)]
    parts += [_dot(point, place) for point, place in zip(points, at, strict=True) if place is not None]
    step = _step([point.label for point in points], x(1) - x(0))
    parts += [_label(point.label, x(i), height - 10) for i, point in enumerate(points) if (len(points) - 1 - i) % step == 0]
    return _svg(width, height, parts, title)


def bars(points: Sequence[Point], title: str, width: int = 640) -> str:
    """Horizontal bars, one a row, from zero; an unknown value leaves its row empty but for its words."""
    known = [point.value for point in points if point.value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    x = _scale(low, high if high - low > TINY else low + 1, 200, width - 96)
    parts: list[str] = []
    for row, point in enumerate(points):
        top = 8 + row * 28
        parts.append(f'<text x="192" y="{top + 15}" text-anchor="end" font-size="13" fill="{INK}">{escape(point.label)}</text>')
        end = x(0)
        if point.value is not None:
            end = max(x(point.value), x(0))
            left = min(x(point.value), x(0))
            parts.append(f'<rect x="{left:.1f}" y="{top + 3}" width="{max(end - left, 1):.1f}" height="16" fill="{ACCENT}"/>')
        parts.append(f'<text x="{end + 6:.1f}" y="{top + 15}" font-size="12" fill="{MUTED}">{escape(point.text)}</text>')
    return _svg(width, 16 + 28 * len(points), parts, title)


def _svg(width: int, height: int, parts: Sequence[str], title: str) -> str:
    name = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    body = "".join(parts)
    family = "'Noto Sans SC Variable','Noto Sans SC','Noto Sans CJK SC',sans-serif"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{family}" {name}>{body}</svg>'
    )


class _scale:  # noqa: N801  used as a function
    """A linear map from a domain to pixels; an empty domain maps to the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.start, self.end = low, start, end
        self.factor = (end - start) / (high - low) if high - low > TINY else None

    def __call__(self, value: float) -> float:
        return (self.start + self.end) / 2 if self.factor is None else self.start + (value - self.low) * self.factor


def _span(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _reach(values: Sequence[float]) -> tuple[float, float]:
    """The span of an axis: from zero unless the values are far from it."""
    return _span([*values, 0.0] if min(values) >= 0 and min(values) < max(values) / 2 else values)


def _paths(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """One path for each unbroken run of points."""
    paths: list[str] = []
    fresh = True
    for point in points:
        if point is None:
            fresh = True
            continue
        step = f"{'M' if fresh else 'L'}{point[0]:.1f} {point[1]:.1f}"
        if fresh:
            paths.append(step)
        else:
            paths[-1] += step
        fresh = False
    return paths


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round values that enclose the span."""
    if high - low <= TINY:
        low, high = (low - 1, high + 1) if abs(low) > TINY else (0.0, 1.0)
    raw = (high - low) / 4
    power = 10.0 ** len(str(int(1 / raw))) if raw < 1 else 10.0 ** -(len(str(int(raw))) - 1)
    step = next(nice for nice in (1, 2, 2.5, 5, 10) if nice >= raw * power) / power
    first = (low // step) * step
    ticks = [first]
    while ticks[-1] < high - step * 1e-9:
        ticks.append(round(ticks[-1] + step, 12))
    return ticks


def _tick(value: float, y: float, width: int, unit: str) -> str:
    line = f'<line x1="64" x2="{width - 24}" y1="{y:.1f}" y2="{y:.1f}" stroke="{HAIRLINE}"/>'
    return line + f'<text x="56" y="{y + 4:.1f}" text-anchor="end" font-size="11" fill="{MUTED}">{value:,.10g}{escape(unit)}</text>'


def _break(x: float, note: str, size: tuple[int, int]) -> str:
    """A dotted upright; its words stand above the drawing, on the side with more room. What does not fit is told on pointing at it."""
    width, height = size
    room, at, anchor = (x - 4, x - 4, "end") if x > width / 2 else (width - x - 4, x + 4, "start")
    said = note if _wide(note) <= room else note[: max(1, int(room / 11) - 1)] + "…"
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{height - 32}" stroke="{AMBER}" stroke-dasharray="2 3"/>'
    words = f"<title>{escape(note)}</title>{escape(said)}"
    return line + f'<text x="{at:.1f}" y="12" text-anchor="{anchor}" font-size="11" fill="{AMBER}">{words}</text>'


def _bound(point: Point, x: float, axis: tuple[_scale, list[float]]) -> str:
    """A value known only by a bound: a dashed upright from the bound to the end of the axis."""
    y, ticks = axis
    if point.low is None and point.high is None:
        return f'<text x="{x:.1f}" y="{y(ticks[0]) - 4:.1f}" text-anchor="middle" font-size="11" fill="{MUTED}">○</text>'
    top = y(point.high if point.high is not None else ticks[-1])
    foot = y(point.low if point.low is not None else ticks[0])
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{foot:.1f}" stroke="{ACCENT}" stroke-width="2" stroke-dasharray="3 3"/>'
    side, anchor = (x - 5, "end") if x > 320 else (x + 5, "start")
    return (
        line + f'<text x="{side:.1f}" y="{foot - 4:.1f}" text-anchor="{anchor}" font-size="11" fill="{MUTED}">{escape(point.text)}</text>'
    )


def _dot(point: Point, place: tuple[float, float]) -> str:
    words = escape(f"{point.label}：{point.text}")
    dot = f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="3.5" fill="{ACCENT}"><title>{words}</title></circle>'
    value = f'<text x="{place[0]:.1f}" y="{place[1] - 9:.1f}" text-anchor="middle" font-size="12" fill="{INK}">{escape(point.text)}</text>'
    return f'<a href="{escape(point.link)}">{dot}</a>{value}' if point.link else dot + value


def _step(labels: Sequence[str], room: float) -> int:
    """Every how manieth label fits without touching its neighbour; the last one is always written."""
    return max(1, math.ceil((max(map(_wide, labels)) + 8) / room))


def _wide(text: str) -> float:
    """About how many pixels a text takes at size 11."""
    return sum(11 if ord(char) > 0x2E7F else 6.5 for char in text)


def _label(text: str, x: float, y: float) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" fill="{MUTED}">{escape(text)}</text>'
