"""zh-Hant documents: OpenCC `s2t` (Mainland terms kept), proper names protected.

A converter guesses by phrase; in a name the guess is often wrong (范 is a surname, not a 範). Names are converted character by character,
and a character that has several traditional forms keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from xingtan.press.document import Block, Document, Heading, Paragraph, Picture, Run, Table
from xingtan.ui.hant import traditional

# Simplified characters that stand for several traditional ones, of which the simplified form itself is one.
SEVERAL = frozenset(
    "范后里于余丑几干云面只制志松谷郁并佣板表别卜才冲出当斗发复杆姜借卷克困累历么蒙弥蔑千秋曲舍沈台涂咸叶征致朱筑准采岳仆价伙向周回"
    "家尽巨帘幸广庄徊念恶愿我扎托折据择摆斤朴术杯极柜栗梁棱欲欺沈泛洒游漓炼熏爷獾症的皂确祢秆种稚签系纤罗胡胜脏致舌苏荐获虫蜡表制谥谣赞踪适郁酸里鉴雕霉须饥鱼"
)


@lru_cache(maxsize=4096)
def name(text: str) -> str:
    """A proper name in traditional characters; doubtful characters stay as they are."""
    return "".join(char if char in SEVERAL else traditional(char) for char in text)


class Converter:
    """Converts texts; the names given are protected wherever they stand."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        known = sorted({one for one in names if len(one) > 1}, key=len, reverse=True)
        self._names = re.compile("|".join(re.escape(one) for one in known)) if known else None

    def text(self, text: str) -> str:
        """Convert one text."""
        if not text:
            return text
        if self._names is None:
            return traditional(text)
        kept: list[str] = []

        def hold(match: re.Match[str]) -> str:
            kept.append(name(match[0]))
            return f"\ue010{len(kept) - 1}\ue011"

        converted = traditional(self._names.sub(hold, text))
        return re.sub("\ue010(\\d+)\ue011", lambda match: kept[int(match[1])], converted)

    def runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(replace(run, text=self.text(run.text), note=self.text(run.note)) for run in runs)

    def block(self, block: Block) -> Block:
        if isinstance(block, Heading):
            return Heading(block.level, self.runs(block.runs), self.text(block.label))
        if isinstance(block, Paragraph):
            return Paragraph(self.runs(block.runs), block.item)
        if isinstance(block, Table):
            rows = tuple(tuple(self.runs(cell) for cell in row) for row in block.rows)
            return Table(tuple(self.runs(cell) for cell in block.head), rows, block.align, self.text(block.caption))
        return Picture(block.svg, self.text(block.alt), block.width_mm)

    def document(self, document: Document) -> Document:
        """Convert a whole document."""
        words = ("title", "issuer", "number", "addressee", "date", "printed_by", "notes_title", "footer", "draft", "author")
        changed: dict[str, Any] = {word: self.text(getattr(document, word)) for word in words}
        return replace(
            document,
            language="zh-Hant",
            blocks=tuple(self.block(block) for block in document.blocks),
            copy_to=tuple(self.text(one) for one in document.copy_to),
            notes=tuple(self.runs(note) for note in document.notes),
            labels={key: self.text(value) for key, value in document.labels.items()},
            **changed,
        )
