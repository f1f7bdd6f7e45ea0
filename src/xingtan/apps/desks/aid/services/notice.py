"""Make the list public for some days, and take objections."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.desks.aid.models import Objection, Run
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .common import locked, said, wanted


@transaction.atomic
def notice_publish(*, run: Run, actor: Actor, first: date, days: int) -> Run:
    """Show the notice from `first` for `days` days. Raises XingtanError for no days, or when it has been shown already."""
    run = locked(run, Run.State.DECIDED)
    if run.notice_from is not None:
        raise XingtanError.one("aid.published", T("已经公示过"), T("公示的起止见页面上方"))
    if not 1 <= days <= 365:
        raise XingtanError.one("aid.days", T("公示天数要在 1 到 365 之间"), T("照规则包里写的天数"))
    run.notice_from, run.notice_to = first, first + timedelta(days=days)
    run.save(update_fields=["notice_from", "notice_to"])
    said(run, "publish", actor, **{"from": first.isoformat(), "to": run.notice_to.isoformat()})
    return run


@transaction.atomic
def objection_add(*, run: Run, actor: Actor, text: str, received: date) -> Objection:
    """Note an objection; its text is sealed, because it speaks of persons."""
    run = locked(run, Run.State.DECIDED)
    words = wanted(text, T("要写明异议的内容"), T("照原话记"))
    made = Objection.objects.create(run=run, text=words, by=actor.id, by_label=actor.label, received=received)
    said(run, "object", actor, received=received.isoformat())
    return made


@transaction.atomic
def objection_answer(*, objection: Objection, actor: Actor, answer: str) -> Objection:
    """Settle an objection, by another person than whoever entered it. Raises XingtanError otherwise."""
    found = Objection.objects.select_for_update().select_related("run__place").get(pk=objection.pk)
    if found.answered is not None:
        raise XingtanError.one("aid.answered", T("这条异议已经处理过"))
    found.answer = wanted(answer, T("要写明处理结果"), T("写明核实的情况和结论"))[:1000]
    found.answered, found.answered_by_label = timezone.now(), actor.label
    found.save(update_fields=["answer", "answered", "answered_by_label"])
    said(found.run, "answer", actor, reason=found.answer)
    return found
