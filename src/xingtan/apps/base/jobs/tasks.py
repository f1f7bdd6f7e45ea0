"""The house's own routine work."""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from xingtan.apps.base.access import sittings
from xingtan.apps.base.access.signin import tidy
from xingtan.apps.base.jobs.models import ENDED, Every, Job
from xingtan.apps.base.jobs.registry import Outcome, task
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.base.jobs.schedule import standing
from xingtan.kernel.text import T

KEPT = timedelta(days=180)


@task("jobs.tidy", title=T("日常清理"))
def clean_up(run: Run) -> Outcome:
    """Drop ended sessions, yesterday's sign-in counts, and jobs that ended half a year ago (the audit log keeps what they did)."""
    now = timezone.now()
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    jobs = Job.objects.filter(state__in=ENDED, ended__lt=now - KEPT, once=None).delete()[0]
    counts = tidy()
    sittings.tidy()
    dropped = {"sessions": sessions, "counts": counts, "jobs": jobs}
    return Outcome(T("清理过期会话 %(sessions)s 个、登录失败计数 %(counts)s 条、旧任务 %(jobs)s 项", **dropped))


standing("jobs.tidy", every=Every.DAY, at=time(3, 30))
