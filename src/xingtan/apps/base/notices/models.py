"""What the system has to tell somebody: a sentence and where to go."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One message to one account. The text is kept as template and parameters and translated for its reader."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    template = models.CharField(max_length=500)
    params = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=500, blank=True, default="")
    created = models.DateTimeField(_("时间"), default=timezone.now)
    read = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account"], condition=models.Q(read=None), name="notices_unread")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.template}"
