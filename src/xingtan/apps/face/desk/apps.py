from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "xingtan.apps.face.desk"
    label = "desk"
    verbose_name = _("工作台")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.ui import nav

        nav.register(nav.Entry(10, _("工作台"), "desk:home", icon="home"))
        nav.register(nav.Entry(91, _("规则包"), "desk:pack", action="pack.view", icon="pack"))
