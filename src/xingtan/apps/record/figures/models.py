"""What is remembered of a place's working snapshot; the snapshot itself is files of the warehouse."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingState(models.Model):
    """Up to which event of the place's audit chain the working snapshot has read.

    Every write is an event, so one comparison tells staleness.
    """

    place = models.OneToOneField("orgs.Place", models.CASCADE, related_name="working_state")
    events = models.PositiveBigIntegerField(default=0)
    version = models.CharField(max_length=64, default="")
    rows = models.PositiveBigIntegerField(default=0)
    refreshed = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("工作快照")

    def __str__(self) -> str:
        return f"{self.place} {self.version[:8]}"
