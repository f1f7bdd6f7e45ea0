from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AidConfig(AppConfig):
    name = "xingtan.apps.desks.aid"
    label = "aid"
    verbose_name = _("资助")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .registration import register

        register()
