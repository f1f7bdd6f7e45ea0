from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgsConfig(AppConfig):
    name = "xingtan.apps.base.orgs"
    label = "orgs"
    verbose_name = _("组织")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.ui import nav, scope, search

        from . import audit_words
        from .scope import Provider
        from .search import find
        from .sides import TreeSides

        scope.register(Provider())
        nav.register(nav.Entry(80, _("组织"), "orgs:tree", "org.view", "tree"))
        search.register("orgs", search.Provider(10, _("组织"), find))
        audit_words.register()
        TreeSides.register()
