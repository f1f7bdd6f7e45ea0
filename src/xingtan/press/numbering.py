"""Heading numbers of official documents: 一、 （一） 1. （1） (GB/T 9704—2012, 7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .document import Block, Heading

DIGITS = "零一二三四五六七八九"
# A number somebody typed in front of a heading. It is dropped: the order of the document decides, so numbers never jump or repeat.
TYPED = re.compile(r"^\s*(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]、?|\d{1,3}[.．、](?!\d)|[（(]\d{1,3}[）)])\s*")


def chinese(number: int) -> str:
    """1–9999 in Chinese numerals as headings write them: 十二, 二十, 一百零三."""
    if not 0 < number < 10_000:
        raise ValueError(f"no heading number: {number}")
    text, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if zero else "") + DIGITS[digit] + unit
        zero = digit == 0 and bool(text)
    return text[1:] if text.startswith("一十") else text


def label(level: int, number: int) -> str:
    """The printed number of a heading."""
    if level == 1:
        return f"{chinese(number)}、"
    if level == 2:
        return f"（{chinese(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def untyped(text: str) -> str:
    """A heading without a number somebody typed in front of it."""
    return TYPED.sub("", text, count=1)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with every heading's label filled in; a higher heading starts the lower ones again."""
    counts, found = [0, 0, 0, 0], list[Block]()
    for block in blocks:
        if isinstance(block, Heading):
            level = min(max(block.level, 1), 4)
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            found.append(Heading(level, block.runs, label(level, counts[level - 1])))
        else:
            found.append(block)
    return tuple(found)
