"""Cell text ↔ typed value, by field. One cell at a time; imports call it for what their fast lane does not understand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xingtan.kernel.issues import Severity
from xingtan.kernel.numerals import parse_quantity
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity, Reason
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.ledger import NUMERIC, Field

from .books import Miss
from .cells import CLEAR, Cell, number_text, plain_text
from .shape import Shape
from .times import read_date

LONGEST_TEXT, LONGEST_NAME, MOST_DIGITS = 2000, 200, 28
MASK = re.compile(r"[×✕XxＸｘ＊*□]{2,}|[×✕＊□]")
_ONLY_MASK = re.compile(r"[×✕XxＸｘ＊*□?？…]+|缺|不详|未知|不明")
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?[eE]\+\d+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_APPLICABLE = frozenset({"不适用", "n/a", "N/A"})
_YES = frozenset({"是", "√", "✓", "✔", "有", "对", "y", "yes", "true", "1", "1.0"})
_NO = frozenset({"否", "×", "✕", "无", "没有", "错", "n", "no", "false", "0", "0.0"})
PERCENT = frozenset("%％‰")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, and the remedy."""

    code: str
    message: Text
    hint: Text | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell came to: a cell (None for a blank), faults, and for a date without a day the period it names."""

    cell: Cell | None = None
    faults: tuple[Fault, ...] = ()
    period: Period | None = None
    clears: bool = False


BLANK = Read()


def _fault(code: str, message: Text, hint: Text | None = None) -> Read:
    return Read(faults=(Fault(code, message, hint),))


class Reader:
    """Reads the cells of one ledger. `scale` is what a heading such as “投入（万元）” multiplies its numbers with."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._by_type: dict[str, Callable[[Field, str, Decimal], Read]] = dict.fromkeys(NUMERIC, self._number)
        self._by_type |= {"date": self._date, "boolean": self._boolean, "code": self._code, "org": self._org}

    def read(self, field: Field, text: str, scale: Decimal = Decimal(1)) -> Read:
        """Understand one cell. Never raises; blank text gives `BLANK`."""
        text = text.strip().strip("\u3000\ufeff")
        if not text:
            return BLANK
        if text == CLEAR:
            return Read(clears=True)
        if _CONTROL.search(text):
            return _fault("cell.control", T("含有看不见的控制字符"), T("请把该单元格的内容重新键入一遍"))
        return self._by_type.get(field.type, self._text)(field, text, scale)

    def _text(self, field: Field, text: str, _scale: Decimal) -> Read:
        longest = LONGEST_NAME if field.type == "person" or field.id in self.shape.ledger.key else LONGEST_TEXT
        if len(text) > longest:
            message = T("有 %(length)s 个字，“%(field)s”最多 %(longest)s 个字", length=len(text), field=field.title, longest=longest)
            return _fault("cell.long", message, T("请缩短，或把多出的内容移到备注栏"))
        if _LOST_DIGITS.fullmatch(text):
            return _fault("cell.lost_digits", T("号码被表格软件改成了科学计数，后几位已丢失"), T("把该列设为“文本”后重填完整号码"))
        return _plain(text) or Read(Cell(text))

    def _number(self, field: Field, text: str, scale: Decimal) -> Read:
        found = _plain_number(text) or _spoken_number(field, text)
        if found is None:
            hint = T("可填数字，也可填“10余”“不足500”“约38”“三十多”“××”（缺失）“不适用”")
            return _fault("cell.number", T("“%(text)s”不是数", text=_short(text), field=field.title), hint)
        if len(str(found.lo or found.hi or 0)) > MOST_DIGITS:
            return _fault("cell.digits", T("数字位数太多"), T("请核对；号码一类的内容应放在文字栏"))
        value = found if scale == 1 or PERCENT & set(text) else found * scale
        faults = _range_faults(field, text, value)
        return Read(Cell(value.narrow(field.min, field.max), text=_kept(text, value)), faults)

    def _date(self, field: Field, text: str, _scale: Decimal) -> Read:
        if plain := _plain(text):
            return plain
        found = read_date(text)
        if found is None:
            return _fault("cell.date", T("“%(text)s”不是日期", text=_short(text)), T("请写成 2009-03-08 或 2009年3月8日"))
        if isinstance(found, Period):
            return Read(Cell(None, Reason.UNKNOWN, text), period=found)
        return Read(Cell(found, text="" if text.startswith(found.isoformat()) else text))

    def _boolean(self, field: Field, text: str, _scale: Decimal) -> Read:
        word = text.casefold()
        if word in _YES or word in _NO:
            value = word in _YES
            return Read(Cell(value, text="" if word in ("true", "false", plain_text(value)) else text))
        return _plain(text) or _fault("cell.boolean", T("“%(text)s”不是“是”或“否”", text=_short(text)), T("请填“是”或“否”，也可打“√”“×”"))

    def _code(self, field: Field, text: str, _scale: Decimal) -> Read:
        book = self.shape.codes[field.id]
        found = book.find(text)
        if isinstance(found, Miss):
            return _plain(text) or Read(faults=(Fault(found.code, found.message, found.hint),))
        return Read(Cell(found, text="" if text == found else text))

    def _org(self, field: Field, text: str, _scale: Decimal) -> Read:
        found = self.shape.orgs.find(text)
        if isinstance(found, Miss):
            return _plain(text) or Read(faults=(Fault(found.code, found.message, found.hint),))
        code = self.shape.orgs.codes[found]
        return Read(Cell(code, text="" if text in (code, self.shape.orgs.titles[code]) else text))


def _plain(text: str) -> Read | None:
    """不适用 and masks mean the same in every column."""
    if text in _NOT_APPLICABLE:
        return Read(Cell(None, Reason.NOT_APPLICABLE, "" if text == "不适用" else text))
    return Read(Cell(None, Reason.UNKNOWN, text)) if _ONLY_MASK.fullmatch(text) else None


def _plain_number(text: str) -> Quantity | None:
    """Numbers as spreadsheets store them, 1e-07 included; the field's words are left to the kernel."""
    if not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d{1,2})?", text, re.ASCII):
        return None
    return Quantity.exact(text)


def _spoken_number(field: Field, text: str) -> Quantity | None:
    """Numbers in words. Percent columns keep fractions: 3% is 0.03."""
    if field.type == "percent":
        shares = bool(PERCENT & set(text)) or "分之" in text or "成" in text
        found = parse_quantity(text, "%" if shares else "")
        return found / 100 if found is not None and shares else found
    return parse_quantity(text, field.unit or ("元" if field.type == "money" else ""))


def _kept(text: str, value: Quantity) -> str:
    return "" if value.is_exact and value.lo is not None and text == number_text(value.lo) else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _range_faults(field: Field, text: str, value: Quantity) -> tuple[Fault, ...]:
    """Numbers out of the declared range; a rate over 100 % that may have lost its percent sign; half persons."""
    faults = []
    if field.type == "percent" and not PERCENT & set(text) and value.compare(">", field.max if field.max is not None else 1) is True:
        message = T("比率“%(text)s”没有写百分号，会被当成 %(words)s", text=text, words=(value * 100).words(None, "%"))
        return (Fault("cell.percent", message, T("请写成 3% 或 0.03")),)
    if field.min is not None and value.compare("<", field.min) is True:
        faults.append(Fault("cell.min", T("小于下限 %(limit)s", limit=number_text(field.min)), T("请核对“%(field)s”", field=field.title)))
    if field.max is not None and value.compare(">", field.max) is True:
        faults.append(Fault("cell.max", T("大于上限 %(limit)s", limit=number_text(field.max)), T("请核对“%(field)s”", field=field.title)))
    whole = value.lo is None or value.lo == value.lo.to_integral_value()
    if field.digits == 0 and field.type != "percent" and value.is_exact and not whole:
        faults.append(Fault("cell.decimals", T("应为整数"), T("请填整数；折算数请填在带小数的栏里")))
    return tuple(faults)


def is_masked(cell: Cell | None) -> bool:
    """Whether a cell cannot tell rows apart: blank, unknown, not exact, or a word with masked characters."""
    if cell is None or not cell.is_known:
        return cell is None or cell.reason is not Reason.NOT_APPLICABLE
    return isinstance(cell.value, str) and MASK.search(cell.value) is not None


def day_of(cell: Cell | None) -> date | None:
    return cell.value if cell and isinstance(cell.value, date) else None
