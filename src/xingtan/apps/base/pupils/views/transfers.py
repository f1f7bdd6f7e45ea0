"""Transfers: what comes in and goes out, proposing, asking for a pupil by number and name, answering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.forms_more import AnswerForm, ProposalForm, RequestForm
from xingtan.apps.base.pupils.models import Transfer
from xingtan.apps.base.pupils.moving import Seat, spell_on
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services.transfers import (
    Proposal,
    answering,
    transfer_accept,
    transfer_propose,
    transfer_refuse,
    transfer_request,
    transfer_withdraw,
)  # fmt: skip
from xingtan.kernel.errors import XingtanError
from xingtan.ui import policy
from xingtan.ui.issues import onto_form
from xingtan.ui.scope import place_of
from xingtan.ui.tables import Column, Filter, Table

from . import common


def transfers(request: HttpRequest, place: str) -> HttpResponseBase:
    """All transfers of the reader's schools, those that wait for him first."""
    policies.transfers.require(request.user, policies.TRANSFER)
    here = place_of(request)
    mine = set(policies.schools_of(request.user, policies.TRANSFER))
    rows = policies.transfers.visible(request.user, policies.TRANSFER, Transfer.objects.filter(place=here))
    rows = rows.select_related("pupil__person", "source", "target", "proposer")
    waiting = [row for row in rows.filter(state=Transfer.State.PROPOSED) if answering(row).pk in mine]
    columns = (
        Column[Transfer](
            "name", gettext_lazy("学生"), lambda row: row.pupil.person.name, link=lambda row: common.url(here, "transfer", pk=row.pk)
        ),
        Column[Transfer]("source", gettext_lazy("转出学校"), lambda row: row.source.name),
        Column[Transfer]("target", gettext_lazy("转入学校"), lambda row: row.target.name),
        Column[Transfer]("day", gettext_lazy("转学日期"), lambda row: row.day, kind="date", sort="day"),
        Column[Transfer]("deadline", gettext_lazy("答复期限"), lambda row: row.deadline, kind="date", minor=True),
        Column[Transfer]("state", gettext_lazy("状态"), lambda row: row.get_state_display(), sort="state"),
    )
    states = [("", str(_("全部"))), *((value, str(label)) for value, label in Transfer.State.choices)]
    bound = Table(columns, (Filter("state", gettext_lazy("状态"), _state, choices=states),)).bind(request, rows.order_by("-pk"))
    return render(request, "pupils/transfers.html", {"table": bound, "waiting": waiting, "tabs": common.tabs(request)})


def _state(rows: Any, value: str) -> Any:
    return rows.filter(state=value)


def transfer_new(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Propose that a pupil go to another school of the county."""
    found = common.pupil_of(request, policies.TRANSFER, pk)
    law, spell = rules(found.place), spell_on(found, timezone.localdate())
    if spell is None:
        raise Http404
    there = {code: row for code, row in common.all_schools(found.place).items() if row.pk != spell.school_id}
    there = {code: row for code, row in there.items() if spell.stage in law.grades.stages_at(row.kind)}
    form = ProposalForm(
        request.POST or None, request.FILES or None, law=law, schools=common.named(there), initial={"day": timezone.localdate()}
    )

    def save() -> Transfer:
        data = form.cleaned_data
        wanted = Proposal(there[data["target"]], spell.school, data["day"], data["reason"], data["evidence"], data["attachment"])
        return transfer_propose(pupil=found, wanted=wanted, actor=request.actor)  # type: ignore[attr-defined]

    made = common.attempt(request, form, save, _("已提出，等对方答复。"))
    if made is not None:
        return common.to(found.place, "transfer", pk=made.pk)
    back = common.url(found.place, "pupil", pk=found.pk)
    return common.page(request, form, _("提出转学"), back, pupil=found, label=_("提出"))


def transfer_ask(request: HttpRequest, place: str) -> HttpResponseBase:
    """Ask another school for a pupil whom the reader does not see: by identity number and name."""
    policies.transfers.require(request.user, policies.TRANSFER)
    here, law = place_of(request), rules(place_of(request))
    mine = common.schools(request, policies.TRANSFER)
    form = RequestForm(
        request.POST or None, request.FILES or None, law=law, schools=common.named(mine), initial={"day": timezone.localdate()}
    )

    def save() -> Transfer:
        data = form.cleaned_data
        target = mine[data["target"]]
        wanted = Proposal(target, target, data["day"], data["reason"], data["evidence"], data["attachment"])
        return transfer_request(place=here, number=data["id_number"], name=data["name"], wanted=wanted, actor=request.actor)  # type: ignore[attr-defined]

    made = common.attempt(request, form, save, _("已提出，等对方答复。"))
    if made is not None:
        return common.to(here, "transfer", pk=made.pk)
    return common.page(request, form, _("申请转入"), common.url(here, "transfers"), label=_("提出"))


def transfer(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """One transfer: what is proposed, the record that goes along, and the answer."""
    row = _transfer(request, pk)
    law = rules(row.place)
    open_now = row.state == Transfer.State.PROPOSED
    answers = open_now and policy.can_at(request.user, policies.TRANSFER, answering(row).pk)
    withdraws = open_now and policy.can_at(request.user, policies.TRANSFER, row.proposer_id)
    form = AnswerForm(request.POST or None, classes=common.class_choices({row.target.code: row.target}, law.grades, row.day))
    if request.method == "POST" and form.is_valid():
        verb = request.POST.get("do", "")
        if not (withdraws if verb == "withdraw" else answers):
            raise PermissionDenied(policies.TRANSFER)
        try:
            _answered(request, row, form, verb)
        except XingtanError as refused:
            onto_form(form, refused.issues)
        else:
            messages.success(request, _("已办理。"))
            return common.to(row.place, "transfer", pk=row.pk)
    seen = policies.pupils.can_on(request.user, policies.VIEW, row.pupil)
    context = {
        "row": row, "form": form, "answers": answers, "withdraws": withdraws, "seen": seen, "spell": spell_on(row.pupil, row.day),
        "grade": law.grades.word, "tabs": common.tabs(request), "takes": answering(row).pk == row.target_id,
    }  # fmt: skip
    return render(request, "pupils/transfer.html", context, status=422 if form.is_bound and form.errors else 200)


def _transfer(request: HttpRequest, pk: int) -> Transfer:
    seen = policies.transfers.visible(request.user, policies.TRANSFER, Transfer.objects.filter(place=place_of(request)))
    return get_object_or_404(seen.select_related("place", "pupil__person", "source", "target", "proposer", "act"), pk=pk)


def _answered(request: HttpRequest, row: Transfer, form: AnswerForm, verb: str) -> None:
    actor, data = request.actor, form.cleaned_data  # type: ignore[attr-defined]
    if verb == "withdraw":
        transfer_withdraw(transfer=row, actor=actor, answer=data["answer"])
    elif verb == "refuse":
        transfer_refuse(transfer=row, actor=actor, answer=data["answer"])
    elif verb == "accept":
        spell, seat = spell_on(row.pupil, row.day), None
        if spell is not None:
            chosen = common.chosen_class(data["school_class"])
            boarding = common.flag(data["boarding"])
            seat = Seat.of(
                spell, school=row.target, school_class=chosen, seat="", boarding=spell.boarding if boarding is None else boarding
            )
        transfer_accept(transfer=row, actor=actor, seat=seat, answer=data["answer"])
    else:
        raise Http404(verb)


def transfer_file(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """The papers of a transfer, for both schools."""
    return common.papers(_transfer(request, pk).attachment)
