"""An official document as data: what the docx, PDF and HTML writers share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
Form = Literal["document", "letter", "speech", "notice"]
RunKind = Literal["text", "figure", "mark"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. A figure's run carries the address of its provenance; a mark is 〔存疑〕 and the like."""

    text: str
    kind: RunKind = "text"
    bold: bool = False
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4, printed 一、（一）1.（1）. The text holds no number: the writers number."""

    level: int
    runs: tuple[Run, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `item` is the label of a list item, "" for plain text."""

    runs: tuple[Run, ...]
    item: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: headings, rows of cells (runs), and how each column is aligned."""

    head: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    align: tuple[Align, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, with the words that stand for it."""

    svg: str
    alt: str
    width_mm: float = 150.0


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `notes` are printed after the signature (sources, assumptions, doubtful figures)."""

    title: str
    blocks: tuple[Block, ...]
    issuer: str = ""
    number: str = ""
    addressee: str = ""
    date: str = ""
    copy_to: tuple[str, ...] = ()
    printed_by: str = ""
    seal: bool = False
    form: Form = "document"
    notes: tuple[tuple[Run, ...], ...] = ()
    notes_title: str = ""
    footer: str = ""
    draft: str = ""
    language: str = "zh-Hans"
    author: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def red_head(self) -> str:
        """The issuing mark on the head."""
        return self.labels.get("red_head", "%s文件").replace("%s", self.issuer)

    @property
    def copied(self) -> str:
        """The line that says who gets a copy; "" for nobody."""
        return self.labels.get("copy_to", "抄送：%s。").replace("%s", "，".join(self.copy_to)) if self.copy_to else ""

    def runs(self) -> Iterator[Run]:
        """Every run of the body and the notes, in reading order."""
        for block in self.blocks:
            yield from runs_of(block)
        for note in self.notes:
            yield from note


def printable(text: str) -> str:
    """A text without the characters that no document format can hold: controls, halves of pairs, and what is no character at all."""
    return _UNPRINTABLE.sub("", text)


def red_size(issuer: str) -> float:
    """The largest size in points, between 14 and 48, at which the issuing mark fits the 156 mm line; a longer one runs over several."""
    return max(14.0, min(48.0, round(156 / 25.4 * 72 / max(len(issuer) + 2, 1), 1)))


def runs_of(block: Block) -> Iterator[Run]:
    """The runs of one block, in reading order."""
    if isinstance(block, Table):
        for cell in block.head:
            yield from cell
        for row in block.rows:
            for cell in row:
                yield from cell
    elif not isinstance(block, Picture):
        yield from block.runs
