"""Whom the money goes to, the list for the bank, and what the bank said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from xingtan.apps.base.access import unmask
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.desks.aid import policies, selectors, services, sheets
from xingtan.apps.desks.aid.forms import PaymentForm, ReasonForm, SheetForm
from xingtan.apps.desks.aid.models import Award, Run
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.ui.downloads import XLSX, download
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.named import named

from .common import acted, one, posted


def lines(run: Run) -> list[sheets.Line]:
    """The awards to be paid, each with the name its application gives."""
    pack = orgs.active_pack(run.place)
    awards = list(selectors.payable(run))
    aid = selectors.aid_of(pack, run.scheme)
    names = selectors.names(pack, awards, aid.person or "" if aid is not None else "")
    return [(award, names[award.pk]) for award in awards]


def payees(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Take in the sheet with identity documents and accounts."""
    here, found = one(request, pk, policies.MANAGE)

    def act(data: Any) -> None:
        rows = sheets.read_payees(data["file"].read(), {award.pk: name for award, name in lines(found)})
        services.payees_set(run=found, actor=here.actor, payees=rows)

    page = {
        "title": _("收款资料"), "button": _("上传并检查"), "done": _("收款资料已登记"), "template": "payees",
        "note": _("证件号码和账号加密保存，页面上只显示遮盖后的样子。"),
    }  # fmt: skip
    return acted(request, found, SheetForm(posted(request), request.FILES or None), act, page)


def results(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Take in what the bank reports."""
    here, found = one(request, pk, policies.MANAGE)

    def act(data: Any) -> None:
        rows = sheets.read_results(data["file"].read(), {award.pk: name for award, name in lines(found)})
        services.results_record(run=found, actor=here.actor, results=rows)

    page = {"title": _("付款结果"), "button": _("上传并检查"), "done": _("付款结果已登记"), "template": "results"}
    return acted(request, found, SheetForm(posted(request), request.FILES or None), act, page)


def sheet(request: HttpRequest, place: str, pk: int, kind: str) -> HttpResponseBase:
    """The empty sheets to be filled in."""
    _, found = one(request, pk, policies.MANAGE)
    makers = {"payees": sheets.payee_template, "results": sheets.result_template}
    if kind not in makers:
        raise Http404(kind)
    title = f"{found.title} {found.period}"
    return download(makers[kind](title, lines(found)), f"{title} {kind}.xlsx", XLSX)


def payment(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """The list for the bank: masked, or plain for a purpose that was granted, which is recorded for every number."""
    here, found = one(request, pk, policies.MANAGE)
    form = PaymentForm(_purposes(found), posted(request))
    if form.is_valid():
        try:
            return _payment_list(here, found, form.cleaned_data["purpose"].strip(), form.cleaned_data["reason"].strip())
        except XingtanError as refused:
            onto_form(form, refused.issues)
    page = {
        "title": _("付款清单"), "button": _("导出清单"), "run": found, "form": form, "obstacles": selectors.obstacles(found),
        "sums": selectors.sums(found),
    }  # fmt: skip
    return render(request, "aid/act.html", page, status=status(form))


def _purposes(run: Run) -> list[tuple[str, str]]:
    """The purposes of the pack that open what stands in the list."""
    found = orgs.active_pack(run.place).purposes.values()
    return [(one.id, named(one)) for one in found if {"id_number", "other"} <= set(one.kinds)]


def _payment_list(here: Asked, run: Run, purpose: str, reason: str) -> HttpResponseBase:
    if found := selectors.obstacles(run):
        raise XingtanError(found)
    if purpose and not reason:
        raise XingtanError.one("aid.reason", T("明文导出要写明理由"), T("如 送交某某银行代发"))
    title = f"{run.title} {run.period}"
    with transaction.atomic():
        below = [f"{here.actor.label} · {reason}"] if reason else []
        data = sheets.payment_list(title, _named(here, run, purpose, reason), _shown(here, purpose, reason), below)
        services.payment_exported(run=run, actor=here.actor, purpose=purpose, reason=reason)
    return download(data, f"{title} 付款清单.xlsx", XLSX)


def _named(here: Asked, run: Run, purpose: str, reason: str) -> list[sheets.Line]:
    """The lines of the list; a name that the pack calls sensitive is opened for the purpose like a number."""
    pack = orgs.active_pack(run.place)
    aid = selectors.aid_of(pack, run.scheme)
    column = aid.person or "" if aid is not None else ""
    found = []
    for award, name in lines(run):
        hidden = purpose and name and column in pack.ledgers[award.record.ledger].visible.sensitive
        plain = unmask.reveal(account=here.account, row=award.record, field=column, purpose=purpose, reason=reason) if hidden else name
        found.append((award, plain))
    return found


def _shown(here: Asked, purpose: str, reason: str) -> Callable[[Award, str], str]:
    if not purpose:
        return lambda award, field: str(getattr(award, field))

    def plain(award: Award, field: str) -> str:
        if not getattr(award, field):
            return ""
        return unmask.reveal(account=here.account, row=award, field=field, purpose=purpose, reason=reason)

    return plain


def stop(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """End one award."""
    here = asked(request)
    visible = policies.awards.visible(here.account, policies.VIEW, Award.objects.filter(run__place=here.place))
    found: Award = get_object_or_404(visible.select_related("run__place", "run__org", "org"), pk=pk)
    policies.awards.require(here.account, policies.MANAGE, found)
    page = {"title": _("停发"), "button": _("停发"), "done": _("已停发"), "danger": True}
    form = ReasonForm(posted(request))
    return acted(request, found.run, form, lambda data: services.award_stop(award=found, actor=here.actor, reason=data["reason"]), page)
