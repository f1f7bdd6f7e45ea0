"""Whom the money goes to, what the bank said, and awards that stop."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.desks.aid import selectors
from xingtan.apps.desks.aid.models import Award, Run
from xingtan.apps.desks.aid.sheets import Payee, Result
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .common import locked, said, wanted


@transaction.atomic
def payees_set(*, run: Run, actor: Actor, payees: Sequence[Payee]) -> int:
    """Keep where the money goes, sealed. Returns how many awards were given a payee; the event tells only that number."""
    run = locked(run, Run.State.DECIDED)
    awards = _awards(run, [one.award for one in payees])
    for one in payees:
        award = awards[one.award]
        award.id_number, award.bank, award.account = one.id_number, one.bank, one.account
        award.version += 1
    Award.objects.bulk_update(awards.values(), ["id_number", "bank", "account", "version"], batch_size=200)
    said(run, "payees", actor, rows=len(payees))
    return len(payees)


@transaction.atomic
def results_record(*, run: Run, actor: Actor, results: Sequence[Result]) -> int:
    """What the bank reports: paid on a day, or returned with a reason. Raises XingtanError while the list may not be paid."""
    run = locked(run, Run.State.DECIDED)
    if found := selectors.obstacles(run):
        raise XingtanError(found)
    awards = _awards(run, [one.award for one in results])
    for one in results:
        award = awards[one.award]
        award.state = Award.State.PAID if one.paid else Award.State.RETURNED
        award.paid_on, award.note, award.version = (one.day if one.paid else None), one.note[:200], award.version + 1
    Award.objects.bulk_update(awards.values(), ["state", "paid_on", "note", "version"], batch_size=200)
    paid = [awards[one.award] for one in results if one.paid]
    total = sum((one.amount or Decimal(0) for one in paid), Decimal(0))
    said(run, "results", actor, rows=len(results), paid=len(paid), amount=f"{total:f}")
    return len(results)


@transaction.atomic
def payment_exported(*, run: Run, actor: Actor, purpose: str, reason: str) -> None:
    """Record that the payment list left the house, for which purpose and why."""
    said(run, "payment", actor, reason=reason, rows=selectors.payable(run).count(), sealed=purpose)


@transaction.atomic
def award_stop(*, award: Award, actor: Actor, reason: str) -> Award:
    """End an award that was not paid yet, or that would go on; with the reason."""
    found = Award.objects.select_for_update().select_related("run__place").get(pk=award.pk)
    if found.state not in (Award.State.APPROVED, Award.State.RETURNED, Award.State.PAID):
        raise XingtanError.one("aid.not_in_force", T("这一份没有核准，不用停发"))
    found.note = wanted(reason, T("停发要写明原因"), T("如转学、退学、情况变化"))[:200]
    found.state, found.version = Award.State.STOPPED, found.version + 1
    found.save(update_fields=["state", "note", "version"])
    said(found.run, "stop", actor, reason=found.note, rows=1)
    return found


def _awards(run: Run, keys: Sequence[int]) -> dict[int, Award]:
    return {one.pk: one for one in run.awards.select_for_update().filter(pk__in=keys)}
