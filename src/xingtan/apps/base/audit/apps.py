from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "xingtan.apps.base.audit"
    label = "audit"
    verbose_name = _("审计")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.ui import nav

        nav.register(nav.Entry(95, _("审计"), "audit:log", "audit.view", "shield"))
