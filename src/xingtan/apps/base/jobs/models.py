"""The durable queue: jobs, the workers that run them, and the times at which jobs come by themselves. All in the one database, so that
a job is enqueued in the transaction of the work that wants it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Place


class State(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


KEYED = ~models.Q(key="")
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Worker(models.Model):
    """A process that runs jobs. It beats every few seconds; the jobs of one that stopped beating go back to the queue."""

    id = models.CharField(primary_key=True, max_length=80)
    started = models.DateTimeField(default=timezone.now)
    beat = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("后台进程")

    def __str__(self) -> str:
        return self.id


class Job(models.Model):
    """One piece of long work. `attempts` counts the claims and is the fencing token: who holds an older one may write nothing more."""

    kind = models.CharField(_("类别"), max_length=64)
    payload = models.JSONField(default=dict, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("地区"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs")
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(_("发起人"), max_length=64)
    actor_kind = models.CharField(max_length=8, default="account")
    # At most one job with a key waits and at most one runs, whatever number of people press the button.
    key = models.CharField(max_length=128, blank=True, default="")
    # Unique for ever: work that must not happen twice.
    once = models.CharField(max_length=128, null=True, blank=True, unique=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=3)
    not_before = models.DateTimeField(default=timezone.now)
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs")
    created = models.DateTimeField(_("提交时间"), default=timezone.now)
    started = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended = models.DateTimeField(_("结束时间"), null=True, blank=True)
    stop_asked = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    # Texts as {template, params}: they are translated for whoever reads them.
    note = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=500, blank=True, default="")
    issues = models.JSONField(default=list, blank=True)
    trace = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("后台任务")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=KEYED & models.Q(state="queued", attempts=0), name="jobs_one_waits_by_key"),
            models.UniqueConstraint(fields=["key"], condition=KEYED & models.Q(state="running"), name="jobs_one_runs_by_key"),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=models.Q(state=State.QUEUED), name="jobs_waiting"),
            models.Index(fields=["worker"], condition=models.Q(state=State.RUNNING), name="jobs_running"),
            models.Index(fields=["owner", "-id"], name="jobs_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def ended_already(self) -> bool:
        return self.state in ENDED


class Every(models.TextChoices):
    DAY = "day", _("每天")
    WORKDAY = "workday", _("每个工作日")
    INTERVAL = "interval", _("每隔一段时间")


class Schedule(models.Model):
    """A job that comes by itself. `next_at` is moved by a conditional update in the transaction that enqueues: it fires once."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict, blank=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    every = models.CharField(max_length=8, choices=Every.choices)
    at = models.TimeField(_("时刻"), null=True, blank=True)
    seconds = models.PositiveIntegerField(_("间隔（秒）"), null=True, blank=True)
    next_at = models.DateTimeField(_("下次"), db_index=True)

    class Meta:
        verbose_name = _("定时任务")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every=Every.INTERVAL, seconds__gte=1) | (~models.Q(every=Every.INTERVAL) & models.Q(at__isnull=False)),
                name="jobs_schedule_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name
