"""Rows and nil returns live at organisations: whoever undoes an act on the tree sees them, and can send them elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.residents import Resident
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T
from xingtan.pack.schema.ledger import Field

from .cells import load, words
from .locks import locked, moved
from .models import NilReturn, Record
from .rows import Row, key_of_row
from .sealing import masked
from .selectors import current
from .services import Write, write_next
from .shape import Shape, shape_of


def _title(place: int, ledger: str) -> str:
    """What the pack in force calls a ledger; its id when it has it no more."""
    pack = active_pack_or_none(Place.objects.get(pk=place))
    known = pack.ledgers.get(ledger) if pack else None
    return known.title if known else ledger


class LedgerResidents:
    """Registered with `orgs`."""

    def living_at(self, org_ids: Collection[int], since: date | None = None) -> Mapping[int, Sequence[Resident]]:
        """Rows and nil returns by ledger; with `since`, rows that count and whose period or date reaches to that day or beyond."""
        rows = Record.objects.filter(org__in=org_ids)
        if since is not None:
            rows = rows.filter(Q(ends__gte=since) | Q(ends__isnull=True), live=True)
        found: dict[int, list[Resident]] = {}
        lines = Count(Coalesce("chain", "pk"), distinct=True)  # all versions of a row are one row
        for org, place, ledger, count in rows.order_by().values_list("org", "org__place", "ledger").annotate(count=lines):
            found.setdefault(org, []).append(Resident(T("台账《%(ledger)s》的记录", ledger=_title(place, ledger)), count))
        nils = NilReturn.objects.filter(org__in=org_ids) if since is None else NilReturn.objects.none()
        for org, place, ledger, count in nils.order_by().values_list("org", "org__place", "ledger").annotate(count=Count("pk")):
            found.setdefault(org, []).append(Resident(T("台账《%(ledger)s》的零报告", ledger=_title(place, ledger)), count))
        return found

    def rehome(self, org: Organisation, to: Organisation, actor: Actor) -> None:
        """Write a new version of each row that counts, at the other organisation. Raises XingtanError where such a row is there already."""
        ledgers = {*Record.objects.filter(org=org).order_by().values_list("ledger", flat=True).distinct()}
        ledgers |= {*NilReturn.objects.filter(org=org).order_by().values_list("ledger", flat=True).distinct()}
        faults: list[Issue] = []
        for ledger in sorted(ledgers):
            faults += _rehome(ledger, org, to, actor)
        if faults:
            raise XingtanError(faults)


def _rehome(ledger: str, org: Organisation, to: Organisation, actor: Actor) -> list[Issue]:
    """One ledger's rows and nil returns; the rows that have a twin at the other organisation are returned as faults."""
    state, shape = locked(org.place, ledger), shape_of(org.place, ledger)
    rows = list(current(org.place, ledger).filter(org=org))
    sealed = {old.pk: key_of_row(shape, old, Row(org_id=to.pk)) for old in rows}
    there = set(current(org.place, ledger).filter(org=to).values_list("key_hash", flat=True)) if shape.keyed else set()
    faults = [_twin(shape, old, to) for old in rows if sealed[old.pk][0] in there]
    if faults:
        return faults
    write = Write(actor, timezone.localdate(), f"{org.name} → {to.name}")
    for old in rows:
        key, content = sealed[old.pk]
        write_next(old, write, org_id=to.pk, key_hash=key, content=content)
    # The organisation is to have never been: earlier versions, and rows that are only staged, cannot go on naming it.
    Record.objects.filter(org=org, ledger=ledger).update(org=to)
    nils = _rehome_nils(ledger, org, to)
    moved(state, {row.period for row in rows} | nils)
    after = {"ledger": ledger, "rows": len(rows), "nil": len(nils), "from": org.code, "to": to.code}
    audit(actor=actor, action="record.rehome", place=org.place.slug, target=to, after=after, pack=shape.pack.hash)
    return []


def _rehome_nils(ledger: str, org: Organisation, to: Organisation) -> set[str]:
    """Nil returns go too; one that the other organisation contradicts, or states itself, is withdrawn. Returns the periods."""
    stated = NilReturn.objects.filter(org=org, ledger=ledger)
    periods = set(stated.filter(withdrawn=None).values_list("period", flat=True))
    known = set(NilReturn.objects.filter(org=to, ledger=ledger, withdrawn=None).values_list("period", flat=True))
    known |= set(current(org.place, ledger).filter(org=to).values_list("period", flat=True))
    stated.filter(withdrawn=None, period__in=known).update(withdrawn=timezone.now())
    stated.update(org=to)
    return periods


def _twin(shape: Shape, old: Record, to: Organisation) -> Issue:
    columns = "、".join(text for item in shape.ledger.fields if item.id in shape.ledger.key and (text := _said(shape, item, old)))
    params = {"org": to.name, "ledger": shape.ledger.title, "period": old.period, "columns": columns}
    message = T("“%(org)s”的台账“%(ledger)s”已有同样的一条：%(period)s %(columns)s", **params)
    return Issue(Severity.ERROR, "record.rehome_twin", message, Where(field=to.code), T("先作废其中一条，或改归别的组织"))


def _said(shape: Shape, item: Field, old: Record) -> str:
    said = words(item, load(item, old.data.get(item.id)), shape.titles(item.id))
    return masked(shape.ledger, item, said) if item.id in shape.ledger.visible.sensitive else said
