"""Many numbers at once: interval arithmetic on doubles, the bulk twin of `kernel.quantity`.

Infinite ends are ±inf. Flags say what an end or a number is; a band without flags is exact everywhere (`hi is lo`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
LO_OPEN, HI_OPEN, APPROXIMATE, UNKNOWN, ABSENT = (np.uint8(1 << bit) for bit in range(5))
OPEN = np.uint8(LO_OPEN | HI_OPEN)
EPSILON = 2.0**-50
REASONS = np.uint8(APPROXIMATE | UNKNOWN | ABSENT)


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Arrays of one shape; `flags` None: all exact."""

    lo: Doubles
    hi: Doubles
    flags: Flags | None = None

    @classmethod
    def exact(cls, values: Doubles) -> Band:
        return cls(values, values)

    @property
    def marks(self) -> Flags:
        return np.zeros(self.lo.shape, dtype=np.uint8) if self.flags is None else self.flags

    @property
    def value(self) -> Doubles:
        """The point where there is one and its number is not unknown; NaN elsewhere."""
        if self.flags is None:
            return self.lo
        return np.where(self.points, self.lo, np.nan)

    @property
    def points(self) -> npt.NDArray[np.bool_]:
        """Where there is a point, and its number is not unknown."""
        same = np.asarray(self.lo == self.hi)
        return same if self.flags is None else same & ((self.flags & (UNKNOWN | ABSENT)) == 0)

    def has(self, flag: np.uint8) -> npt.NDArray[np.bool_]:
        return np.asarray((self.marks & flag) != 0)

    def __neg__(self) -> Band:
        lo = -self.hi
        if self.flags is None:
            return Band(lo, lo)
        return Band(lo, -self.lo, _swapped(self.flags))

    def __add__(self, other: Band) -> Band:
        lo = _sum(self.lo, other.lo)
        if self.flags is None and other.flags is None:
            return Band(lo, lo)
        return _tidy(lo, _sum(self.hi, other.hi), self.marks | other.marks)

    def __sub__(self, other: Band) -> Band:
        return self + -other

    def __mul__(self, other: Band) -> Band:
        if self.flags is None and other.flags is None:
            product = self.lo * other.lo
            return Band(product, product)
        values, opened = [], []
        for x, x_open in _ends(self):
            for y, y_open in _ends(other):
                closed_zero = ((x == 0) & ~x_open) | ((y == 0) & ~y_open)
                nothing = (x == 0) | (y == 0)
                with np.errstate(invalid="ignore"):
                    values.append(np.where(nothing, 0.0, x * y))
                opened.append(np.where(closed_zero, False, x_open | y_open))
        return _hull(values, opened, (self.marks | other.marks) & REASONS)

    def __truediv__(self, other: Band) -> Band:
        if self.flags is None and other.flags is None:
            zero = other.lo == 0
            with np.errstate(divide="ignore", invalid="ignore"):
                quotient = self.lo / other.lo
            if not zero.any():
                return Band(quotient, quotient)
            return _open_where(zero, quotient)
        if self.lo.shape != other.lo.shape:
            return _quotient(self, other)
        return _patched(self, other)

    def absolute(self) -> Band:
        if self.flags is None:
            return Band.exact(np.abs(self.lo))
        negative, across = self.hi <= 0, (self.lo < 0) & (self.hi > 0)
        turned = -self
        lo = np.where(across, 0.0, np.where(negative, turned.lo, self.lo))
        hi = np.where(across, np.maximum(self.hi, -self.lo), np.where(negative, turned.hi, self.hi))
        own, other = self.has(HI_OPEN), self.has(LO_OPEN)
        hi_open = np.where(self.hi > -self.lo, own, np.where(self.hi < -self.lo, other, own & other))
        flags = np.where(across, np.where(hi_open, HI_OPEN, np.uint8(0)), np.where(negative, turned.marks, self.marks) & OPEN)
        return _tidy(lo, hi, flags.astype(np.uint8) | (self.marks & REASONS))

    def take(self, where: Any) -> Band:
        """The cells of an index."""
        lo = self.lo[where]
        return Band(lo, lo) if self.flags is None else Band(lo, self.hi[where], self.flags[where])


def choose(condition: npt.NDArray[np.bool_], a: Band, b: Band) -> Band:
    """Cells of `a` where the condition holds, else of `b`."""
    lo = np.where(condition, a.lo, b.lo)
    if a.flags is None and b.flags is None:
        return Band(lo, lo)
    return Band(lo, np.where(condition, a.hi, b.hi), np.where(condition, a.marks, b.marks))


def least(bands: Sequence[Band]) -> Band:
    """The smallest of those that apply."""
    result = bands[0]
    for other in bands[1:]:
        result = _lesser(result, other)
    return result


def greatest(bands: Sequence[Band]) -> Band:
    return -least([-band for band in bands])


def unknown(shape: tuple[int, ...]) -> Band:
    return Band(np.full(shape, -np.inf), np.full(shape, np.inf), np.full(shape, UNKNOWN, dtype=np.uint8))


def absent(shape: tuple[int, ...]) -> Band:
    return Band(np.full(shape, -np.inf), np.full(shape, np.inf), np.full(shape, ABSENT, dtype=np.uint8))


def _lesser(a: Band, b: Band) -> Band:
    if a.flags is None and b.flags is None:
        return Band.exact(np.minimum(a.lo, b.lo))
    lo_open = np.where(a.lo < b.lo, a.has(LO_OPEN), np.where(a.lo > b.lo, b.has(LO_OPEN), a.has(LO_OPEN) & b.has(LO_OPEN)))
    hi_open = np.where(a.hi < b.hi, a.has(HI_OPEN), np.where(a.hi > b.hi, b.has(HI_OPEN), a.has(HI_OPEN) | b.has(HI_OPEN)))
    flags = np.where(lo_open, LO_OPEN, 0) | np.where(hi_open, HI_OPEN, 0) | ((a.marks | b.marks) & REASONS)
    result = _tidy(np.minimum(a.lo, b.lo), np.minimum(a.hi, b.hi), flags.astype(np.uint8))
    return choose(a.has(ABSENT), b, choose(b.has(ABSENT), a, result))


def _sum(a: Doubles, b: Doubles) -> Doubles:
    """A difference of decimals that is nothing must not be a rounding error: something would be divided by it."""
    total = a + b
    with np.errstate(invalid="ignore"):
        return np.where((np.abs(total) <= np.abs(a) * EPSILON) & np.isfinite(total), 0.0, total)


def _swapped(flags: Flags) -> Flags:
    return np.asarray((flags & REASONS) | ((flags & LO_OPEN) << np.uint8(1)) | ((flags & HI_OPEN) >> np.uint8(1)))


def _tidy(lo: Doubles, hi: Doubles, flags: Flags) -> Band:
    """Infinite ends are not open, and what does not apply has no number."""
    gone = (flags & ABSENT) != 0
    lo, hi = np.where(gone, -np.inf, lo), np.where(gone, np.inf, hi)
    flags = np.where(gone, ABSENT, np.where(np.isneginf(lo), flags & ~LO_OPEN, flags))
    return Band(lo, hi, np.where(np.isposinf(hi), flags & ~HI_OPEN, flags).astype(np.uint8))


def _ends(band: Band) -> list[tuple[Doubles, npt.NDArray[np.bool_]]]:
    """Both ends with whether they are open; infinite ends always are."""
    return [(band.lo, band.has(LO_OPEN) | np.isinf(band.lo)), (band.hi, band.has(HI_OPEN) | np.isinf(band.hi))]


def _hull(values: list[Doubles], opened: list[npt.NDArray[np.bool_]], reasons: Flags) -> Band:
    corners, opens = np.stack(values), np.stack(opened)
    lo, hi = corners.min(axis=0), corners.max(axis=0)
    lo_open = np.where(corners == lo, opens, True).all(axis=0)
    hi_open = np.where(corners == hi, opens, True).all(axis=0)
    flags = reasons | np.where(lo_open, LO_OPEN, np.uint8(0)) | np.where(hi_open, HI_OPEN, np.uint8(0))
    return _tidy(lo, hi, flags.astype(np.uint8))


def _patched(a: Band, b: Band) -> Band:
    """The quotient where most numbers are points: the ends are looked at only where they are not."""
    zero = b.lo == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = a.lo / b.lo
    result = _open_where(zero, quotient)
    where = np.nonzero((a.marks | b.marks).astype(bool) | (a.lo != a.hi) | (b.lo != b.hi))
    if len(where[0]):
        some = _quotient(a.take(where), b.take(where))
        result.lo[where], result.hi[where], result.marks[where] = some.lo, some.hi, some.marks
    return result


def _open_where(zero: npt.NDArray[np.bool_], quotient: Doubles) -> Band:
    """Points, but unknown where something was divided by nothing."""
    hi = quotient.copy()
    quotient[zero], hi[zero] = -np.inf, np.inf
    return Band(quotient, hi, zero * UNKNOWN)


def _quotient(a: Band, b: Band) -> Band:
    low_in = (b.lo < 0) | ((b.lo == 0) & ~b.has(LO_OPEN))
    high_in = (b.hi > 0) | ((b.hi == 0) & ~b.has(HI_OPEN))
    impossible = low_in & high_in
    sign = np.where(b.hi > 0, 1.0, -1.0)
    values, opened = [], []
    for x, x_open in _ends(a):
        for y, y_open in _ends(b):
            with np.errstate(divide="ignore", invalid="ignore"):
                plain = x / y
            far = np.copysign(np.inf, x) * sign
            values.append(np.where(x == 0, 0.0, np.where(y == 0, far, np.where(np.isinf(y), 0.0, plain))))
            opened.append(np.where(x == 0, x_open, (y == 0) | np.isinf(y) | x_open | y_open))
    flags = (a.marks | b.marks) & REASONS
    result = _hull(values, opened, flags)
    nothing = unknown(a.lo.shape)
    return choose(impossible & ((flags & ABSENT) == 0), nothing, result)
