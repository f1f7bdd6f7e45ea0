from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "xingtan.apps.desks.cohorts"
    label = "cohorts"
    verbose_name = _("升留辍")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.ui import nav

        nav.register(nav.Entry(32, _("升留辍"), "cohorts:index", action="figure.view", icon="chart"))
