"""Snapshots made: the working one follows the ledgers, named ones stay for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.actors import Actor
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.selectors import length
from xingtan.apps.base.audit.services import Target, record
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.issues import Issue

from .models import WorkingState
from .store import ENGINE_VERSION, MADE, QUIET, changed_since, on_record, open_snapshot

if TYPE_CHECKING:
    from xingtan.warehouse.snapshots import Snapshot

INLINE_ROWS = 30_000  # a refresh up to this size takes less than a reader notices
TOGETHER_SECONDS = 0.5  # a clerk who stores several rows in a moment has the snapshot refreshed once
SYSTEM = Actor.system("系统")


def snapshot_refresh(*, place: Place) -> Snapshot:
    """Bring the working snapshot up to date; only what changed is rewritten.

    A reading of what stands in the ledgers, not a change of them: it leaves no audit event. The chain is read before the rows, so that a
    write in between makes the snapshot look older than it is, never newer.
    """
    from xingtan.warehouse.refresh import working

    with transaction.atomic():
        events = length(place.slug)
        made = working(place.slug)
        rows = sum(part.rows for part in made.manifest.parts)
        told = {"events": events, "version": made.version, "rows": rows, "refreshed": timezone.now()}
        WorkingState.objects.update_or_create(place=place, defaults=told)
    return made


def keep_fresh(*, place: Place, actor: Actor) -> None:
    """Before a page is drawn: refresh a small place at once, hand a large one to the queue. The page then shows what there is."""
    state = WorkingState.objects.filter(place=place).first()
    if state is not None and not changed_since(place, state.events):
        return
    if state is None or state.rows <= INLINE_ROWS:
        snapshot_refresh(place=place)
    else:
        _refresh_later(place, actor)


def refresh_soon(event: Event) -> None:
    """After a change in a large place: have its snapshot brought up to date at once, so that whoever looks next finds it there.

    Changes of one moment share one refresh; those that come while it runs share the next.
    """
    if event.place and not event.action.startswith(QUIET):
        place = Place.objects.filter(slug=event.place, working_state__rows__gt=INLINE_ROWS).first()
        if place is not None:
            _refresh_later(place, SYSTEM, after=TOGETHER_SECONDS)


def _refresh_later(place: Place, actor: Actor, after: float = 0) -> None:
    enqueue(kind="figures.refresh", actor=actor, place=place, key=f"figures.refresh:{place.slug}", after=after)


@transaction.atomic
def snapshot_create(*, place: Place, name: str, actor: Actor, reason: str = "") -> Snapshot:
    """Refresh, then keep the state under a name for ever. Raises XingtanError when the name is taken or no name."""
    from xingtan.warehouse import snapshots
    from xingtan.warehouse.refresh import working

    Place.objects.select_for_update().get(pk=place.pk)  # one at a time: what is half made now is nobody's present work
    pack = orgs.active_pack(place)
    if not on_record(place, name):
        snapshots.discard(place.slug, name)
    made = snapshots.freeze(working(place.slug), name, pack_hash=pack.hash, engine_version=ENGINE_VERSION)
    record(
        actor=actor,
        action=MADE,
        place=place.slug,
        target=Target("snapshot", name, name),
        reason=reason,
        pack=pack.hash,
        after={"version": made.version, "rows": sum(part.rows for part in made.manifest.parts)},
    )
    return made


@transaction.atomic
def snapshot_verify(*, place: Place, name: str, actor: Actor) -> tuple[Issue, ...]:
    """Recompute every hash of a snapshot; the outcome is on record."""
    from xingtan.warehouse.verify import verify

    issues = tuple(verify(open_snapshot(place, name), _seal(place, name)))
    record(
        actor=actor,
        action="figures.snapshot_verify",
        place=place.slug,
        target=Target("snapshot", name, name or "working"),
        after={"findings": len(issues)},
    )
    return issues


def _seal(place: Place, name: str) -> str:
    """The seal on record since the snapshot was made: the audit chain keeps it where nobody who edits files can reach."""
    made = Event.objects.filter(place=place.slug, action=MADE, target_id=name).order_by("sequence").first()
    return str(made.became.get("version", "")) if made is not None and name else ""
