"""A document in the form somebody asked for."""

from __future__ import annotations

from django.template.loader import render_to_string

from xingtan.press import docx, pdf
from xingtan.press.document import Document, Heading, Paragraph, Run, Table

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def produce(document: Document, kind: str) -> bytes:
    """The document as bytes; `kind` is one of `KINDS`. Raises KeyError for another."""
    makers = {"docx": docx.official, "pdf": pdf.official, "html": page, "md": markdown}
    return makers[kind](document)


def page(document: Document) -> bytes:
    """A page of its own: every figure a link, readable without any other file."""
    return render_to_string("reports/standalone.html", {"document": document}).encode()


def markdown(document: Document) -> bytes:
    """Markdown with every figure as a link."""
    lines: list[str] = [f"# {document.title}", ""]
    for block in document.blocks:
        if isinstance(block, Heading):
            lines += [f"{'#' * (block.level + 1)} {block.label}{_inline(block.runs)}", ""]
        elif isinstance(block, Paragraph):
            lines += [f"{block.item} {_inline(block.runs)}".strip(), ""]
        elif isinstance(block, Table):
            rows = [block.head, *block.rows]
            shown = ["| " + " | ".join(_inline(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
            lines += [shown[0], "|" + " --- |" * len(block.head), *shown[1:], ""]
    signed = [part for part in (document.issuer, document.date) if part]
    notes = [f"> {_inline(note)}" for note in document.notes]
    return "\n".join([*lines, *signed, "", *notes, ""]).encode()


def _inline(runs: tuple[Run, ...]) -> str:
    return "".join(f"[{run.text}]({run.link})" if run.link else f"**{run.text}**" if run.bold else run.text for run in runs)
