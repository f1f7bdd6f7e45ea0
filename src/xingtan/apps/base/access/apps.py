from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "xingtan.apps.base.access"
    label = "access"
    verbose_name = _("权限")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.apps.base.access import registration, sittings  # noqa: F401 - register grants and navigation, and note every sign-in
