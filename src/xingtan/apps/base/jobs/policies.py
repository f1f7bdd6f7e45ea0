"""Who may see a job: its owner, and whoever may see the jobs of its place; jobs of no place are the administrators'."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from xingtan.apps.base.jobs.models import Job
from xingtan.ui.policy import Policy, granted, reach


class JobPolicy(Policy[Job]):
    """`job.view` over the place's root organisation shows all jobs of the place; everybody sees their own."""

    model = Job
    org = "place__root"

    def visible(self, account: Any, action: str = "job.view", rows: QuerySet[Job] | None = None) -> QuerySet[Job]:
        start = Job.objects.all() if rows is None else rows
        scope = granted(account, action)
        if scope.everywhere:
            return start
        return start.filter(Q(owner_id=account.pk) | Q(place__isnull=False) & reach(scope, "place__root"))

    def can_on(self, account: Any, action: str, row: Job) -> bool:
        return self.visible(account, action).filter(pk=row.pk).exists()


jobs = JobPolicy()
