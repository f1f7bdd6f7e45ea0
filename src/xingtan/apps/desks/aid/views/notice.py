"""The public notice and objections to it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.desks.aid import policies, services
from xingtan.apps.desks.aid.forms import AnswerForm, ObjectionForm, PublishForm
from xingtan.apps.desks.aid.models import Objection, Run
from xingtan.apps.desks.aid.notices import days_of, notice_of
from xingtan.apps.record.figures.asking import asked

from .common import acted, one, posted


def publish(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Make the minimised list public for some days; the page shows what will be seen."""
    here, found = one(request, pk, policies.MANAGE)
    pack = orgs.active_pack(found.place)
    page = {
        "title": _("公示"), "button": _("开始公示"), "done": _("已公示"), "notice": notice_of(found, pack),
        "note": _("公示的就是下面这张表，没有别的。期满自动撤下。"),
    }  # fmt: skip
    form = PublishForm(days_of(pack, found.scheme), posted(request))
    return acted(
        request, found, form,
        lambda data: services.notice_publish(run=found, actor=here.actor, first=data["first"], days=data["days"]), page,
    )  # fmt: skip


@login_not_required
def public(request: HttpRequest, token: Any) -> HttpResponse:
    """What everybody may read while the notice runs; before and after there is nothing here."""
    today = timezone.localdate()
    found = get_object_or_404(Run.objects.select_related("place", "org"), token=token, state=Run.State.DECIDED)
    if found.notice_from is None or found.notice_to is None or not found.notice_from <= today < found.notice_to:
        raise Http404("notice")
    answer = render(request, "aid/notice.html", {"run": found, "notice": notice_of(found, orgs.active_pack(found.place))})
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def object_to(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Note an objection."""
    here, found = one(request, pk, policies.MANAGE)
    page = {"title": _("登记异议"), "button": _("登记"), "done": _("异议已登记；处理完才能付款")}
    form = ObjectionForm(posted(request))
    return acted(
        request, found, form,
        lambda data: services.objection_add(run=found, actor=here.actor, text=data["text"], received=data["received"]), page,
    )  # fmt: skip


def answer(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Settle an objection."""
    here = asked(request)
    visible = policies.objections.visible(here.account, policies.VIEW, Objection.objects.filter(run__place=here.place))
    found: Objection = get_object_or_404(visible.select_related("run__place", "run__org"), pk=pk)
    policies.objections.require(here.account, policies.DECIDE, found)
    page = {"title": _("处理异议"), "button": _("处理完毕"), "done": _("异议已处理"), "objection": found}
    form = AnswerForm(posted(request))
    return acted(
        request, found.run, form, lambda data: services.objection_answer(objection=found, actor=here.actor, answer=data["answer"]), page
    )
