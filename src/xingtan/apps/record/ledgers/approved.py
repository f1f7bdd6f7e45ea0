"""The posts that the ledger of approved posts (核定编制与设岗) states, for the establishment table of `staff`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.quantity import Quantity

from . import selectors
from .cells import load

LEDGER, STAGE, POSTS = "approved_posts", "stage", "posts"


def approved_posts(place: Place, day: date) -> Mapping[tuple[int, str], Decimal]:
    """(organisation, stage) → posts in force on a day. Where one number is not exact the sum is not known and left out."""
    pack = active_pack_or_none(place)
    ledger = pack.ledgers.get(LEDGER) if pack else None
    stage, posts = (ledger.field(STAGE), ledger.field(POSTS)) if ledger else (None, None)
    if stage is None or posts is None:
        return {}
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    rows = selectors.current(place, LEDGER).filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    found: dict[tuple[int, str], Decimal | None] = defaultdict(Decimal)
    for org, data in rows.values_list("org_id", "data"):
        word, number = load(stage, data.get(STAGE)), load(posts, data.get(POSTS))
        key = (org, str(word.value) if word else "")
        exact = number.value.value if number and isinstance(number.value, Quantity) and number.value.is_exact else None
        before = found[key]
        found[key] = before + exact if before is not None and exact is not None else None
    return {key: value for key, value in found.items() if value is not None}
