"""An official document as data: what the docx, PDF and HTML writers share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

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

    def runs(self) -> Iterator[Run]:
        """Every run of the body and the notes, in reading order."""
        for block in self.blocks:
            yield from runs_of(block)
        for note in self.notes:
            yield from note


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
