"""A document in the form somebody asked for."""

from __future__ import annotations

import re
from importlib.resources import files

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from xingtan.press import docx, pdf
from xingtan.press.document import Document, Heading, Paragraph, Run, Table

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|]")


def produce(document: Document, kind: str) -> bytes:
    """The document as bytes; `kind` is one of `KINDS`. Raises KeyError for another."""
    makers = {"docx": docx.official, "pdf": pdf.official, "html": page, "md": markdown}
    return makers[kind](document)


def page(document: Document) -> bytes:
    """A page of its own: every figure a link, readable without any other file."""
    look = SafeString(f"<style>{files(__package__).joinpath('standalone.css').read_text('utf-8')}</style>")
    return render_to_string("reports/standalone.html", {"document": document, "look": look}).encode()


def markdown(document: Document) -> bytes:
    """Markdown with every figure as a link. What the text says is escaped, so that it reads as it stands."""
    lines: list[str] = [f"# {_said(document.title)}", ""]
    for block in document.blocks:
        if isinstance(block, Heading):
            lines += [f"{'#' * (block.level + 1)} {block.label}{_inline(block.runs)}", ""]
        elif isinstance(block, Paragraph):
            lines += [f"{block.item} {_inline(block.runs)}".strip(), ""]
        elif isinstance(block, Table):
            rows = [block.head, *block.rows]
            shown = ["| " + " | ".join(_inline(cell) for cell in row) + " |" for row in rows]
            lines += [shown[0], "|" + " --- |" * len(block.head), *shown[1:], ""]
    signed = [_said(part) for part in (document.issuer, document.date) if part]
    notes = [f"> {_inline(note)}" for note in document.notes]
    return "\n".join([*lines, *signed, "", *notes, ""]).encode()


def _inline(runs: tuple[Run, ...]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = _said(run.text)
    if run.link:
        return f"[{text}]({run.link})"
    return f"**{text}**" if run.bold else text


def _said(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()) if "\n" in text or "\r" in text else text)
