"""Views kept and thrown away."""

from __future__ import annotations

from django.db import transaction

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.actors import Actor
from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Organisation
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T

from .models import LONGEST, SavedView


@transaction.atomic
def view_save(*, owner: Account, org: Organisation, name: str, query: str, shared: bool, actor: Actor) -> SavedView:
    """Keep a view under a name; the owner's view of that name in the place is replaced. Raises XingtanError when it is too long."""
    if len(query) > LONGEST:
        raise XingtanError.one("compare.long", T("选的指标太多，记不下"), T("少选一些指标，或分成几个视图"), Where(field="name"))
    old = SavedView.objects.select_for_update().filter(place=org.place, owner=owner, name=name).first()
    before = _told(old) if old is not None else None
    view = old or SavedView(place=org.place, owner=owner, name=name)
    view.org, view.query, view.shared = org, query, shared
    view.save()
    record(actor=actor, action="compare.view_save", place=org.place.slug, target=view, before=before, after=_told(view))
    return view


@transaction.atomic
def view_remove(*, view: SavedView, actor: Actor) -> None:
    """Throw a view away; figures are not touched."""
    record(actor=actor, action="compare.view_remove", place=view.place.slug, target=view, before=_told(view))
    view.delete()


def _told(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "query": view.query, "shared": view.shared}
