"""Read what a clerk writes in a cell of numbers: 10余, 三十多, 近500, 不足30人, 96%以上, 1.08万元, ××, 缺, 不适用, 10至20.

A word that bounds a number includes it as the Civil Code does: 以上、以下、以内 include, 不足、超过、突破 do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from xingtan.kernel import units
from xingtan.kernel.cardinals import DIGITS, NUMBER_CHARS, SMALL, Cardinal, cardinal
from xingtan.kernel.quantity import Quantity, Reason

Mark = Literal["about", ">", "≥", "<", "≤"]

LONGEST = 60  # characters; more is a sentence, not a number
UNKNOWN = frozenset(
    "缺 未知 不详 不明 未统计 无法统计 待统计 待补 待定 待查 暂缺 空缺 缺失 缺报 未报 漏报 若干 … …… ... ? ?? — —— - -- / unknown".split()  # noqa: SIM905
)
NOT_APPLICABLE = frozenset(("不适用", "不涉及", "无此项", "n/a", "na"))
MASK = "×✕xX*#?□█"

PREFIXES: dict[str, Mark | None] = {
    **dict.fromkeys(("约为", "大约", "约有", "约", "近", "将近", "接近", "大概", "大致", "~", "≈"), "about"),
    **dict.fromkeys(("不足", "不到", "未满", "不满", "少于", "低于", "小于", "未达到", "未达", "未突破", "<"), "<"),
    **dict.fromkeys(("不超过", "不高于", "不多于", "不大于", "至多", "最多", "最高", "未超过", "<=", "≤", "≦"), "≤"),
    **dict.fromkeys(("至少", "最少", "最低", "不少于", "不低于", "不小于", "不下", "不下于", "起码", "上", ">=", "≥", "≧"), "≥"),
    **dict.fromkeys(("突破", "超过", "超出", "超", "逾", "多于", "大于", "高于", ">"), ">"),
    **dict.fromkeys(("达到", "达", "共计", "共有", "共", "合计", "总计", "计", "为", "￥", "¥", "人民币"), None),
}
SUFFIXES: dict[str, Mark] = {
    **dict.fromkeys(("左右", "上下", "许"), "about"),
    **dict.fromkeys(("以内", "之内", "以下", "及以下", "封顶"), "≤"),
    **dict.fromkeys(("以上", "及以上", "或以上", "之上", "起", "+"), "≥"),
    **dict.fromkeys(("余", "多", "以外"), ">"),
}
_PREFIX = re.compile("|".join(sorted(map(re.escape, PREFIXES), key=len, reverse=True)))
_SUFFIX = re.compile(f"({'|'.join(sorted(map(re.escape, SUFFIXES), key=len, reverse=True))})$")
_NUMBER = rf"(?:\d(?:\.\d+)?[eE][+-]?\d{{1,2}}|[{NUMBER_CHARS}]+)"
_ITEM = re.compile(rf"(?P<sign>[-−负+]?)(?P<number>{_NUMBER})(?P<more>[余多来]?)(?P<scale>[十百千万亿]*)(?P<unit>.*)", re.ASCII)
_MASKED = re.compile(rf"[-+]?(?=[\d.,]*[{re.escape(MASK)}])[\d.,{re.escape(MASK)}○]+(?P<scale>[十百千万亿]*)(?P<unit>.*)", re.ASCII)
_ROUGH = re.compile(rf"(?P<head>[{NUMBER_CHARS}]*)几(?P<scale>[十百千万亿]*)(?P<unit>.*)", re.ASCII)
_SEVERAL = re.compile(r"[数几](?P<scale>[十百千万亿]+)(?P<unit>.*)")
_ADJACENT = re.compile(rf"(?P<head>十?)(?P<pair>[{''.join(DIGITS)}]{{2}})(?P<scale>[十百千万亿]*)(?P<unit>.*)")
_RANGE = re.compile(r"(?P<lo>.+?)(?:至|到|——|[~～—–-])(?P<hi>.+)")
_UNKNOWN_WITHIN = re.compile(r"未知\((?P<bounds>.+)\)")
_CENT = rf"[\d{''.join(DIGITS)}]"
_MONEY = re.compile(rf"(?P<yuan>{_NUMBER})[元块圆](?:(?P<jiao>{_CENT})角)?(?:零?(?P<fen>{_CENT})分)?[整正]?", re.ASCII)
_SHARES = (("百分之", "%"), ("千分之", "‰"))
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: ord("-")}


@dataclass(frozen=True, slots=True)
class _Item:
    """One number of a cell: its value (None: masked), the 万 or 亿 it ended with, its unit and what bounds it."""

    value: Decimal | None
    scale: int = 1
    unit: str = ""
    marks: frozenset[Mark] = frozenset()


def parse_quantity(text: str, unit: str = "") -> Quantity | None:
    """Read a cell. `unit` is the unit the column is kept in; a number with another unit is converted, or refused.

    A blank or masked number is unknown. A percentage is read in hundredths (3% → 3). None: the text is not a number.
    """
    said = _normal(text)
    if not said or said.lower() in UNKNOWN:
        return Quantity.unknown()
    if said.lower() in NOT_APPLICABLE:
        return Quantity.not_applicable()
    if len(said) > LONGEST:
        return None
    if match := _UNKNOWN_WITHIN.fullmatch(said):
        inner = _quantity(match["bounds"], unit)
        return inner if inner is None else replace(inner, reason=Reason.UNKNOWN)
    return _quantity(said, unit)


def _normal(text: str) -> str:
    """Full-width letters and digits become plain; spaces go, except between digits, where they would join two numbers."""
    plain = text.translate(_FULL_WIDTH).strip()
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", plain)


def _quantity(said: str, unit: str) -> Quantity | None:
    for read in (_special, _single, _between):
        if (result := read(said, unit)) is not None:
            return result
    return None


def _single(said: str, unit: str) -> Quantity | None:
    item = _item(said)
    if item is None:
        return None
    if item.value is None:
        allowed = not item.unit or units.converted(Decimal(1), 1, item.unit, unit) is not None
        return Quantity.unknown() if allowed else None
    value = units.converted(item.value, item.scale, item.unit, unit)
    return None if value is None else _bounded(value, item.marks)


def _bounded(value: Decimal, marks: frozenset[Mark]) -> Quantity | None:
    bounds = marks - {"about"}
    if len(bounds) > 1:
        return None
    make = {">": Quantity.more_than, "≥": Quantity.at_least, "<": Quantity.less_than, "≤": Quantity.at_most}
    quantity = make[next(iter(bounds))](value) if bounds else Quantity.exact(value)
    return replace(quantity, reason=Reason.APPROXIMATE) if "about" in marks else quantity


def _item(said: str) -> _Item | None:
    """A number with everything before and behind it."""
    body, marks = _stripped(said)
    share = next((unit for word, unit in _SHARES if body.startswith(word)), "")
    body = body[3:] if share else body
    item = _masked(body) or _money(body) or _plain(body)
    if item is None or (share and item.unit):
        return None
    return replace(item, unit=share or item.unit, marks=item.marks | marks)


def _stripped(said: str) -> tuple[str, frozenset[Mark]]:
    marks: set[Mark] = set()
    while match := _PREFIX.match(said):
        mark = PREFIXES[match[0]]
        if mark is not None:
            marks.add(mark)
        said = said[match.end() :]
    while match := _SUFFIX.search(said):
        marks.add(SUFFIXES[match[0]])
        said = said[: match.start()]
    return said, frozenset(marks)


def _plain(body: str) -> _Item | None:
    match = _ITEM.fullmatch(body)
    number = cardinal(match["number"] + match["scale"]) if match else None
    if match is None or number is None or (match["scale"] and not match["more"]):
        return None
    value = -number.value if match["sign"] in ("-", "−", "负") else number.value
    marks: dict[str, Mark] = {"余": ">", "多": ">", "来": "about"}
    return _Item(value, number.scale, match["unit"], frozenset({marks[match["more"]]}) if match["more"] else frozenset())


def _masked(body: str) -> _Item | None:
    match = _MASKED.fullmatch(body)
    return None if match is None else _Item(None, unit=match["unit"])


def _money(body: str) -> _Item | None:
    """3元5角, 壹佰元整."""
    match = _MONEY.fullmatch(body)
    yuan = cardinal(match["yuan"]) if match else None
    if match is None or yuan is None:
        return None
    small = [Decimal(DIGITS.get(match[part], match[part])) if match[part] else Decimal(0) for part in ("jiao", "fen")]
    value = yuan.value + small[0] / 10 + small[1] / 100
    return _Item(value, yuan.scale, "元")


def _special(said: str, unit: str) -> Quantity | None:
    """十几, 数百, 七八十: an interval in a word."""
    body, marks = _stripped(said)
    found = _several(body) or _rough(body) or _adjacent(body)
    if found is None or marks - {"about"}:
        return None
    lo, hi = (units.converted(end * found.factor.value, found.factor.scale, found.unit, unit) for end in (found.lo, found.hi))
    if lo is None or hi is None:
        return None
    quantity = Quantity.between(lo, hi, lo_open=found.open, hi_open=found.open)
    return replace(quantity, reason=Reason.APPROXIMATE) if "about" in marks else quantity


@dataclass(frozen=True, slots=True)
class _Vague:
    lo: Decimal
    hi: Decimal
    factor: Cardinal
    unit: str
    open: bool


def _several(body: str) -> _Vague | None:
    match = _SEVERAL.fullmatch(body)
    factor = cardinal(match["scale"]) if match else None
    return None if match is None or factor is None else _Vague(Decimal(1), Decimal(10), factor, match["unit"], open=True)


def _rough(body: str) -> _Vague | None:
    """十几 lies between ten and twenty: in the last place that the number states."""
    match = _ROUGH.fullmatch(body)
    head, factor = (cardinal(match["head"]), _factor(match["scale"])) if match else (None, None)
    if match is None or head is None or factor is None or not head.value or head.value % 10:
        return None
    digits = str(int(head.value))
    place = Decimal(10) ** (len(digits) - len(digits.rstrip("0")))
    return _Vague(head.value, head.value + place, factor, match["unit"], open=True)


def _adjacent(body: str) -> _Vague | None:
    """七八十 is seventy to eighty, 十五六 fifteen to sixteen, 三四百 three to four hundred."""
    match = _ADJACENT.fullmatch(body)
    factor = _factor(match["scale"]) if match else None
    if match is None or factor is None:
        return None
    first, second = (DIGITS[char] for char in match["pair"])
    ten = SMALL["十"] if match["head"] else 0
    return _Vague(Decimal(ten + first), Decimal(ten + second), factor, match["unit"], open=False) if 0 < first == second - 1 else None


def _factor(scale: str) -> Cardinal | None:
    return cardinal(scale) if scale else Cardinal(Decimal(1))


def _between(said: str, unit: str) -> Quantity | None:
    match = _RANGE.fullmatch(said)
    left, right = (_item(match["lo"]), _item(match["hi"])) if match else (None, None)
    if left is None or right is None or left.value is None or right.value is None:
        return None
    if not left.marks <= {"about", ">"} or not right.marks <= {"about", "<", "≤"}:
        return None
    left = _inheriting(left, right)
    lo, hi = (units.converted(item.value or Decimal(0), item.scale, item.unit, unit) for item in (left, right))
    if lo is None or hi is None or lo > hi or (lo == hi and (">" in left.marks or "<" in right.marks)):
        return None
    quantity = Quantity.between(lo, hi, lo_open=">" in left.marks, hi_open="<" in right.marks)
    return replace(quantity, reason=Reason.APPROXIMATE) if "about" in left.marks | right.marks else quantity


def _inheriting(left: _Item, right: _Item) -> _Item:
    """3至5万元 is 3万 to 5万: the first number takes the unit, and the 万 where the order allows it."""
    if left.unit or left.value is None or right.value is None:
        return left
    scaled = left.value * right.scale
    fits = left.scale == 1 and scaled <= right.value
    return replace(left, unit=right.unit, value=scaled if fits else left.value, scale=right.scale if fits else left.scale)
