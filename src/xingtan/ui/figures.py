"""How numbers and their standing are shown: words of the field, tabular figures, lights of shape, colour and word."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.quantity import Quantity
from xingtan.ui.text import render

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Light:
    """`tone` is a class of the style sheet: met, near, miss, none."""

    tone: str
    shape: str
    word: Label


LIGHTS: dict[str, Light] = {
    "met": Light("met", "▲", _("达标")),
    "near": Light("near", "◆", _("临界")),
    "miss": Light("miss", "▼", _("未达")),
    "none": Light("none", "○", _("未知")),
}
# The standing of a figure (engine Status). A known figure needs no mark.
STANDINGS: dict[str, Light] = {
    "known": Light("", "", ""),
    "partial": Light("none", "○", _("部分")),
    "doubtful": Light("near", "◆", _("存疑")),
    "unknown": Light("none", "○", _("未知")),
    "stale": Light("none", "○", _("更新中")),
}


def light(state: Any, word: Label = "") -> Light:
    """Return a light by its name, or by the name of a figure's standing; a name nobody knows is "unknown", never green."""
    name = str(state)
    found = LIGHTS.get(name) or STANDINGS.get(name) or LIGHTS["none"]
    return Light(found.tone, found.shape, word) if word else found


def number(value: Any, digits: int | None = None) -> str:
    """Return a number with thousands separators, rounded half-up; "—" for None; a quantity in the words of the field.

    A text that is no number is returned as it stands.
    """
    if value is None or value == "":
        return "—"
    if isinstance(value, Quantity):
        return quantity(value, digits)
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return "—"
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:,f}"


def quantity(value: Quantity, digits: int | None = None, unit: str = "") -> str:
    """Return a quantity in the reader's language; an exact one with thousands separators."""
    point = value.value
    if point is not None and value.is_exact:
        return f"{number(point, digits)}{unit}"
    return render(value.text(digits, unit))
