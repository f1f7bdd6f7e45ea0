"""Ledgers as workbooks: the list exactly as it is seen, and the template people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.pack.schema.ledger import Field
from xingtan.press import xlsx

from .lists import unit_of
from .rows import EXAMPLES
from .shape import Shape

KINDS: dict[str, xlsx.Kind] = {"number": "number", "money": "money", "percent": "percent", "date": "date"}
BLANK_ROWS = 500
LONGEST_LIST = 300


def exported(sheet: xlsx.Sheet, about: Sequence[str]) -> bytes:
    """What the list shows, with whose, when, by whom and under which filter above it."""
    return xlsx.write([replace(sheet, above=[*about, *sheet.above])], xlsx.Properties(title=sheet.title))


def template(shape: Shape) -> bytes:
    """An empty sheet with headings, notes and drop-downs, and a second sheet that explains every column."""
    orgs = tuple(sorted(shape.orgs.titles.values()))
    columns = [xlsx.Column(_("单位"), note=_("单位全称或代码"), required=True, choices=orgs if len(orgs) <= LONGEST_LIST else ())]
    if shape.ledger.period:
        columns.append(xlsx.Column(_("期间"), note=_("如 %(example)s") % {"example": EXAMPLES[shape.ledger.period]}, required=True))
    columns += [_column(shape, item) for item in shape.ledger.fields]
    columns.append(xlsx.Column(_("存疑"), note=_("数据不可信时写明理由；可信则留空")))
    notes = [[column.heading, column.note, _("必填") if column.required else _("选填")] for column in columns]
    help_sheet = xlsx.Sheet(
        _("填写说明"),
        [xlsx.Column(_("列"), width=24), xlsx.Column(_("说明"), width=70), xlsx.Column(_("是否必填"))],
        notes,
        above=GENERAL(),
    )
    return xlsx.write(
        [xlsx.Sheet(shape.ledger.title, columns, (), blank_rows=BLANK_ROWS), help_sheet], xlsx.Properties(title=shape.ledger.title)
    )


def GENERAL() -> list[str]:  # noqa: N802 - texts of a constant kind, in the reader's language
    """What holds for every ledger."""
    return [
        _("数字可以写成 10余、三十多、不足500、约38；缺失写 ××，不适用写 不适用。"),
        _("列的先后可以调换，不需要的列可以删去。再次导入时，空白的格保留台账里原有的内容，要清除请写 清空。"),
    ]


def _column(shape: Shape, item: Field) -> xlsx.Column:
    kind = "text" if item.digits is None and item.type == "number" else KINDS.get(item.type, "text")
    choices = tuple(shape.codes[item.id].titles) if item.id in shape.codes else (_("是"), _("否")) if item.type == "boolean" else ()
    return xlsx.Column(
        item.title, "text" if kind in ("number", "money", "percent") else kind, unit=unit_of(item), note=_note(item), choices=choices,
        required=item.required or item.id in shape.ledger.key,
    )  # fmt: skip


def _note(item: Field) -> str:
    parts = [item.help] if item.help else []
    if item.type == "percent":
        parts.append(_("写成 3% 或 0.03"))
    if item.type == "date":
        parts.append(_("如 2009-03-08；只知道月份写 2009年3月"))
    if item.min is not None or item.max is not None:
        parts.append(_("范围 %(lo)s 至 %(hi)s") % {"lo": "" if item.min is None else item.min, "hi": "" if item.max is None else item.max})
    if item.digits == 0:
        parts.append(_("整数"))
    return "；".join(parts)


def stamp(who: str) -> str:
    """Who took the sheet out, and when."""
    now: datetime = timezone.localtime()
    return _("由 %(who)s 于 %(when)s 导出") % {"who": who, "when": now.strftime("%Y-%m-%d %H:%M")}
