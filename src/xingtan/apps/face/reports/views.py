"""Reports of a place: the list, drafting, reading, the frame, issuing, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.ui.downloads import download
from xingtan.ui.forms import status

from . import selectors, services
from .files import KINDS, produce
from .forms import DraftForm, FrameForm, WithdrawForm
from .models import Report
from .policies import POLICY
from .rendering import fits, in_language, kept
from .tables import REPORTS


def index(request: HttpRequest, place: str) -> HttpResponseBase:
    """All reports the reader may see."""
    here = asked(request)
    POLICY.require(here.account, "report.view")
    bound = REPORTS.bind(request, POLICY.visible(here.account, "report.view", selectors.reports(here.place)))
    if bound.export:
        return bound.workbook(_("报告清单"))
    return render(request, "reports/index.html", {"table": bound, "may_draft": _may_issue(here)})


def new(request: HttpRequest, place: str) -> HttpResponse:
    """Draft a report for the organisation and period of the page."""
    here = asked(request)
    _require_issue(here)
    found = [one for one in selectors.templates_for(orgs.active_pack(here.place), here.org) if fits(one, here.period)]
    form = DraftForm([(one.id, one.title) for one in found], request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.report_draft(
            place=here.place, org=here.org, template=form.cleaned_data["template"], period=here.period.text, actor=here.actor
        )
        return redirect(selectors.address(made))
    context = {"form": form, "org": here.org, "period": here.period, "templates": found}
    return render(request, "reports/new.html", context, status=status(form))


def report(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Read a report as a page: every figure a link."""
    here, found = _one(request, pk, "report.view")
    document = in_language(kept(found), request.GET.get("script", ""), here.place)
    may = POLICY.can_on(here.account, "report.issue", found)
    context = {
        "report": found,
        "document": document,
        "may_issue": may,
        "kinds": ("docx", "pdf", "md"),
        "address": selectors.address(found),
        "script": request.GET.get("script", ""),
    }
    return render(request, "reports/report.html", context)


def frame(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Edit what stands around the text of a draft."""
    here, found = _one(request, pk, "report.issue")
    form = FrameForm(request.POST or None, initial={name: getattr(found, name) for name in services.FRAME})
    if request.method == "POST" and form.is_valid():
        services.report_frame(report=found, actor=here.actor, **form.cleaned_data)
        return redirect(selectors.address(found))
    return render(request, "reports/frame.html", {"form": form, "report": found}, status=status(form))


@require_POST
def refresh(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Compute a draft's numbers again."""
    here, found = _one(request, pk, "report.issue")
    services.report_refresh(report=found, actor=here.actor)
    messages.success(request, _("数字已按最新台账更新"))
    return redirect(selectors.address(found))


@require_POST
def issue(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Freeze the data and close the report."""
    here, found = _one(request, pk, "report.issue")
    services.report_issue(report=found, actor=here.actor)
    messages.success(request, _("已印发；数据快照已封存，文中数字此后不再变动"))
    return redirect(selectors.address(found))


def withdraw(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Take an issued report out of force, with a reason."""
    here, found = _one(request, pk, "report.issue")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.report_withdraw(report=found, actor=here.actor, reason=form.cleaned_data["reason"])
        return redirect(selectors.address(found))
    return render(request, "reports/withdraw.html", {"form": form, "report": found}, status=status(form))


def file(request: HttpRequest, place: str, pk: int, kind: str) -> HttpResponseBase:
    """The report as docx, PDF, HTML or Markdown."""
    here, found = _one(request, pk, "report.view")
    if kind not in KINDS:
        raise Http404(kind)
    base = f"{request.scheme}://{request.get_host()}"
    document = in_language(kept(found, base), request.GET.get("script", ""), here.place)
    return download(produce(document, kind), f"{document.title}.{kind}", KINDS[kind])


def _one(request: HttpRequest, pk: int, action: str) -> tuple[Asked, Report]:
    here = asked(request)
    visible = POLICY.visible(here.account, "report.view", selectors.reports(here.place))
    found: Any = get_object_or_404(visible.select_related("place"), pk=pk)
    POLICY.require(here.account, action, found)
    return here, found


def _may_issue(here: Asked) -> bool:
    from xingtan.ui import policy

    return policy.can_at(here.account, "report.issue", here.org.pk)


def _require_issue(here: Asked) -> None:
    from xingtan.ui import policy

    policy.require_at(here.account, "report.issue", here.org)
