"""Sweeps before a term: the list of them, one with its cases, beginning, settling, ending."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.forms_more import SettleForm, SweepForm
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.models import Sweep, SweepLine
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services.children import line_settle, sweep_close, sweep_start
from xingtan.apps.base.pupils.sweeping import progress
from xingtan.ui import policy
from xingtan.ui.scope import place_of
from xingtan.ui.tables import Column, Filter, Table

from . import common
from .children import at


def sweeps(request: HttpRequest, place: str) -> HttpResponseBase:
    """All sweeps, with how far each is."""
    policies.sweeps.require(request.user, policies.VIEW)
    here = place_of(request)
    mine = set(policies.schools_of(request.user, policies.VIEW))
    rows = Sweep.objects.filter(Q(lines__org__in=mine) | Q(org__in=mine), place=here).distinct().select_related("org").order_by("-pk")
    lines = [(row, *progress(row.lines.filter(org__in=mine))) for row in rows[:50]]
    manage = policies.sweeps.can(request.user, policies.MANAGE)
    return render(request, "pupils/sweeps.html", {"lines": lines, "manage": manage, "tabs": common.tabs(request, common.CHILD_TABS)})


def sweep_new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Begin a sweep at the organisation in scope."""
    here, org = place_of(request), at(request)
    policy.require_at(request.user, policies.MANAGE, org)
    today = timezone.localdate()
    form = SweepForm(request.POST or None, initial={"day": today})

    def save() -> Sweep:
        data = form.cleaned_data
        year = grades(here).year_of(data["day"])
        return sweep_start(org=org, year=year, day=data["day"], due=data["due"], title=data["title"], actor=request.actor)  # type: ignore[attr-defined]

    made = common.attempt(request, form, save)
    if made is not None:
        return common.to(here, "sweep", pk=made.pk)
    return common.page(request, form, _("开始排查"), common.url(here, "sweeps"), label=_("开始"))


def sweep(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """One sweep: its cases, those open first; ending it."""
    here = place_of(request)
    row = get_object_or_404(Sweep.objects.select_related("org", "place"), pk=pk, place=here)
    lines = policies.lines.visible(request.user, policies.VIEW, row.lines.select_related("org", "child", "pupil__person"))
    if not lines.exists():
        policies.sweeps.require(request.user, policies.VIEW, row)
    if request.method == "POST":
        policies.sweeps.require(request.user, policies.MANAGE, row)
        sweep_close(sweep=row, actor=request.actor)  # type: ignore[attr-defined]
        messages.success(request, _("排查已结束。"))
        return common.to(here, "sweep", pk=row.pk)
    done, total = progress(lines)
    manage = policies.sweeps.can_on(request.user, policies.MANAGE, row) and row.closed is None
    context = {
        "row": row, "table": _table(here).bind(request, lines), "done": done, "total": total, "manage": manage,
        "tabs": common.tabs(request, common.CHILD_TABS),
    }  # fmt: skip
    return render(request, "pupils/sweep.html", context)


def _table(here: Place) -> Table[SweepLine]:
    columns = (
        Column[SweepLine]("who", gettext_lazy("对象"), _who, link=lambda line: common.url(here, "line", pk=line.pk)),
        Column[SweepLine]("org", gettext_lazy("单位"), lambda line: line.org.name, sort="org__code"),
        Column[SweepLine]("why", gettext_lazy("列入原因"), lambda line: line.get_why_display(), sort="why"),
        Column[SweepLine]("state", gettext_lazy("核实情况"), lambda line: line.state or str(_("未核实")), sort="state"),
        Column[SweepLine]("by", gettext_lazy("核实人"), lambda line: line.settled_by or "—", minor=True),
    )
    whys = [("", str(_("全部"))), *((value, str(label)) for value, label in SweepLine.Why.choices)]
    return Table(columns, (Filter("why", gettext_lazy("列入原因"), partial(_why), choices=whys),), default="state")


def _why(rows: QuerySet[SweepLine], value: str) -> QuerySet[SweepLine]:
    return rows.filter(why=value)


def _who(line: SweepLine) -> str:
    return line.child.name if line.child else line.pupil.person.name if line.pupil else "—"


def line(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Settle one case."""
    here = place_of(request)
    seen = policies.lines.visible(request.user, policies.MANAGE, SweepLine.objects.filter(sweep__place=here))
    row = get_object_or_404(seen.select_related("sweep", "child", "pupil__person", "org"), pk=pk)
    form = SettleForm(request.POST or None, law=rules(here), initial={"state": row.state, "note": row.note})

    def save() -> SweepLine:
        data = form.cleaned_data
        return line_settle(line=row, state=data["state"], note=data["note"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(here, "sweep", pk=row.sweep_id)
    who = _("%(who)s（%(why)s）") % {"who": _who(row), "why": row.get_why_display()}
    return common.page(request, form, _("核实去向"), common.url(here, "sweep", pk=row.sweep_id), note=who)
