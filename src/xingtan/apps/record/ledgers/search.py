"""The search of the top bar: ledgers by their title, rows by the columns that their ledger names for searching. Personal columns are never
searched: whoever may not read one must not learn by guessing what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.names import holds
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.pack import Pack
from xingtan.pack.schema.ledger import Field, Ledger
from xingtan.ui import policy
from xingtan.ui.named import named
from xingtan.ui.scope import Scope
from xingtan.ui.search import Hit

from . import policies
from .cells import load, words
from .lists import address, period_words
from .models import TEXT_SLOTS, LedgerState, Record
from .selectors import counting, hidden_batches
from .shape import laid_out

SEARCHED = ("text", "person")


def find(account: Any, here: Scope, words: str, limit: int) -> tuple[Sequence[Hit], int]:
    """Ledgers of the pack in force where the reader stands, by part of the title, id or pinyin initials, if he may read any there."""
    if here.place is None or here.org is None or not policy.can_at(account, policies.VIEW, here.org.pk):
        return (), 0
    pack = active_pack_or_none(here.place)
    found = [one for one in (pack.ledgers.values() if pack else ()) if holds(words, one.title, f"{named(one)} {one.title_en} {one.id}")]
    query = urlencode({"org": here.org.code, **({"period": here.period.text} if here.period is not None else {})})
    hits = [Hit(named(one), f"{reverse('ledgers:list', kwargs={'place': here.slug, 'ledger': one.id})}?{query}") for one in found[:limit]]
    return hits, len(found)


def find_records(account: Any, here: Scope, typed: str, limit: int) -> tuple[Sequence[Hit], int]:
    """Rows that count and that the account may read, in which every word stands in one of the searched columns; the latest first."""
    pack = _pack(account, here)
    columns = searched(here.place, pack) if pack else {}
    if not columns or pack is None:
        return (), 0
    wanted = Q(pk__in=())
    for ledger, slots in columns.items():
        wanted |= Q(ledger=ledger) & policies.reach(account, pack, pack.ledgers[ledger]) & _holds(typed, slots.values())
    rows = Record.objects.filter(counting(hidden_batches(here.place)), place=here.place).filter(wanted)
    latest = rows.select_related("org").order_by("-written", "-pk")[:limit]
    return [_hit(here, pack.ledgers[row.ledger], columns[row.ledger], row) for row in latest], rows.count()


def searched(place: Place, pack: Pack) -> dict[str, dict[str, str]]:
    """By ledger, the columns searched (field id → slot): texts and names that the ledger lists under `search`, without personal ones."""
    layouts = dict(LedgerState.objects.filter(place=place).values_list("ledger", "layout"))
    found: dict[str, dict[str, str]] = {}
    for ledger in pack.ledgers.values():
        layout = laid_out(ledger, layouts.get(ledger.id, {}))
        fields = [ledger.field(name) for name in ledger.search if name not in ledger.visible.sensitive]
        slots = {one.id: layout[one.id] for one in fields if one and one.type in SEARCHED and layout.get(one.id) in TEXT_SLOTS}
        if slots:
            found[ledger.id] = slots
    return found


def _pack(account: Any, here: Scope) -> Pack | None:
    return active_pack_or_none(here.place) if here and here.place is not None and policy.can(account, policies.VIEW) else None


def _holds(typed: str, slots: Any) -> Q:
    condition = Q()
    for word in typed.split():
        one = Q(pk__in=())
        for slot in slots:
            one |= Q(**{f"{slot}__icontains": word})
        condition &= one
    return condition


def _hit(here: Scope, ledger: Ledger, columns: dict[str, str], row: Record) -> Hit:
    fields: list[Field] = [item for item in ledger.fields if item.id in columns]
    said = [text for item in fields if (text := words(item, load(item, row.data.get(item.id)), {}))]
    detail = " · ".join(text for text in (named(ledger), row.org.name, period_words(row)) if text)
    return Hit(" · ".join(said), address(here.slug, ledger.id, row.pk), detail)


__all__ = ["find", "find_records", "searched"]
