from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "xingtan.apps.record.ledgers"
    label = "ledgers"
    verbose_name = _("台账")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from xingtan.apps.base.orgs import packs, residents, scope
        from xingtan.apps.base.staff import dossier as files
        from xingtan.apps.base.staff import quota
        from xingtan.apps.record.ledgers import approved, dossier, periods, reveal, search, settle, told
        from xingtan.apps.record.ledgers.conversion import LedgerWatcher
        from xingtan.apps.record.ledgers.datasets import LedgerSource, ReturnSource
        from xingtan.apps.record.ledgers.residents import LedgerResidents
        from xingtan.ui import nav
        from xingtan.ui import search as ui_search
        from xingtan.warehouse import registry

        told.register()
        reveal.register()
        settle.register()
        files.register(20, dossier.sections)
        quota.register_approved(approved.approved_posts)
        registry.register(LedgerSource())
        registry.register_side(ReturnSource())
        packs.watch(LedgerWatcher())
        residents.register(LedgerResidents())
        scope.register_periods(periods.known)
        nav.register(nav.Entry(20, _("台账"), "ledgers:index", "ledger.view", "ledger", apps=("imports",)))
        ui_search.register("ledgers", ui_search.Provider(25, _("台账"), search.find))
        ui_search.register("records", ui_search.Provider(50, _("台账记录"), search.find_records))
