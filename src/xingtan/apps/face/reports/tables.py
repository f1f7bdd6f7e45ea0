"""The list of reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xingtan.kernel.period import Period
from xingtan.ui.tables import Column, Filter, Table

from .models import Report
from .selectors import address


def _address(report: Report) -> str:
    return address(report)


def _search(rows: Any, words: str) -> Any:
    return rows.filter(Q(title__icontains=words) | Q(number__icontains=words))


REPORTS: Table[Report] = Table(
    columns=(
        Column("title", _("标题"), lambda one: one.title, link=_address, sort="title"),
        Column("org", _("单位"), lambda one: one.org.name, sort="org__name"),
        Column("period", _("期间"), lambda one: Period.parse(one.period).label(), sort="period"),
        Column("state", _("状态"), lambda one: one.get_state_display(), sort="state"),
        Column("number", _("发文字号"), lambda one: one.number, sort="number", minor=True),
        Column("refreshed", _("数字截至"), lambda one: one.refreshed, kind="date", sort="refreshed", minor=True),
        Column("by", _("拟稿人"), lambda one: one.made_by_label, minor=True),
    ),
    filters=(Filter("state", _("状态"), lambda rows, value: rows.filter(state=value), choices=Report.State.choices),),
    search=_search,
    search_label=_("按标题或文号查找"),
    default="-refreshed",
)
