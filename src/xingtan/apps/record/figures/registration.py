"""What figures hang into the house: navigation, search, freshness, sentences of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.audit import display, listening
from xingtan.apps.base.orgs.names import holds
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.text import T
from xingtan.ui import nav, policy, scope, search
from xingtan.ui.named import named
from xingtan.ui.scope import Freshness, Scope

from . import selectors, services
from .models import WorkingState
from .store import changed_since


def freshness(place: Any) -> Freshness:
    """As of when the figures stand, and whether newer rows wait."""
    state = WorkingState.objects.filter(place=place).values_list("refreshed", "version", "events").first()
    if state is None:
        return Freshness()
    refreshed, version, events = state
    return Freshness(refreshed, version[:6], changed_since(place, events))


def find(account: Any, here: Scope, words: str, limit: int) -> tuple[Sequence[search.Hit], int]:
    """Indicators of the place's pack whose title or id holds the words, or whose title has these pinyin initials."""
    if here.place is None or here.org is None or not policy.can_at(account, "figure.view", here.org.pk):
        return (), 0
    pack = active_pack_or_none(here.place)
    known = pack.indicators.values() if pack else ()
    found = [one for one in known if holds(words, one.title, f"{one.title} {one.title_en} {named(one)} {one.id}")]
    period = here.period.text if here.period is not None else ""
    hits = [search.Hit(named(one), selectors.address(here.slug, one.id, here.org.code, period), one.unit) for one in found[:limit]]
    return hits, len(found)


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.Entry(30, _("指标"), "figures:index", action="figure.view", icon="chart"))
    nav.register(nav.Entry(92, _("快照"), "figures:snapshots", action="snapshot.manage", icon="lock"))
    scope.register_freshness(freshness)
    listening.on_event(services.refresh_soon)
    search.register("figures", search.Provider(30, _("指标"), find))
    display.register("figures.snapshot_create", T("封存快照%(target)s"))
    display.register("figures.snapshot_verify", T("核对快照%(target)s"))
    display.titles("figures", {"version": T("校验码"), "rows": T("行数"), "findings": T("不一致处")})
