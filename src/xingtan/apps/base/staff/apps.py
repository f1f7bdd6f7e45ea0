from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "xingtan.apps.base.staff"
    label = "staff"
    verbose_name = _("教职工")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.apps.base.orgs import residents

        from . import audit_words
        from .residents import StaffResidents

        residents.register(StaffResidents())
        audit_words.register()
