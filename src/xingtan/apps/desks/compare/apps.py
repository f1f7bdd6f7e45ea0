from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompareConfig(AppConfig):
    name = "xingtan.apps.desks.compare"
    label = "compare"
    verbose_name = _("对比")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .registration import register

        register()
