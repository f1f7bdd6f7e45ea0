"""Numbers as written: 1,234.5 · 三千零三十二 · 两万五 · 1.08万 · 12万3千 · 壹佰贰拾 · 二〇〇九. One number, bare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGIT_SIGNS = ("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {sign: value for value, signs in enumerate(_DIGIT_SIGNS) for sign in signs}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
TENS = {"廿": "二十", "卅": "三十"}
NUMBER_CHARS = "0-9.," + "".join(DIGITS) + "".join(SMALL) + "".join(LARGE) + "".join(TENS) + "点"

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_ZERO, _DIGIT = "[零〇○]", f"[{''.join(DIGITS)}]"
_TOKEN = re.compile(
    rf"(?P<arabic>{_ARABIC})|(?P<zero>{_ZERO})|(?P<digit>{_DIGIT})|(?P<small>[{''.join(SMALL)}])|(?P<large>[{''.join(LARGE)}])", re.ASCII
)
_POSITIONAL = re.compile(rf"{_DIGIT}{{3,}}|{_DIGIT}*{_ZERO}{_DIGIT}*")
_POINT = re.compile(rf"(?P<whole>.+)点(?P<decimals>{_DIGIT}+)(?P<scale>[{''.join(LARGE)}]*)")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
LONGEST = 40  # characters; a longer number is no number that a county holds


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A value, and the 万 or 亿 that the writing ends with (1 if none): it decides what “3万” means in a column kept in 万元."""

    value: Decimal
    scale: int = 1


def cardinal(text: str) -> Cardinal | None:
    """Read one number; None if the text is not wholly one."""
    if not text or len(text) > LONGEST:
        return None
    if _EXPONENT.fullmatch(text):
        return Cardinal(Decimal(format(Decimal(text), "f")))
    for short, long in TENS.items():
        text = text.replace(short, long)
    if match := _POINT.fullmatch(text):
        return _with_point(match)
    if _POSITIONAL.fullmatch(text):
        return Cardinal(Decimal("".join(str(DIGITS[char]) for char in text)))
    return _evaluated(text)


def _with_point(match: re.Match[str]) -> Cardinal | None:
    """三点五 and 三点五万."""
    whole = cardinal(match["whole"])
    scale = _product(match["scale"])
    if whole is None or whole.scale != 1:
        return None
    decimals = "".join(str(DIGITS[char]) for char in match["decimals"])
    return Cardinal((whole.value + Decimal(f"0.{decimals}")) * scale, scale)


@dataclass(slots=True)
class _Sum:
    """The running state: closed sections (above 万), the open section, the waiting coefficient, and what the next place may be."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    coefficient: Decimal | None = None
    place: int = 10**4  # places within a section must fall: 千 before 百
    large: int = 10**16
    last: int = 1  # the place just closed, for 一百五 = 150
    zero: bool = False

    def number(self, value: Decimal) -> bool:
        if self.coefficient is not None:
            return False
        self.coefficient = value
        return True

    def small(self, place: int) -> bool:
        if place >= self.place or (self.coefficient is None and self.section and not (place == 10 and self.zero)):
            return False
        self.section += (Decimal(1) if self.coefficient is None else self.coefficient) * place
        self.coefficient, self.place, self.last, self.zero = None, place, place, False
        return True

    def big(self, place: int) -> bool:
        stated = self.coefficient is not None or self.section > 0
        if self.coefficient is not None:
            self.section += self.coefficient
        elif not self.section and not self.total:
            self.section, stated = Decimal(1), True  # 万人 without a number before it: 10000
        if place >= self.large or not stated:
            return False
        self.total += self.section * place
        self.section, self.coefficient, self.place, self.large, self.last, self.zero = Decimal(0), None, 10**4, place, place, False
        return True

    def nought(self) -> bool:
        if self.coefficient is not None or self.zero:
            return False
        self.zero = True
        return True

    def result(self) -> Decimal:
        if self.coefficient is None:
            return self.total + self.section
        short = self.last > 10 and not self.zero and self.coefficient < 10 and self.coefficient == self.coefficient.to_integral_value()
        return self.total + self.section + self.coefficient * (self.last // 10 if short else 1)


def _evaluated(text: str) -> Cardinal | None:
    state, position, scale = _Sum(), 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or not _take(state, match):
            return None
        scale = scale * LARGE[match[0]] if match.lastgroup == "large" else 1
        position = match.end()
    ended_in_zero = state.zero and state.coefficient is None
    return None if ended_in_zero else Cardinal(state.result(), scale)


def _take(state: _Sum, match: re.Match[str]) -> bool:
    token = match[0]
    match match.lastgroup:
        case "arabic":
            return state.number(Decimal(token.replace(",", "")))
        case "zero":
            return state.nought()
        case "digit":
            return state.number(Decimal(DIGITS[token]))
        case "small":
            return state.small(SMALL[token])
        case _:
            return state.big(LARGE[token])


def _product(scales: str) -> int:
    result = 1
    for char in scales:
        result *= LARGE[char]
    return result
