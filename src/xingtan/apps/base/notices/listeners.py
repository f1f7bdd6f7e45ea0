"""A job that ended tells its owner."""

from __future__ import annotations

from django.urls import reverse

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
