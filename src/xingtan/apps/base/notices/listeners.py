"""A job that ended tells its owner; a purpose that was asked for or decided tells whom it concerns."""

from __future__ import annotations

from django.urls import reverse

from xingtan.apps.base.access.models import PurposeGrant
from xingtan.apps.base.access.purposes import deciders, on_change
from xingtan.apps.base.jobs.ends import on_end
from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.registry import title_of
from xingtan.apps.base.jobs.texts import text_unpack
from xingtan.apps.base.notices.services import notify
from xingtan.kernel.text import T, Text


@on_end
def tell_owner(job: Job) -> None:
    """Tell the owner how a job ended. One who cancelled it knows."""
    if job.owner is None or job.state == State.CANCELLED:
        return
    page = reverse("jobs:job", kwargs={"pk": job.pk})
    notify(account=job.owner, text=_said(job), url=(job.url if job.state == State.DONE else "") or page)


def _said(job: Job) -> Text:
    title, outcome = title_of(job.kind), text_unpack(job.outcome)
    if job.state == State.FAILED:
        return T("“%(title)s”没有完成，请查看原因", title=str(title))
    if outcome is None:
        return T("“%(title)s”已完成", title=str(title))
    return T("“%(title)s”已完成：%(outcome)s", title=str(title), outcome=str(outcome))


@on_change
def tell_of_purpose(grant: PurposeGrant) -> None:
    """What is asked goes to everybody who may decide, what is decided to the one who asked."""
    page = reverse("access:purpose", kwargs={"place": grant.org.place.slug, "pk": grant.pk})
    if grant.state == PurposeGrant.State.ASKED:
        said = T("%(name)s申请查看敏感信息，请批准", name=grant.account.display_name)
        for decider in deciders(grant):
            notify(account=decider, text=said, url=page)
        return
    if grant.decided_by_id != grant.account_id:
        notify(account=grant.account, text=_DECISIONS[PurposeGrant.State(grant.state)], url=page)


_DECISIONS = {
    PurposeGrant.State.GRANTED: T("您查看敏感信息的申请已批准"),
    PurposeGrant.State.REFUSED: T("您查看敏感信息的申请未获批准"),
    PurposeGrant.State.ENDED: T("您查看敏感信息的批准已被收回"),
}
