"""The list of children of school age, who of them is missing, and the sweeps."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.child_sheet import read
from xingtan.apps.base.pupils.forms import ReasonForm
from xingtan.apps.base.pupils.forms_more import ChildForm, SettleForm, SheetForm
from xingtan.apps.base.pupils.grades import grades, year_label
from xingtan.apps.base.pupils.models import Child
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services.children import (
    Listed,
    child_settle,
    child_strike,
    children_list,
    children_match,
)
from xingtan.apps.base.pupils.sweeping import below, missing
from xingtan.ui import policy
from xingtan.ui.scope import chosen_org, place_of
from xingtan.ui.tables import Column, Filter, Table

from . import common


def _year(request: HttpRequest) -> int:
    """The school year asked for, else the present one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and len(asked) == 4 else grades(place_of(request)).year_of(timezone.localdate())


def _years(request: HttpRequest) -> list[tuple[str, str]]:
    now = grades(place_of(request)).year_of(timezone.localdate())
    return [(str(year), year_label(year)) for year in (now, now + 1, now - 1, now - 2)]


def _orgs(request: HttpRequest, action: str) -> dict[str, Organisation]:
    """Open organisations at which the account may do `action`: a list may be kept by village, town or school."""
    rows = Organisation.objects.filter(place=place_of(request), closed=None)
    rows = rows.filter(policy.among(policy.granted(request.user, action), "pk")).select_related("place").order_by("code")
    return {row.code: row for row in rows}


def at(request: HttpRequest) -> Organisation:
    """The organisation chosen on top, else the reader's own."""
    org: Organisation | None = request.scope.org or place_of(request).root  # type: ignore[attr-defined]
    assert org is not None, "a place has a root"
    return org


def children(request: HttpRequest, place: str) -> HttpResponseBase:
    """The list of a school year at the organisation in scope and below."""
    policies.children.require(request.user, policies.VIEW)
    here, year = place_of(request), _year(request)
    rows = policies.children.visible(request.user, policies.VIEW, Child.objects.filter(place=here, year=year, struck=None))
    org = chosen_org(request)
    if org is not None:
        rows = rows.filter(org__in=list(below(org, timezone.localdate())))
    bound = _table(request).bind(request, rows.select_related("org", "pupil"))
    manage = policies.children.can(request.user, policies.MANAGE)
    context = {"table": bound, "manage": manage, "tabs": common.tabs(request, common.CHILD_TABS), "year": year, "label": year_label(year)}
    return render(request, "pupils/children.html", context)


def _table(request: HttpRequest) -> Table[Child]:
    here = place_of(request)

    def found(row: Child) -> str:
        return str(_("在学籍里")) if row.pupil_id else str(row.settled or _("没有找到"))

    columns = (
        Column[Child](
            "name", gettext_lazy("姓名"), lambda row: row.name, sort="initials", link=lambda row: common.url(here, "child", pk=row.pk)
        ),
        Column[Child]("sex", gettext_lazy("性别"), lambda row: row.sex or None),
        Column[Child]("birth", gettext_lazy("出生日期"), lambda row: row.birth, kind="date", sort="birth"),
        Column[Child]("org", gettext_lazy("名册单位"), lambda row: row.org.name, sort="org__code"),
        Column[Child]("residence", gettext_lazy("城乡"), lambda row: row.residence or "—", minor=True),
        Column[Child]("found", gettext_lazy("学籍"), found),
    )
    years = _years(request)
    states = [("", str(_("全部"))), ("1", str(_("在学籍里"))), ("0", str(_("没有找到")))]
    filters = (
        Filter("year", gettext_lazy("学年"), lambda rows, _value: rows, choices=years),
        Filter("found", gettext_lazy("学籍"), _found, choices=states),
    )
    return Table(columns, filters, _search, gettext_lazy("姓名或拼音首字母"), default="name")


def _found(rows: QuerySet[Child], value: str) -> QuerySet[Child]:
    return rows.filter(pupil__isnull=value == "0")


def _search(rows: QuerySet[Child], text: str) -> QuerySet[Child]:
    return rows.filter(initials__startswith=text.lower()) if text.isascii() else rows.filter(name__icontains=text)


def gone(request: HttpRequest, place: str) -> HttpResponseBase:
    """谁不在校: children of the list who are on no roll of the county today."""
    policies.children.require(request.user, policies.VIEW)
    here, year = place_of(request), _year(request)
    org = at(request)
    rows = policies.children.visible(request.user, policies.VIEW, missing(org, year, timezone.localdate()))
    columns = (
        Column[Child](
            "name", gettext_lazy("姓名"), lambda row: row.name, sort="initials", link=lambda row: common.url(here, "child", pk=row.pk)
        ),
        Column[Child]("birth", gettext_lazy("出生日期"), lambda row: row.birth, kind="date", sort="birth"),
        Column[Child]("org", gettext_lazy("名册单位"), lambda row: row.org.name, sort="org__code"),
        Column[Child]("why", gettext_lazy("情形"), lambda row: str(_("曾有学籍，现不在籍")) if row.pupil_id else str(_("学籍里没有"))),
        Column[Child]("state", gettext_lazy("核实情况"), lambda row: row.settled or str(_("未核实")), sort="settled"),
    )
    filters = (Filter("year", gettext_lazy("学年"), lambda found, _value: found, choices=_years(request)),)
    bound = Table(columns, filters, _search, gettext_lazy("姓名或拼音首字母"), default="name").bind(request, rows)
    listed = policies.children.visible(
        request.user, policies.VIEW, Child.objects.filter(org__in=list(below(org, timezone.localdate())), year=year, struck=None)
    )
    context = {"table": bound, "listed": listed.count(), "tabs": common.tabs(request, common.CHILD_TABS), "label": year_label(year)}
    return render(request, "pupils/missing.html", context)


def child_new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Put one child on the list."""
    policies.children.require(request.user, policies.MANAGE)
    here, orgs = place_of(request), _orgs(request, policies.MANAGE)
    form = ChildForm(request.POST or None, law=rules(here), orgs=common.named(orgs), years=_years(request))

    def save() -> list[Child]:
        data = dict(form.cleaned_data)
        org, year = orgs[data.pop("org")], int(data.pop("year"))
        return children_list(org=org, year=year, listed=[Listed(**data)], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(here, "children")
    return common.page(request, form, _("登记适龄儿童"), common.url(here, "children"))


def child_sheet(request: HttpRequest, place: str) -> HttpResponseBase:
    """Put a whole list on it from a spreadsheet: all faults at once, or all children."""
    policies.children.require(request.user, policies.MANAGE)
    here, orgs = place_of(request), _orgs(request, policies.MANAGE)
    form = SheetForm(request.POST or None, request.FILES or None, orgs=common.named(orgs), years=_years(request))

    def save() -> list[Child]:
        data = form.cleaned_data
        listed = read(data["file"].name, data["file"].read(), rules(here))
        return children_list(org=orgs[data["org"]], year=int(data["year"]), listed=listed, actor=request.actor)  # type: ignore[attr-defined]

    made = common.attempt(request, form, save)
    if made is not None:
        messages.info(
            request,
            _("共登记 %(count)s 名儿童，其中 %(found)s 名在学籍里。") % {"count": len(made), "found": sum(bool(c.pupil_id) for c in made)},
        )
        return common.to(here, "children")
    return common.page(request, form, _("上传适龄儿童名册"), common.url(here, "children"))


def child(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """One child: what the list says, who on the roll it is, what was found out."""
    row = _child(request, policies.VIEW, pk)
    manage = policies.children.can_on(request.user, policies.MANAGE, row)
    form = SettleForm(request.POST or None, law=rules(row.place), initial={"state": row.settled, "note": row.note})
    if request.method == "POST":
        _child(request, policies.MANAGE, pk)

        def save() -> Child:
            data = form.cleaned_data
            return child_settle(child=row, version=row.version, state=data["state"], note=data["note"], actor=request.actor)  # type: ignore[attr-defined]

        if common.attempt(request, form, save) is not None:
            return common.to(row.place, "child", pk=row.pk)
    seen = row.pupil is not None and policies.pupils.can_on(request.user, policies.VIEW, row.pupil)
    facts = [
        (_("学年"), year_label(row.year)),
        (_("性别"), row.get_sex_display()),
        (_("出生日期"), row.birth or _("未填")),
        (_("名册单位"), row.org.name),
        (_("城乡"), row.residence or _("未填")),
        (_("核实情况"), row.settled or _("未核实")),
        (_("核实人"), row.settled_by or "—"),
    ]
    context = {"row": row, "facts": facts, "seen": seen, "manage": manage, "form": form, "tabs": common.tabs(request, common.CHILD_TABS)}
    return render(request, "pupils/child.html", context, status=422 if form.is_bound and form.errors else 200)


def _child(request: HttpRequest, action: str, pk: int) -> Child:
    seen = policies.children.visible(request.user, action, Child.objects.filter(place=place_of(request), struck=None))
    return get_object_or_404(seen.select_related("place", "org", "pupil__person"), pk=pk)


def child_off(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Take a child off the list."""
    row = _child(request, policies.MANAGE, pk)
    form = ReasonForm(request.POST or None)

    def save() -> Child:
        return child_strike(child=row, version=row.version, reason=form.cleaned_data["reason"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(row.place, "children")
    return common.page(request, form, _("移出名册"), common.url(row.place, "child", pk=row.pk), label=_("移出"))


def match(request: HttpRequest, place: str) -> HttpResponseBase:
    """Look for everybody who was not found yet."""
    here = place_of(request)
    policy.require_at(request.user, policies.MANAGE, here.root)
    if request.method == "POST":
        count = children_match(place=here, year=_year(request), actor=request.actor)  # type: ignore[attr-defined]
        messages.success(request, _("又找到 %(count)s 名。") % {"count": count})
    return common.to(here, "missing")
