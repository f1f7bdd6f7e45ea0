"""A business file as a workbook, and as an official document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xingtan.apps.base.people.models import Person
from xingtan.press import docx as press_docx
from xingtan.press import pdf as press_pdf
from xingtan.press import xlsx
from xingtan.press.document import Document, Heading, Paragraph, Run, Table, printable
from xingtan.ui.table_rows import words

from . import selectors
from .dossier import Section


def facts(person: Person, day: date) -> list[tuple[Any, ...]]:
    """The head of the file: who the person is and where he works."""
    now = selectors.file(person).current(day)
    found = [(_("性别"), person.get_sex_display() or None), (_("出生日期"), person.birth)]
    if now is not None:
        found += [
            (_("单位"), now.org.name), (_("编制"), now.establishment), (_("岗位类别"), now.category), (_("主教学科"), now.subject or None),
        ]  # fmt: skip
    return [(title, value if value is not None else _("未填")) for title, value in found]


def workbook(person: Person, sections: Sequence[Section], reader: str) -> bytes:
    """One sheet a section; who took it out and when stands in the properties and on the first sheet."""
    heads = [xlsx.Column(_("项目")), xlsx.Column(_("内容"))]
    first = [(_("姓名"), person.name), *((str(title), words(value)) for title, value in facts(person, timezone.localdate()))]
    sheets = [xlsx.Sheet(_("基本情况"), heads, [*first, *_taken(reader)])]
    for section in sections:
        if section.lines:
            columns = [xlsx.Column(str(head)) for head in section.heads]
            sheets.append(xlsx.Sheet(str(section.title), columns, [[words(cell) for cell in line.cells] for line in section.lines]))
    return xlsx.write(sheets, xlsx.Properties(title=_("%(name)s业务档案") % {"name": person.name}))


def docx(person: Person, sections: Sequence[Section], reader: str) -> bytes:
    return press_docx.official(_document(person, sections, reader))


def pdf(person: Person, sections: Sequence[Section], reader: str) -> bytes:
    return press_pdf.official(_document(person, sections, reader))


def _document(person: Person, sections: Sequence[Section], reader: str) -> Document:
    head = "；".join(f"{title}{_('：')}{words(value)}" for title, value in facts(person, timezone.localdate()))
    blocks: list[Any] = [Paragraph(_runs(head))]
    for section in sections:
        if not section.lines:
            continue
        blocks.append(Heading(1, _runs(str(section.title))))
        rows = tuple(tuple(_runs(words(cell)) for cell in line.cells) for line in section.lines)
        blocks.append(Table(tuple(_runs(str(head)) for head in section.heads), rows))
        if section.note:
            blocks.append(Paragraph(_runs(str(section.note))))
    notes = tuple(_runs(f"{title}{_('：')}{text}") for title, text in _taken(reader))
    title = _("%(name)s业务档案") % {"name": printable(person.name)}
    return Document(title, tuple(blocks), form="letter", notes=notes, language=get_language() or "zh-Hans")


def _taken(reader: str) -> list[tuple[str, str]]:
    moment = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    return [(_("导出人"), reader), (_("导出时间"), moment)]


def _runs(text: str) -> tuple[Run, ...]:
    return (Run(printable(text)),)
