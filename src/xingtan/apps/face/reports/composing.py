"""From a filled template and its figures to an official document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xingtan.press import markdown
from xingtan.press.document import Document, Form, Run

from .template import Filled, Use


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure as the document shows it: its text, its mark (〔存疑〕), its address, and what a reader must be told about it."""

    title: str
    text: str
    mark: str = ""
    link: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the text in an official document."""

    title: str
    issuer: str = ""
    number: str = ""
    addressee: str = ""
    date: str = ""
    copy_to: tuple[str, ...] = ()
    form: Form = "document"
    draft: str = ""
    sources: tuple[str, ...] = ()


def compose(frame: Frame, filled: Filled, printed: Mapping[Use, Printed]) -> Document:
    """Build the document. `printed` holds every use of `filled`; the notes name each figure that is not simply known."""
    figures = [printed[use] for use in filled.uses]
    runs = [Run(figure.text, "figure", link=figure.link, note=figure.mark) for figure in figures]
    return Document(
        title=frame.title,
        blocks=markdown.parse(filled.markdown, runs),
        issuer=frame.issuer,
        number=frame.number,
        addressee=frame.addressee,
        date=frame.date,
        copy_to=frame.copy_to,
        form=frame.form,
        draft=frame.draft,
        notes=_notes(figures, frame.sources),
        notes_title=_("数字说明"),
        author=frame.issuer,
        labels={"red_head": _("%s文件"), "copy_to": _("抄送：%s。")},
    )


def _notes(figures: Sequence[Printed], sources: Sequence[str]) -> tuple[tuple[Run, ...], ...]:
    """One note a figure with remarks, in reading order, each figure once; then where all numbers come from."""
    notes: list[tuple[Run, ...]] = []
    for figure in dict.fromkeys(figure for figure in figures if figure.remarks):
        said = _("%(n)s. %(title)s（%(text)s）：%(remarks)s") % {
            "n": len(notes) + 1,
            "title": figure.title,
            "text": figure.text,
            "remarks": _("；").join(figure.remarks),
        }
        notes.append((Run(said, link=figure.link),))
    return (*notes, *((Run(source),) for source in sources))
