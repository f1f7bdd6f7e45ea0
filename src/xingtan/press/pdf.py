"""Official documents as PDF by Typst: fonts embedded, figures linked, no office program and no browser."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from .document import Block, Document, Heading, Paragraph, Run, Table, printable, red_size
from .fonts import font_folders

# The stubs of typst tie the type of the source to that of the font folders; a source is bytes here, a folder a text.
_typst: Any = typst
EPOCH = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_lock = threading.Lock()


@cache
def _template() -> bytes:
    return files("xingtan.press").joinpath("official.typ").read_bytes()


@cache
def _compiler() -> Any:
    """One compiler for the process: the second document costs a fiftieth of the first (fonts are read once)."""
    return _typst.Compiler(_template(), font_paths=[str(folder) for folder in font_folders()], ignore_system_fonts=False)


def official(document: Document) -> bytes:
    """Return the document as PDF bytes. The same document gives the same page images; no clock is read."""
    text = printable(json.dumps(_data(document), ensure_ascii=False))
    with _lock:
        made: bytes = _compiler().compile(input=_template(), format="pdf", sys_inputs={"document": text}, timestamp=EPOCH)
    return made


def picture(svg: str, scale: float = 2.0) -> bytes:
    """Rasterise a drawing to PNG at `scale` × 72 points an inch."""
    source = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made: bytes = _typst.compile(
        source, format="png", ppi=72 * scale, sys_inputs={"svg": svg}, font_paths=[str(folder) for folder in font_folders()]
    )
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "author": document.author or document.issuer or document.title,
        "form": document.form,
        "issuer": document.issuer,
        "red_head": document.red_head,
        "red_size": red_size(document.issuer),
        "number": document.number or " ",
        "addressee": document.addressee,
        "date": document.date,
        "draft": document.draft,
        "footer": document.footer,
        "copy_to": document.copied,
        "printed_by": document.printed_by,
        "region": "tw" if document.language == "zh-Hant" else "cn",
        "blocks": [_block(block) for block in document.blocks],
        "notes": [_runs(note) for note in document.notes],
        "notes_title": document.notes_title,
    }


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [
        {
            "text": printable(run.text),
            "kind": run.kind,
            "bold": run.bold,
            "link": run.link if run.link.startswith(("http://", "https://")) else "",
        }
        for run in runs
    ]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"type": "heading", "level": block.level, "label": block.label, "runs": _runs(block.runs)}
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "item": block.item, "runs": _runs(block.runs)}
    if isinstance(block, Table):
        rows = [[{"cell": _runs(cell)} for cell in row] for row in block.rows]
        return {"type": "table", "caption": block.caption, "head": [_runs(c) for c in block.head], "rows": rows, "align": list(block.align)}
    return {"type": "picture", "svg": block.svg, "alt": block.alt, "width": block.width_mm}
