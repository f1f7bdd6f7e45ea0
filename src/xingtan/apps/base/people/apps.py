from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "xingtan.apps.base.people"
    label = "people"
    verbose_name = _("人员")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.apps.base.orgs import residents
        from xingtan.ui import nav, search

        from . import audit_words
        from .datasets import StaffSource
        from .residents import PostResidents
        from .search import find

        nav.register(nav.Entry(81, _("人员"), "people:people", "people.view", "people"))
        search.register("people", search.Provider(20, _("人员"), find))
        residents.register(PostResidents())
        StaffSource.register()
        audit_words.register()
