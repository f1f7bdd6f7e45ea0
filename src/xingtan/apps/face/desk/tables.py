from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from xingtan.ui.tables import Column, Table

from .packs import Item


def _search(rows: Any, words: str) -> list[Item]:
    needle = words.casefold()
    return [row for row in rows if needle in f"{row.title} {row.id} {row.note}".casefold()]


ITEMS: Table[Item] = Table(
    columns=(
        Column("title", _("名称"), lambda one: one.title, link=lambda one: one.url, sort=True),
        Column("note", _("内容"), lambda one: one.note),
        Column("id", _("编号"), lambda one: one.id, sort=True, minor=True),
    ),
    search=_search, search_label=_("按名称或内容查找"), size=200, key=lambda one: one.id,
)  # fmt: skip
