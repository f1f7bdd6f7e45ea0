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
        from .datasets import SPELLS, StaffSource
        from .residents import StaffResidents
        from .teaching_data import TeachingSource
        from .trail import ClassTrail, StaffTrail

        residents.register_settler(StaffResidents())
        StaffSource.register()
        TeachingSource.register()
        for dataset in SPELLS:
            registers.register(dataset, StaffTrail(dataset))
        for dataset in ("assignment", "curriculum"):
            registers.register(dataset, ClassTrail(dataset))
        nav.register(nav.Entry(16, _("教职工"), "staff:staff", "staff.view", "person"))
        nav.register(nav.Entry(17, _("任课与课程"), "staff:teaching", "staff.view", "clock"))
        menu.register(menu.Item(15, _("我的业务档案"), "staff:own"))
        audit_words.register()
