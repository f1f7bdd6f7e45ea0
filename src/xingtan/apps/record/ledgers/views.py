"""Ledgers of a place: which there are, who is due, the rows; template, export, nil return, withdrawing many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Organisation
from xingtan.kernel.period import Period
from xingtan.pack.schema.ledger import Ledger
from xingtan.ui import exports, policy, scope
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.named import named
from xingtan.ui.text import render as words

from . import lists, policies, selectors, services, sheets
from .rows import RESERVED
from .shape import Shape, shape_of

PERSONAL = frozenset({"pupil", "teacher", "person"})  # what a ledger is about when every row of it is somebody


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger on the index."""

    ledger: Ledger
    url: str
    rows: int
    owing: int | None


def here(request: HttpRequest) -> scope.Scope:
    """Where the reader stands; refused for who may read no ledger there."""
    found: scope.Scope = request.scope  # type: ignore[attr-defined]
    if not policy.can(request.user, policies.VIEW):
        raise PermissionDenied(policies.VIEW)
    return found


def index(request: HttpRequest, place: str) -> HttpResponseBase:
    """All ledgers of the pack, with the rows of the organisation and period of the page, and who still owes."""
    at = here(request)
    pack, below = orgs.active_pack(at.place), _below(at.org)
    counts = selectors.counts_by_ledger(at.place, below, at.period)
    lines = [
        Line(
            ledger,
            reverse("ledgers:list", kwargs={"place": place, "ledger": ledger.id}) + scope.query(at),
            counts.get(ledger.id, 0),
            _owing(at, ledger, below),
        )
        for ledger in pack.ledgers.values()
    ]
    can_import = policy.can(request.user, policies.IMPORT)
    return render(
        request,
        "ledgers/index.html",
        {"lines": lines, "pack": pack, "imports_url": reverse("imports:list", kwargs={"place": place}) if can_import else ""},
    )


def _below(org: Organisation | None) -> Any:
    return Organisation.objects.filter(pk__in=orgs.subtree_ids(org)) if org else Organisation.objects.none()


def _owing(at: scope.Scope, ledger: Ledger, below: Any) -> int | None:
    """How many organisations still owe this period; None where nothing is due or the period is of another kind."""
    if ledger.due is None or at.period is None or (ledger.period and at.period.kind != ledger.period):
        return None
    pack = orgs.pack_read_along(at.place) or orgs.active_pack(at.place)
    return selectors.owing(place=at.place, pack=pack, ledger=ledger, period=at.period, orgs=below).count()


def listing(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """The rows of a ledger under the page's organisation and period; `?export=xlsx` gives exactly these."""
    at = here(request)
    shape = shape_of(at.place, ledger, orgs.pack_read_along(at.place))  # the request has just read the place
    sight = policies.Sight(shape)
    writer = policy.can(request.user, policies.WRITE)
    bound = lists.table_of(shape, sight, many=writer).bind(request, _rows(request, at, shape))
    if bound.export and (shape.ledger.visible.sensitive or shape.ledger.about in PERSONAL):
        return exports.personal(request, bound, exports.Personal(named(shape.ledger), "ledger", policies.VIEW, at.org or at.place.root))
    if bound.export:
        return _export(request, at, shape, bound)
    context = {
        "shape": shape, "ledger": shape.ledger, "table": bound, "writer": writer, "importer": policy.can(request.user, policies.IMPORT),
        "owing": _owing_orgs(at, shape.ledger), "period": at.period, "may_nil": _may_nil(request, at, shape),
    }  # fmt: skip
    return render(request, "ledgers/list.html", context)


def _rows(request: HttpRequest, at: scope.Scope, shape: Shape) -> Any:
    # What the list's columns show; a row has four times as many.
    rows = selectors.current(at.place, shape.ledger.id).select_related("org").only("org__name", "period", "data", "doubt")
    rows = policies.readable(request.user, shape, rows)
    if at.org is not None and at.org.pk != at.place.root_id:
        rows = rows.filter(org__in=_below(at.org))
    if at.period is not None and request.GET.get("period"):
        rows = selectors.within(rows, at.period)
    return rows


def _owing_orgs(at: scope.Scope, ledger: Ledger) -> list[Organisation]:
    if ledger.due is None or at.period is None or (ledger.period and at.period.kind != ledger.period):
        return []
    pack = orgs.pack_read_along(at.place) or orgs.active_pack(at.place)
    return list(selectors.owing(place=at.place, pack=pack, ledger=ledger, period=at.period, orgs=_below(at.org)))


def _may_nil(request: HttpRequest, at: scope.Scope, shape: Shape) -> bool:
    if at.org is None or at.period is None or shape.ledger.due is None:
        return False
    return policy.can_at(request.user, policies.WRITE, at.org.pk)


def _export(request: HttpRequest, at: scope.Scope, shape: Shape, bound: Any) -> HttpResponseBase:
    org = at.org.name if at.org else at.place.title
    period = words(at.period.label()) if isinstance(at.period, Period) and request.GET.get("period") else _("全部期间")
    under = "；".join(f"{control.filter.title}：{control.value}" for control in bound.controls if control.value)
    about = [f"{shape.ledger.title} · {org} · {period}", sheets.stamp(request.actor.label), *([under] if under else [])]  # type: ignore[attr-defined]
    if bound.words:
        about.append(_("查找：%(words)s") % {"words": bound.words})
    return download(sheets.exported(bound.sheet(shape.ledger.title), about), f"{shape.ledger.title}_{org}.xlsx", XLSX)


def template(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """The empty sheet to fill in."""
    at = here(request)
    shape = shape_of(at.place, ledger)
    return download(sheets.template(shape), _("%(title)s_模板.xlsx") % {"title": shape.ledger.title}, XLSX)


@require_POST
def nil(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """State that the organisation of the page has nothing to report for its period."""
    at = here(request)
    policy.require_at(request.user, policies.WRITE, at.org)
    period = at.period.text if at.period else ""
    services.nil_return(actor=request.actor, place=at.place, ledger=ledger, org=at.org, period=period, note=request.POST.get("note", ""))  # type: ignore[attr-defined]
    messages.success(request, _("已报“无”。以后有了记录，照常填报即可。"))
    return redirect(reverse("ledgers:list", kwargs={"place": place, "ledger": ledger}) + scope.query(at))


@require_POST
def withdraw_many(request: HttpRequest, place: str, ledger: str) -> HttpResponseBase:
    """Withdraw the ticked rows: first asks for the reason, then does it."""
    at = here(request)
    keys = [int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit()][:1000]
    rows = list(selectors.current(at.place, ledger).select_related("org", "place").filter(pk__in=keys))
    for row in rows:
        policies.records.require(request.user, policies.WRITE, row)
    back = reverse("ledgers:list", kwargs={"place": place, "ledger": ledger}) + scope.query(at)
    if not rows:
        messages.warning(request, _("没有勾选任何行。"))
        return redirect(back)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        context = {"rows": rows, "ledger": shape_of(at.place, ledger).ledger, "back": back, "asked": "reason" in request.POST}
        return render(request, "ledgers/withdraw.html", context, status=422 if "reason" in request.POST else 200)
    count = services.record_withdraw(actor=request.actor, records=rows, reason=reason)  # type: ignore[attr-defined]
    messages.success(request, _("已作废 %(count)s 行。历史版本仍可查看。") % {"count": count})
    return redirect(back)


@require_POST
def draft(request: HttpRequest, place: str, ledger: str) -> HttpResponse:
    """Keep what was typed so far; answers with nothing but its success."""
    at = here(request)
    if not policy.can(request.user, policies.WRITE):
        raise PermissionDenied(policies.WRITE)
    shape = shape_of(at.place, ledger)
    typed = {name: str(request.POST[name]) for name in (*shape.fields, *RESERVED) if name in request.POST}
    first = request.POST.get("first", "0")
    number = int(first) if first.isascii() and first.isdigit() and len(first) < 19 else 0
    services.draft_save(actor=request.actor, place=at.place, ledger=ledger, first=number, typed=typed)  # type: ignore[attr-defined]
    return HttpResponse()
