"""Long work as people see it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.jobs import policies, services
from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.registry import title_of
from xingtan.apps.base.jobs.selectors import Shown, shown, worker_lives
from xingtan.kernel.errors import XingtanError
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render as words

JOBS: Table[Job] = Table(
    columns=(
        Column("id", gettext_lazy("编号"), lambda j: j.pk, sort="pk", link=lambda j: reverse("jobs:job", args=[j.pk])),
        Column("kind", gettext_lazy("任务"), lambda j: title_of(j.kind), link=lambda j: reverse("jobs:job", args=[j.pk])),
        Column("state", gettext_lazy("状态"), lambda j: j.get_state_display(), sort="state"),
        Column("by", gettext_lazy("发起人"), lambda j: j.actor_label, sort="actor_label"),
        Column("created", gettext_lazy("提交时间"), lambda j: j.created, kind="date", sort="created"),
        Column("ended", gettext_lazy("结束时间"), lambda j: j.ended, kind="date", sort="ended", minor=True),
        Column("place", gettext_lazy("地区"), lambda j: j.place, minor=True),
    ),
    filters=(
        Filter("state", gettext_lazy("状态"), lambda rows, value: rows.filter(state=value), choices=State.choices),
        Filter("day", gettext_lazy("提交日期"), lambda rows, value: rows.filter(created__date=value), kind="date"),
    ),
    default="-id",
)


@require_safe
def job_list(request: HttpRequest) -> HttpResponseBase:
    """My jobs; for managers all jobs of their places."""
    rows = policies.jobs.visible(_reader(request)).select_related("place")
    bound = JOBS.bind(request, rows)
    if bound.export:
        return bound.workbook(_("后台任务"))
    return render(request, "jobs/jobs.html", {"table": bound, "asleep": not worker_lives()})


@require_safe
@never_cache
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress: scripts renew that part, without them the page's own button does."""
    return render(request, "jobs/job.html", _page(request, _visible(request, pk)))


@require_safe
@never_cache
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that is asked for again and again while the job is open."""
    return render(request, "jobs/progress.html", _page(request, _visible(request, pk)))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.job_stop, _("已要求停止"))


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.job_retry, _("已重新提交"))


def _act(request: HttpRequest, pk: int, verb: services.Verb, done: str) -> HttpResponse:
    try:
        job = verb(actor=_reader(request).actor, job=_visible(request, pk))
    except XingtanError as refused:
        for issue in refused.issues:
            messages.error(request, words(issue.message))
        return redirect("jobs:job", pk)
    messages.success(request, done)
    return redirect("jobs:job", job.pk)


def _page(request: HttpRequest, job: Job) -> dict[str, object]:
    told: Shown = shown(job)
    administrator = _reader(request).is_administrator
    return {"told": told, "job": job, "asleep": told.open and not worker_lives(), "trace": job.trace if administrator else ""}


def _visible(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(policies.jobs.visible(_reader(request)).select_related("place", "owner"), pk=pk)


def _reader(request: HttpRequest) -> Account:
    return cast(Account, request.user)
