"""The page that asks why a list of persons is taken out, and the file with the answer on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.access import leaving
from xingtan.apps.base.access.forms import ExportForm
from xingtan.apps.base.access.views.common import act, reader
from xingtan.apps.base.audit.services import Target
from xingtan.press import xlsx
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.exports import Personal
from xingtan.ui.forms import status
from xingtan.ui.policy import can_at
from xingtan.ui.tables import Bound


def answer(request: HttpRequest, bound: Bound[Any], what: Personal) -> HttpResponseBase:
    """Ask for the reason and where the file goes; then give the file. Outside the place only with a purpose that permits it."""
    me = reader(request)
    if not can_at(me, what.action, what.org.pk):
        raise PermissionDenied(what.action)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        permitted = act(form, lambda: _permitted(request, what, facts))
        if permitted is not None:
            return _file(request, bound, what, {**facts, "purpose": permitted})
    page = {"form": form, "what": what, "count": bound.total, "back": bound.url(export=""), "narrowed": _narrowed(bound)}
    return render(request, "access/export.html", page, status=status(form))


def _permitted(request: HttpRequest, what: Personal, facts: dict[str, Any]) -> str:
    """The id of the purpose under which the file goes outside, "" for one that stays. Raises XingtanError when it may not go."""
    if facts["to"] != leaving.OUTSIDE:
        return ""
    target = Target(f"export.{what.kind}", what.org.code, f"{what.title} · {what.org.name}")
    where = facts["where"].strip() or _("县外")
    return leaving.require_outside(account=reader(request), org=what.org, target=target, to=where, reason=facts["reason"]).id


def _file(request: HttpRequest, bound: Bound[Any], what: Personal, facts: dict[str, Any]) -> HttpResponseBase:
    """Every matching row; who, when, why and under which conditions stand above the headings."""
    me, when = reader(request), timezone.localtime().strftime("%Y-%m-%d %H:%M")
    outside = facts["to"] == leaving.OUTSIDE
    stays = _("含个人信息，限本县教育系统内使用，不得向县外提供。")
    permission = _("准许向县外提供给：%(where)s") % {"where": facts["where"]} if outside else stays
    lines = [
        _("%(title)s · %(org)s · 共 %(count)s 行") % {"title": what.title, "org": what.org.name, "count": bound.total},
        _("由 %(who)s 于 %(when)s 导出") % {"who": me.display_name, "when": when},
        _("事由：%(reason)s") % {"reason": facts["reason"]},
        *[_("条件：%(what)s") % {"what": said} for said in [_narrowed(bound)] if said],
        permission,
    ]  # fmt: skip
    sheet = bound.sheet(what.title)
    data = xlsx.write([replace(sheet, above=[*lines, *sheet.above])], xlsx.Properties(title=what.title))
    after = {"rows": bound.total, "filter": _narrowed(bound), "to": facts["where"] if outside else "", "purpose": facts["purpose"]}
    leaving.exported(account=me, org=what.org, kind=what.kind, title=what.title, reason=facts["reason"], after=after)
    return download(data, f"{what.title}_{what.org.name}.xlsx", XLSX)


def _narrowed(bound: Bound[Any]) -> str:
    """The conditions the list was narrowed by, in words."""
    said = [f"{control.filter.title}：{control.value}" for control in bound.controls if control.value]
    return "；".join([*said, *([_("查找：%(words)s") % {"words": bound.words}] if bound.words else [])])
