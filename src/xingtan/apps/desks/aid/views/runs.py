"""A run from proposal to decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.desks.aid import policies, selectors, services
from xingtan.apps.desks.aid.forms import NoteForm, ReasonForm
from xingtan.apps.desks.aid.models import Run
from xingtan.apps.desks.aid.tables import awards_table
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.ui import policy
from xingtan.ui.named import said

from .common import acted, exported, one, posted


@require_POST
def propose(request: HttpRequest, place: str, scheme: str) -> HttpResponse:
    """Put the assessment of the page's organisation and period forward."""
    here = asked(request)
    policy.require_at(here.account, policies.MANAGE, here.org)
    made = services.run_propose(actor=here.actor, place=here.place, org=here.org, scheme=scheme, period=here.period.text)
    messages.success(request, _("已提出，等有权的人审批"))
    return redirect(selectors.address(made))


@require_POST
def draw(request: HttpRequest, place: str, scheme: str) -> HttpResponse:
    """Enter applications for those whom the register of pupils gives."""
    here = asked(request)
    policy.require_at(here.account, policies.MANAGE, here.org)
    policy.require_at(here.account, "pupil.view", here.org)
    period = here.period.text
    count = services.applications_draw(actor=here.actor, place=here.place, org=here.org, scheme=scheme, period=period)
    messages.success(request, _("已从学籍取名单，登记申请 %(count)s 份") % {"count": count})
    return redirect(f"{reverse('aid:scheme', kwargs={'place': place, 'scheme': scheme})}?org={here.org.code}&period={period}")


def run(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Everything about one run: sums, rows with their reasons, approvals, notice, objections, payment."""
    here, found = one(request, pk, policies.VIEW)
    bound = awards_table(found).bind(request, found.awards.select_related("org", "record", "run__place"))
    if bound.export:
        return exported(request, found.org, bound, f"{found.title} {found.period}")
    return render(request, "aid/run.html", {"run": found, "table": bound, **_page(here, found)})


def _page(here: Asked, found: Run) -> dict[str, Any]:
    pack = orgs.active_pack(found.place)
    posts = {one.id: said(one.title, one.title_en) for one in pack.organisation.posts}
    done = list(found.approvals.all())
    steps = [(posts.get(one, one), done[at] if at < len(done) else None) for at, one in enumerate(found.approval or [""])]
    return {
        "sums": selectors.sums(found), "steps": steps, "objections": found.objections.select_related("run__place"),
        "obstacles": selectors.obstacles(found) if found.state == Run.State.DECIDED else [],
        "may_manage": policies.runs.can_on(here.account, policies.MANAGE, found),
        "may_decide": policies.runs.can_on(here.account, policies.DECIDE, found) and here.actor.id != found.made_by,
        "mine": here.actor.id == found.made_by, "publishes": _publishes(pack, found),
    }  # fmt: skip


def _publishes(pack: Any, found: Run) -> bool:
    aid = selectors.aid_of(pack, found.scheme)
    return aid is not None and aid.publish is not None


def approve(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Approve the next step."""
    here, found = one(request, pk, policies.DECIDE)
    page = {
        "title": _("审批"), "button": _("同意"), "done": _("已审批"), "note": _("同意后，名单和金额不能再改；有误请退回。"),
        "sums": selectors.sums(found),
    }  # fmt: skip
    posts = selectors.posts_over(here.account, found.org)
    return acted(
        request, found, NoteForm(posted(request)),
        lambda data: services.run_approve(run=found, actor=here.actor, posts=posts, note=data["note"]), page,
    )  # fmt: skip


def refuse(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Send a proposal back."""
    here, found = one(request, pk, policies.DECIDE)
    page = {"title": _("退回"), "button": _("退回"), "done": _("已退回"), "danger": True}
    form = ReasonForm(posted(request))
    return acted(request, found, form, lambda data: services.run_refuse(run=found, actor=here.actor, reason=data["reason"]), page)


def withdraw(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    here, found = one(request, pk, policies.MANAGE)
    page = {"title": _("撤回"), "button": _("撤回"), "done": _("已撤回"), "danger": True}
    form = ReasonForm(posted(request))
    return acted(request, found, form, lambda data: services.run_withdraw(run=found, actor=here.actor, reason=data["reason"]), page)
