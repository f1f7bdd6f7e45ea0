"""The Markdown that reports are written in, read into blocks.

Headings ``#`` to ``####`` (一、 to （1）), paragraphs, ``- `` and ``1. `` items, tables with ``|``, ``**bold**``. Anything else is text:
what a clerk typed is never lost and never becomes markup of its own. Figures enter as tokens (two private characters around a number),
and texts from data by `literal`, so that neither can be taken for markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .document import Align, Block, Heading, Paragraph, Run, Table
from .numbering import numbered, untyped

OPEN, CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{OPEN}(\\d+){CLOSE}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"^(#{1,4})\s+(.*)$")
_ITEM = re.compile(r"^\s*(?:([-*])|(\d{1,3})[.)])\s+(.*)$")
_RULE = re.compile(r"^\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?$")


# Characters that mean something to us, each with the private one that stands for it in a text that is only to be read.
_MARKS = "*#|-_.)(（）、．:：`[]<>\\"
_SHIELD = {ord(mark): chr(0xE100 + n) for n, mark in enumerate(_MARKS)}
_UNSHIELD = {ord(shielded): mark for mark, shielded in zip(_MARKS, _SHIELD.values(), strict=True)}
_PRIVATE = re.compile("[\ue000-\ue0ff\ue100-\ue1ff]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


def literal(text: str) -> str:
    """A text that comes from data (the name of an organisation, a parameter): printed as it stands, whatever it looks like."""
    return _BLANK.sub(" ", _PRIVATE.sub("\ufffd", text)).strip().translate(_SHIELD)


def token(index: int) -> str:
    """The text that stands for the figure of that index until the document is built."""
    return f"{OPEN}{index}{CLOSE}"


def parse(text: str, figures: Sequence[Run] = ()) -> tuple[Block, ...]:
    """Read Markdown into numbered blocks. `figures[i]` replaces the token of index i. Raises IndexError for a token without figure."""
    blocks: list[Block] = []
    for lines in _chunks(text):
        if heading := _HEADING.match(lines[0]):
            blocks.append(Heading(len(heading[1]), runs(untyped(heading[2].rstrip(" #")), figures)))
        elif len(lines) > 1 and "|" in lines[0] and _RULE.match(lines[1].strip()):
            blocks.append(_table(lines, figures))
        elif item := _ITEM.match(lines[0]):
            label = f"{item[2]}." if item[2] else "·"
            blocks.append(Paragraph(runs(_joined([item[3], *lines[1:]]), figures), label))
        else:
            blocks.append(Paragraph(runs(_joined(lines), figures)))
    return numbered(blocks)


def runs(text: str, figures: Sequence[Run] = ()) -> tuple[Run, ...]:
    """Inline text as runs: bold parts, figures, plain text."""
    found: list[Run] = []
    at = 0
    for bold in _BOLD.finditer(text):
        found += _plain(text[at : bold.start()], figures, False) + _plain(bold[1], figures, True)
        at = bold.end()
    return tuple(found + _plain(text[at:], figures, False))


def _plain(text: str, figures: Sequence[Run], bold: bool) -> list[Run]:
    found: list[Run] = []
    for n, part in enumerate(_TOKEN.split(text)):
        if n % 2:
            run = figures[int(part)]
            found.append(Run(run.text, run.kind, bold or run.bold, run.link, run.note))
            if run.kind == "figure" and run.note:
                found.append(Run(run.note, "mark"))
        elif part:
            found.append(Run(part.translate(_UNSHIELD), bold=bold))
    return found


def _chunks(text: str) -> list[list[str]]:
    """Groups of lines that form one block: headings and items stand alone, other lines run together until a blank one."""
    chunks: list[list[str]] = []
    open_chunk = False
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line.strip():
            open_chunk = False
        elif _HEADING.match(line):
            chunks.append([line])
            open_chunk = False
        elif _ITEM.match(line) or not open_chunk:
            chunks.append([line])
            open_chunk = True
        else:
            chunks[-1].append(line)
    return chunks


def _joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one text: Chinese is joined without a space, Latin words with one."""
    text = lines[0].strip()
    for line in lines[1:]:
        part = line.strip()
        gap = " " if text and part and text[-1].isascii() and part[0].isascii() and text[-1].isalnum() and part[0].isalnum() else ""
        text += gap + part
    return text


def _table(lines: Sequence[str], figures: Sequence[Run]) -> Table:
    head, marks, *rows = [_cells(line) for line in lines]
    width = max(len(row) for row in (head, *rows))
    align = tuple(_align(mark) for mark in (marks + ["-"] * width)[:width])
    body = tuple(_filled(row, width, figures) for row in rows)
    return Table(_filled(head, width, figures), body, align)


def _filled(cells: Sequence[str], width: int, figures: Sequence[Run]) -> tuple[tuple[Run, ...], ...]:
    return tuple(runs(cell, figures) for cell in (*cells, *[""] * (width - len(cells))))


def _align(mark: str) -> Align:
    if mark.startswith(":") and mark.endswith(":"):
        return "center"
    return "right" if mark.endswith(":") else "left"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
