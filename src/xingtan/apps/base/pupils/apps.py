from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PupilsConfig(AppConfig):
    name = "xingtan.apps.base.pupils"
    label = "pupils"
    verbose_name = _("学生")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import registration

        registration.register()
