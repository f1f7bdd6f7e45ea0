"""Staff when schools merge: whoever is employed at a school that ends goes on at the one that carries on; undoing the merger undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import F

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import OrgAct, Organisation, Succession
from xingtan.apps.base.staff.models import Employment
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

from .employment import WORDS


@transaction.atomic
def settle(*, act: OrgAct, moves: Mapping[int, Organisation], actor: Actor) -> int:
    """End each employment at an organisation that ends on the act's day, and begin it anew where it carries on. Returns how many."""
    rows = Employment.objects.select_for_update(of=("self",)).filter(
        org__in=list(moves), valid_to__gt=act.day, valid_from__lt=F("valid_to")
    )
    count = 0
    for row in rows.select_related("person").order_by("pk"):
        _move(row, moves[row.org_id], act)
        count += 1
    if count:
        facts = {"count": count, "to": sorted({org.name for org in moves.values()})}
        record(actor=actor, action="employment.settle", place=act.place.slug, target=act, after=facts)
    return count


def _move(row: Employment, to: Organisation, act: OrgAct) -> None:
    """A spell that begins only after the day moves whole: it has nothing to leave behind."""
    start, until = max(row.valid_from, act.day), row.valid_to
    row.valid_to, row.version = max(row.valid_from, act.day), row.version + 1
    row.save(update_fields=["valid_to", "version"])
    words = {name: getattr(row, name) for name in WORDS}
    Employment.objects.create(person=row.person, org=to, valid_from=start, valid_to=until, basis=row.basis, moved_by=act, **words)


@transaction.atomic
def unsettle(*, act: OrgAct, actor: Actor) -> int:
    """Take `settle` back: the spells it began never were, those it ended go on. Refused, with names, where somebody changed one since."""
    rows = list(
        Employment.objects.select_for_update(of=("self",)).filter(moved_by=act, valid_from__lt=F("valid_to")).select_related("person")
    )
    changed = [row.person.name for row in rows if row.version > 1]
    if changed:
        message = T("合并以后又变更了 %(count)s 人的聘用：%(names)s", count=len(changed), names="、".join(changed[:10]))
        raise XingtanError.one("staff.settled_since", message, T("先把这些变更改回来，再撤回"))
    ended = Succession.objects.filter(act=act).values("predecessor")
    for row in rows:
        before = Employment.objects.filter(person=row.person, valid_to=row.valid_from, org__in=ended, pk__lt=row.pk)
        former = before.order_by("-valid_from", "-pk").first()
        until = _emptied(row, former)
        if former is not None:
            former.valid_to, former.version = until, former.version + 1
            former.save(update_fields=["valid_to", "version"])
    if rows:
        record(actor=actor, action="employment.unsettle", place=act.place.slug, target=act, after={"count": len(rows)})
    return len(rows)


def _emptied(row: Employment, former: Employment | None) -> date:
    """A spell that never was stands at the former organisation: the one it was moved to may go with the act."""
    until = row.valid_to
    row.valid_to, row.version = row.valid_from, row.version + 1
    row.org_id = former.org_id if former is not None else row.org_id
    row.save(update_fields=["org", "valid_to", "version"])
    return until
