"""The lists of staff: who is employed, who holds which title, who is lent where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import FOREVER, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import codes, dossier, policies, selectors
from xingtan.apps.base.staff.models import Employment, Secondment, TitleHolding
from xingtan.ui.scope import chosen_org, place_of, query
from xingtan.ui.tables import Column, Filter, Table

from . import common


def staff(request: HttpRequest, place: str) -> HttpResponseBase:
    """Everybody on the staff today, of the organisation in scope and below."""
    here, org = place_of(request), chosen_org(request)
    policies.employments.require(request.user, policies.VIEW)
    rows = policies.employments.visible(request.user, policies.VIEW, selectors.employed(here))
    rows = selectors.within(rows, org) if org is not None else rows
    bound = _staff_table(here).bind(request, rows)
    if bound.export:
        return common.taken(request, bound, str(_("教职工名册")))
    manage = policies.files.can(request.user, policies.MANAGE)
    return render(request, "staff/list.html", {"table": bound, "manage": manage, "tabs": tabs(request, "staff:staff")})


def titles(request: HttpRequest, place: str) -> HttpResponseBase:
    """Who holds which title today; holdings and holders counted apart."""
    here, org = place_of(request), chosen_org(request)
    policies.employments.require(request.user, policies.VIEW)
    persons = policies.files.visible(request.user, policies.VIEW, Person.objects.filter(place=here))
    rows = selectors.titles(here).filter(person__in=persons.values("pk"))
    rows = selectors.within(rows, org, "at_org") if org is not None else rows
    bound = _title_table(here).bind(request, rows)
    if bound.export:
        return common.taken(request, bound, str(_("职称和称号")))
    ladder = selectors.ladder(rows, [level for level, _title in codes.words(here, "level")])
    context = {"table": bound, "ladder": ladder, "tabs": tabs(request, "staff:titles")}
    return render(request, "staff/titles.html", context)


def secondments(request: HttpRequest, place: str) -> HttpResponseBase:
    """Who was lent where, from when to when, and how it went."""
    here, org = place_of(request), chosen_org(request)
    policies.secondments.require(request.user, policies.VIEW)
    rows = policies.secondments.visible(request.user, policies.VIEW, selectors.secondments(here))
    if org is not None:
        rows = selectors.within(rows, org, "sender") | selectors.within(rows, org, "host")
    bound = _loan_table(here).bind(request, rows)
    if bound.export:
        return common.taken(request, bound, str(_("交流支教")))
    return render(request, "staff/secondments.html", {"table": bound, "tabs": tabs(request, "staff:secondments")})


def tabs(request: HttpRequest, present: str) -> list[tuple[Any, str, bool]]:
    """The pages of staff, the present one marked; the organisation in scope is kept."""
    here, kept = place_of(request), query(request.scope)  # type: ignore[attr-defined]
    return [(label, common.url(here, name.partition(":")[2]) + kept, name == present) for name, label in common.TABS]


def _file_url(place: Place, row: Any) -> str:
    return common.url(place, "file", pk=row.person_id)


def _by(column: str) -> Any:
    """A filter on one column."""
    return lambda rows, value: rows.filter(**{column: value})


def _choice(place: Place, column: str, title: Any, path: str = "") -> Filter:
    return Filter(column, title, _by(path or column), choices=lambda: [("", str(_("全部"))), *codes.words(place, column)])


def _staff_table(place: Place) -> Table[Employment]:
    columns = (
        Column[Employment]("name", _("姓名"), lambda r: r.person.name, sort="person__initials", link=lambda r: _file_url(place, r)),
        Column[Employment]("org", _("单位"), lambda r: r.org.name, sort="org__code"),
        Column[Employment]("establishment", _("编制"), lambda r: r.establishment, sort="establishment"),
        Column[Employment]("category", _("岗位类别"), lambda r: r.category, sort="category", minor=True),
        Column[Employment]("stage", _("学段"), lambda r: r.stage or None, sort="stage"),
        Column[Employment]("subject", _("主教学科"), lambda r: r.subject or None, sort="subject"),
        Column[Employment]("rank", _("职称"), lambda r: r.rank or None, sort="rank"),  # type: ignore[attr-defined]
        Column[Employment]("since", _("自"), lambda r: day_text(r.valid_from), sort="valid_from", minor=True),
    )
    filters = (
        _choice(place, "establishment", _("编制")), _choice(place, "category", _("岗位类别")), _choice(place, "stage", _("学段")),
        _choice(place, "subject", _("学科")), _choice(place, "rank", _("职称")),
    )  # fmt: skip
    return Table(columns, filters, selectors.matching, _("姓名或拼音首字母"), default="name")


def _title_table(place: Place) -> Table[TitleHolding]:
    columns = (
        Column[TitleHolding]("name", _("姓名"), lambda r: r.person.name, sort="person__initials", link=lambda r: _file_url(place, r)),
        Column[TitleHolding]("org", _("单位"), lambda r: r.at, sort="at"),  # type: ignore[attr-defined]
        Column[TitleHolding]("series", _("称号"), lambda r: r.series, sort="series"),
        Column[TitleHolding]("step", _("级别"), dossier.step, sort="level"),
        Column[TitleHolding]("since", _("自"), lambda r: day_text(r.valid_from), sort="valid_from"),
        Column[TitleHolding]("by", _("授予机关"), lambda r: r.awarded_by or None, minor=True),
    )
    filters = (
        _choice(place, "series", _("称号")), _choice(place, "level", _("级别")), _choice(place, "rank", _("职称")),
    )  # fmt: skip
    return Table(columns, filters, selectors.matching, _("姓名或拼音首字母"), default="name")


def _loan_table(place: Place) -> Table[Secondment]:
    kinds, today = codes.titles(place, "kind"), timezone.localdate()
    columns = (
        Column[Secondment]("name", _("姓名"), lambda r: r.person.name, sort="person__initials", link=lambda r: _file_url(place, r)),
        Column[Secondment]("kind", _("方式"), lambda r: kinds.get(r.kind, r.kind), sort="kind"),
        Column[Secondment]("from", _("派出单位"), lambda r: dossier.ends(r)[0], minor=True),
        Column[Secondment]("to", _("接收单位"), lambda r: dossier.ends(r)[1]),
        Column[Secondment]("role", _("身份"), lambda r: r.role or None, sort="role", minor=True),
        Column[Secondment]("since", _("自"), lambda r: day_text(r.valid_from), sort="valid_from"),
        Column[Secondment]("until", _("至"), lambda r: None if r.valid_to == FOREVER else r.valid_to, kind="date", sort="valid_to"),
        Column[Secondment]("state", _("状态"), lambda r: _state(r, today)),
        Column[Secondment]("contract", _("合同"), lambda r: r.contract or None, minor=True),
        Column[Secondment]("grade", _("考核"), lambda r: r.grade or None, sort="grade"),
    )
    filters = (_choice(place, "kind", _("方式")), _choice(place, "role", _("身份")), _by_state(today))
    return Table(columns, filters, selectors.matching, _("姓名或拼音首字母"), default="-since")


def _state(row: Secondment, today: date) -> Any:
    if today < row.valid_from:
        return _("未开始")
    return _("在外") if today < row.valid_to else _("已回")


def _by_state(today: date) -> Filter:
    def now(rows: Any, value: str) -> Any:
        if value == "now":
            return rows.filter(valid_from__lte=today, valid_to__gt=today)
        return rows.filter(valid_to__lte=today) if value == "back" else rows.filter(grade="", valid_to__lte=today)

    states = [("", _("全部")), ("now", _("在外")), ("back", _("已回")), ("unjudged", _("已回未考核"))]
    return Filter("state", _("状态"), now, choices=states)
