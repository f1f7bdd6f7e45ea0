"""A cell: what it means, and what was typed. And how a row of cells stands in the database.

`Record.data` is an object of cells by field id; a blank cell is absent. The short form is the plain value, when just that was typed:

    "pupils": "12"            exact number, a decimal in text       "kind": "辍学"   text, code, person, org
    "born": "2009-03-08"      date                                  "boarding": true  boolean

Everything else is an object: `v` the value, or `lo hi lo_open hi_open` the ends of a number, `reason` why it is not simply known,
`t` the text as typed:  {"lo": "10", "lo_open": true, "t": "10余"} · {"reason": "unknown", "t": "××"} · {"v": "33", "t": "三十三"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.kernel.quantity import Quantity, Reason
from xingtan.pack.schema.ledger import NUMERIC, Field

from .sealing import is_sealed, open_cell

Value = Quantity | str | date | bool | None
Json = Any
CLEAR = "清空"
_READ = {*NUMERIC, "date"}  # what stands in the database as text and is something else


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` of a number is a Quantity with its own reason; of anything else None exactly when `reason` is not empty."""

    value: Value
    reason: Reason = Reason.NONE
    text: str = ""

    @property
    def is_known(self) -> bool:
        return self.value.is_exact if isinstance(self.value, Quantity) else self.value is not None


def number_text(number: Decimal) -> str:
    """Digits without exponent and without needless zeros."""
    shown = format(number, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def plain_text(value: Value) -> str:
    """The spelling in which a value needs no text beside it; "" for a number that is not exact."""
    if isinstance(value, Quantity):
        return number_text(value.lo) if value.is_exact and value.lo is not None else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else value or ""


def dump(cell: Cell) -> Json:
    """The cell as JSON, in the short form where that loses nothing."""
    plain = plain_text(cell.value)
    short: Json = cell.value if isinstance(cell.value, bool) else plain
    if plain and (not cell.text or cell.text == plain):
        return short
    full: dict[str, Json] = {"v": short} if plain else {}
    if isinstance(cell.value, Quantity) and not plain:
        full = _ends(cell.value)
    if cell.reason is not Reason.NONE:
        full["reason"] = cell.reason.value
    if cell.text:
        full["t"] = cell.text
    return full


def _ends(value: Quantity) -> dict[str, Json]:
    lo, hi, lo_open, hi_open, reason = value.columns()
    shown = {"lo": None if lo is None else number_text(lo), "hi": None if hi is None else number_text(hi), "lo_open": lo_open}
    shown |= {"hi_open": hi_open, "reason": reason}
    return {name: item for name, item in shown.items() if item}


def load(field: Field, stored: Json) -> Cell | None:
    """The cell that `dump` wrote; None for a blank one."""
    if stored is None:
        return None
    if is_sealed(stored):
        stored = open_cell(field.id, stored)
    if type(stored) is str and field.type not in _READ:
        return Cell(stored)
    full = stored if isinstance(stored, dict) else {"v": stored}
    text, reason = str(full.get("t", "")), Reason(full.get("reason", ""))
    if field.type in NUMERIC:
        return Cell(quantity(full), text=text)
    if reason is not Reason.NONE:
        return Cell(None, reason, text)
    value = full.get("v")
    return Cell(date.fromisoformat(value) if field.type == "date" and isinstance(value, str) else value, text=text)


def quantity(stored: Json) -> Quantity:
    """The number of a stored cell of a numeric column."""
    full: Mapping[str, Json] = stored if isinstance(stored, dict) else {"v": stored}
    if "v" in full:
        return Quantity.exact(full["v"])
    return Quantity.from_columns(full.get("lo"), full.get("hi"), full.get("lo_open"), full.get("hi_open"), full.get("reason"))


def words(field: Field, cell: Cell | None, titles: Mapping[str, str]) -> str:
    """The cell as people read it. `titles` gives the title of a code or the name of an organisation; a blank cell is empty."""
    if cell is None:
        return ""
    value = cell.value
    if isinstance(value, Quantity):
        return _number_words(field, value)
    if value is None:
        return "不适用" if cell.reason is Reason.NOT_APPLICABLE else cell.text or "未知"
    plain = plain_text(value)
    return titles.get(plain, plain) if field.type in ("code", "org") else plain


def _number_words(field: Field, value: Quantity) -> str:
    digits = field.digits if value.is_exact else None
    if field.type == "percent":
        return (value * 100).words(None if digits is None else max(digits - 2, 0), "%", field.min, None)
    return value.words(digits, "", field.min if field.min is not None else Decimal(0), field.max)


def typed(field: Field, cell: Cell | None) -> str:
    """The text to put into a form field: what was typed, or the plain spelling."""
    if cell is None:
        return ""
    if cell.text or cell.reason is Reason.NOT_APPLICABLE:
        return cell.text or "不适用"
    return plain_text(cell.value) or words(field, cell, {})


def row_values(fields: tuple[Field, ...], data: Mapping[str, Json]) -> dict[str, Cell | None]:
    """All cells of a stored row by field id."""
    return {field.id: load(field, data.get(field.id)) for field in fields}
