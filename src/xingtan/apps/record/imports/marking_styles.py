"""The styles part of an xlsx, so far as marking cells needs it: another fill on a cell that keeps its font, border and number format.

The part is edited as text. Parsing and writing it anew would lose the name spaces that spreadsheets declare as ignorable.
"""

from __future__ import annotations

import re

ERROR, MILD = "FFF8D9D6", "FFFBECD2"  # the fills of what must and what might be mended
_REASON = '<font><sz val="10"/><color rgb="FFB23A33"/></font>'
_XF = re.compile(r"<xf\b[^>]*?(?:/>|>.*?</xf>)", re.DOTALL)
_FILL = re.compile(r"<fill\b[^>]*?(?:/>|>.*?</fill>)", re.DOTALL)
_FONT = re.compile(r"<font\b[^>]*?(?:/>|>.*?</font>)", re.DOTALL)


class UnusualError(Exception):
    """The part is written in a way that is not edited here; the copy is written anew instead."""


class Styles:
    """`marked(style, colour)` gives the number of a style like another one but filled; `text()` is the part with all of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._fills, self._fonts, self._xfs = (
            self._list("fills", _FILL),
            self._list("fonts", _FONT),
            self._list("cellXfs", _XF),
        )
        ours = {n for n, fill in enumerate(self._fills) if ERROR in fill or MILD in fill}
        self._stale = {n for n, xf in enumerate(self._xfs) if _number(xf, "fillId") in ours}
        self._known: dict[tuple[int, str], int] = {}
        self._filled: dict[str, int] = {}

    def _list(self, name: str, item: re.Pattern[str]) -> list[str]:
        match = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", self._text, re.DOTALL)
        if match is None:
            raise UnusualError(name)
        return item.findall(match[1])

    @property
    def stale(self) -> frozenset[int]:
        """Styles that an earlier marking gave: a mended copy comes back with them."""
        return frozenset(self._stale)

    def marked(self, style: int, colour: str) -> int:
        """A style like `style`, filled with a colour; "" takes our fill away."""
        if style >= len(self._xfs):
            raise UnusualError("style")
        key = (style, colour)
        if key not in self._known:
            self._known[key] = len(self._xfs)
            self._xfs.append(_with(self._xfs[style], "fillId", self._fill(colour)))
        return self._known[key]

    def reason(self) -> int:
        """The style of a cell with reasons: small, red, wrapped."""
        if (-1, "") not in self._known:
            self._fonts.append(_REASON)
            self._known[-1, ""] = len(self._xfs)
            self._xfs.append(
                f'<xf numFmtId="0" fontId="{len(self._fonts) - 1}" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
                '<alignment vertical="top" wrapText="1"/></xf>'
            )
        return self._known[-1, ""]

    def _fill(self, colour: str) -> int:
        if not colour:
            return 0
        if colour not in self._filled:
            self._filled[colour] = len(self._fills)
            self._fills.append(f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>')
        return self._filled[colour]

    def text(self) -> str:
        """The whole part."""
        text = self._text
        for name, items in (("fonts", self._fonts), ("fills", self._fills), ("cellXfs", self._xfs)):
            match = re.search(rf"<{name}\b[^>]*>.*?</{name}>", text, re.DOTALL)
            assert match is not None
            text = f'{text[: match.start()]}<{name} count="{len(items)}">{"".join(items)}</{name}>{text[match.end() :]}'
        return text


def _number(element: str, attribute: str) -> int:
    match = re.search(rf'\b{attribute}="(\d+)"', element)
    return int(match[1]) if match else 0


def _with(xf: str, attribute: str, value: int) -> str:
    """The element with one attribute set, and said to be applied."""
    head = re.match(r"<xf\b[^>]*?(?=/?>)", xf)
    assert head is not None
    plain = re.sub(rf'\s(?:{attribute}|applyFill)="[^"]*"', "", head[0])
    return f'{plain} {attribute}="{value}" applyFill="1"' + xf[head.end() :]
