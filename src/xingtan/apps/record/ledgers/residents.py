"""Rows and nil returns live at organisations: whoever undoes an act on the tree sees them, and can send them elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.residents import Resident
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.text import T

from .locks import locked, moved
from .models import Record
from .rows import Row, key_of_row
from .services import Write, write_next
from .shape import shape_of


def _title(place: int, ledger: str) -> str:
    """What the pack in force calls a ledger; its id when it has it no more."""
    pack = active_pack_or_none(Place.objects.get(pk=place))
    known = pack.ledgers.get(ledger) if pack else None
    return known.title if known else ledger


class LedgerResidents:
    """Registered with `orgs`."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        """Rows by ledger; with `since`, rows whose period or date reaches to that day or beyond."""
        rows = Record.objects.filter(org__in=org_ids, live=True)
        if since is not None:
            rows = rows.filter(Q(ends__gte=since) | Q(ends__isnull=True))
        found: dict[int, list[Resident]] = {}
        for org, place, ledger, count in rows.values_list("org", "org__place", "ledger").annotate(count=Count("pk")):
            found.setdefault(org, []).append(Resident(T("台账《%(ledger)s》的记录", ledger=_title(place, ledger)), count))
        return found

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        """Write a new version of each row that counts, at the other organisation."""
        ledgers = Record.objects.filter(org=org, live=True).order_by().values_list("ledger", flat=True).distinct()
        for ledger in list(ledgers):
            state, shape = locked(org.place, ledger), shape_of(org.place, ledger)
            rows = list(Record.objects.filter(org=org, ledger=ledger, live=True))
            write = Write(actor, timezone.localdate(), f"{org.name} → {to.name}")
            for old in rows:
                key, content = key_of_row(shape, old, Row(org_id=to.pk))
                write_next(old, write, org_id=to.pk, key_hash=key, content=content)
            moved(state, [row.period for row in rows])
            after = {"ledger": ledger, "rows": len(rows), "from": org.code, "to": to.code}
            audit(actor=actor, action="record.rehome", place=org.place.slug, target=to, after=after, pack=shape.pack.hash)
