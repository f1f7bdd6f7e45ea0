"""Find ledgers by part of the title, or id, or by pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from xingtan.apps.base.orgs.names import holds
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.ui import policy
from xingtan.ui.scope import Scope
from xingtan.ui.search import Hit

from .policies import VIEW


def find(account: Any, here: Scope, words: str, limit: int) -> tuple[Sequence[Hit], int]:
    """The provider of `ui.search`: ledgers of the pack in force where the reader stands, if he may read any there."""
    if here.place is None or here.org is None or not policy.can_at(account, VIEW, here.org.pk):
        return (), 0
    pack = active_pack_or_none(here.place)
    found = [one for one in (pack.ledgers.values() if pack else ()) if holds(words, one.title, f"{one.title} {one.id}")]
    query = urlencode({"org": here.org.code, **({"period": here.period.text} if here.period is not None else {})})
    hits = [Hit(one.title, f"{reverse('ledgers:list', kwargs={'place': here.slug, 'ledger': one.id})}?{query}") for one in found[:limit]]
    return hits, len(found)
