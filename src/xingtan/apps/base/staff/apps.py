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
        from xingtan.ui import menu, nav, registers

        from . import audit_words
        from .datasets import RECORDS, StaffSource
        from .residents import StaffResidents
        from .trail import StaffTrail

        residents.register(StaffResidents())
        StaffSource.register()
        for dataset in RECORDS:
            registers.register(dataset, StaffTrail(dataset))
        nav.register(nav.Entry(16, _("教职工"), "staff:staff", "staff.view", "person"))
        menu.register(menu.Item(15, _("我的业务档案"), "staff:own"))
        audit_words.register()
