"""The audit log: one hash chain a place. Rows are never changed or deleted; triggers in the database see to it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chain(models.Model):
    """The head of one chain: how many events it has and the hash of the last. A cut tail is found by comparing with it."""

    place = models.CharField(_("地方"), max_length=64, primary_key=True)  # "" is the installation itself
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("审计链")

    def __str__(self) -> str:
        return self.place


class Event(models.Model):
    """One service call: who did what to which record, from what to what, and why. `before` and `after` are canonical JSON or ""."""

    place = models.CharField(_("地方"), max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(_("操作人"), max_length=200)
    action = models.CharField(_("操作"), max_length=64)
    target_type = models.CharField(max_length=64, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(_("对象"), max_length=200, blank=True)
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    reason = models.TextField(_("事由"), blank=True, default="")
    pack = models.CharField(_("规则包"), max_length=64, blank=True, default="")
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计事件")
        ordering = ["place", "-sequence"]
        constraints = [models.UniqueConstraint(fields=["place", "sequence"], name="audit_event_sequence")]
        indexes = [
            models.Index(fields=["place", "target_type", "target_id"], name="audit_event_target"),
            models.Index(fields=["place", "actor_id", "-sequence"], name="audit_event_actor"),
            models.Index(fields=["place", "-at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.place}#{self.sequence} {self.action}"

    @property
    def was(self) -> dict[str, Any]:
        """The values before, by name; empty for something new."""
        return json.loads(self.before) if self.before else {}

    @property
    def became(self) -> dict[str, Any]:
        """The values after, by name; empty for something withdrawn."""
        return json.loads(self.after) if self.after else {}
