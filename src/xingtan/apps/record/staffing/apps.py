from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffingConfig(AppConfig):
    name = "xingtan.apps.record.staffing"
    label = "staffing"
    verbose_name = _("教职工表格")
    default_auto_field = "django.db.models.BigAutoField"
