"""Giving and ending grants, and why an account may do something or may not. The organisation is the one chosen in the bar above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.apps.base.access import policies, services
from xingtan.apps.base.access.explain import explain
from xingtan.apps.base.access.forms import GrantEndForm, GrantForm
from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.views.common import act, reader
from xingtan.apps.base.access.words import TITLES
from xingtan.apps.base.orgs.models import FOREVER, Organisation
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.text import Text
from xingtan.ui.forms import status
from xingtan.ui.policy import Explanation, require_at


@dataclass(frozen=True, slots=True)
class Line:
    """One action and whether the account may do it."""

    title: Text
    answer: Explanation


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as the account's page lists it."""

    pk: int
    title: str
    org: Organisation
    valid_from: date
    valid_to: date
    reason: str
    end_reason: str
    endable: bool


def grant_line(grant: Grant, endable: set[int]) -> GrantLine:
    pack = active_pack_or_none(grant.org.place)
    rule = pack.organisation.post(grant.post) if pack else None
    goes_on = grant.valid_to > timezone.localdate()
    title = rule.title if rule else grant.post
    dates = (grant.valid_from, grant.valid_to)
    return GrantLine(grant.pk, title, grant.org, *dates, grant.reason, grant.end_reason, goes_on and grant.pk in endable)


def grant_new(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Give an account the rights of a post at the organisation in the bar."""
    me, org = reader(request), _org(request)
    account = _account(request, pk)
    require_at(me, "access.manage", org)
    form = GrantForm(request.POST or None, posts=policies.grants.givable(me, org))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = act(form, lambda: services.grant_give(
            actor=me.actor, account=account, org=org, post=facts["post"], valid_from=facts["valid_from"],
            valid_to=facts["valid_to"] or FOREVER, reason=facts["reason"],
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("已授权"))
            return redirect("access:account", pk)
    page = {"form": form, "account": account, "org": org, "back": reverse("access:account", args=[pk])}
    return render(request, "access/grant_form.html", page, status=status(form))


def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant on a day, with a reason."""
    me = reader(request)
    grant = get_object_or_404(policies.grants.visible(me, "access.view").select_related("account", "org__place"), pk=pk)
    policies.grants.require(me, "access.manage", grant)
    form = GrantEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        done = act(form, lambda: services.grant_end(actor=me.actor, grant=grant, on=facts["on"], reason=facts["reason"]))
        if done is not None:
            messages.success(request, _("授权已收回"))
            return redirect("access:account", grant.account_id)
    line = grant_line(grant, set())
    page = {
        "form": form, "account": grant.account, "title": _("收回授权"), "back": reverse("access:account", args=[grant.account_id]),
        "about": _("%(org)s · %(post)s，自 %(start)s 起") % {"org": line.org.name, "post": line.title, "start": line.valid_from},
    }  # fmt: skip
    return render(request, "access/reason.html", page, status=status(form))


@require_safe
def explanation(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Say of every action whether the account may do it at the organisation in the bar, and why."""
    me, org = reader(request), _org(request)
    account = me if pk == me.pk else _account(request, pk)
    if account.pk != me.pk:
        require_at(me, "access.view", org)
    today = timezone.localdate()
    lines = [Line(title, explain(account, action, org, today)) for action, title in TITLES.items()]
    page = {"account": account, "org": org, "lines": lines, "mine": account.pk == me.pk}
    return render(request, "access/explain.html", page)


def _org(request: HttpRequest) -> Organisation:
    scope = getattr(request, "scope", None)
    if scope is None or scope.org is None:
        raise Http404
    org: Organisation = scope.org
    return org


def _account(request: HttpRequest, pk: int) -> Account:
    found = get_object_or_404(policies.accounts.visible(reader(request), "access.view").select_related("place", "person"), pk=pk)
    if found.is_demo and request.method == "POST":
        raise PermissionDenied("access.manage")
    return found
