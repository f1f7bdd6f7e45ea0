"""The establishment table: organisation × stage, what the ratios give, what was approved, who is there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, subtree_ids
from xingtan.apps.base.staff import policies, quota
from xingtan.apps.base.staff.quota import Post
from xingtan.ui import policy
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.templatetags.xingtan import light

from . import common
from .lists import tabs


def establishment(request: HttpRequest, place: str) -> HttpResponseBase:
    """Every school and stage, today."""
    here, org = place_of(request), chosen_org(request)
    policies.employments.require(request.user, policies.VIEW)
    orgs = Organisation.objects.filter(place=here).filter(policy.reach(policy.granted(request.user, policies.VIEW), "pk"))
    orgs = orgs.filter(pk__in=subtree_ids(org)) if org is not None else orgs
    rows = quota.posts(here, set(orgs.values_list("pk", flat=True)))
    bound = _table(here).bind(request, rows)
    if bound.export:
        return bound.workbook(_("编制"))
    context = {"table": bound, "facts": _facts(rows), "ratios": _ratios(here), "tabs": tabs(request, "staff:establishment")}
    return render(request, "staff/establishment.html", context)


def _facts(rows: Sequence[Post]) -> list[tuple[str, Any]]:
    """The whole: sums of what is known, and how many lines are not."""
    quotas = [row.quota for row in rows if row.quota is not None]
    approved = [row.approved for row in rows if row.approved is not None]
    return [
        (_("按生师比应配"), _rounded(sum(quotas, Decimal(0))) if quotas else _("未知")),
        (_("核定编制"), sum(approved, Decimal(0)) if approved else _("未知")),
        (_("在编"), sum(row.established for row in rows)), (_("编外、特岗、临聘"), sum(row.others for row in rows)),
    ]  # fmt: skip


def _ratios(place: Place) -> str:
    pack = active_pack_or_none(place)
    said = [_("%(stage)s 1:%(ratio)s") % {"stage": stage, "ratio": f"{ratio.normalize():f}"} for stage, ratio in quota.ratios(pack).items()]
    return "；".join(said)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


def _state(row: Post) -> tuple[str, str]:
    """A light: short of approved posts or, where none are stated, of the quota."""
    left = row.vacancy if row.vacancy is not None else row.gap
    if left is None:
        return "none", _("无从比较")
    if left >= 1:
        return "miss", _("缺编")
    return ("near", _("超编")) if left <= -1 else ("met", _("相当"))


def _table(place: Place) -> Table[Post]:
    columns = (
        Column[Post]("org", _("单位"), lambda r: r.org.name, sort=True, link=lambda r: f"{common.url(place, 'staff')}?org={r.org.code}"),
        Column[Post]("stage", _("学段"), lambda r: r.stage or None, sort=True),
        Column[Post]("pupils", _("在校学生"), lambda r: r.pupils, kind="number", sort=True),
        Column[Post]("quota", _("按生师比应配"), lambda r: _rounded(r.quota), kind="number", sort=True),
        Column[Post]("approved", _("核定编制"), lambda r: r.approved, kind="number", sort=True),
        Column[Post]("established", _("在编"), lambda r: r.established, kind="number", sort=True),
        Column[Post]("others", _("编外、特岗、临聘"), lambda r: r.others, kind="number", sort=True, minor=True),
        Column[Post]("gap", _("比应配缺"), lambda r: _rounded(r.gap), kind="number", sort=True),
        Column[Post]("vacancy", _("空编"), lambda r: r.vacancy, kind="number", sort=True),
        Column[Post]("state", _("状态"), lambda r: light(*_state(r)), kind="html", export=lambda r: _state(r)[1]),
    )
    states = [("", _("全部")), ("miss", _("缺编")), ("near", _("超编")), ("met", _("相当"))]
    by_state = Filter("state", _("状态"), lambda rows, value: [row for row in rows if _state(row)[0] == value], choices=states)
    return Table(columns, (by_state,), key=lambda row: f"{row.org.pk}-{row.stage}")
