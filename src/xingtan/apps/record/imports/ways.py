"""What an import can go into: a ledger or a register. Pages, jobs and commands ask here what is particular to each."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from django.urls import reverse

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.services import enqueue
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.ui.named import named

from . import services
from .models import Import
from .pipeline import Step, understand
from .reading.headings import Head, Target
from .reading.sheets import Sheet
from .roster import services as roster
from .targets import targets


class Way(Protocol):
    """The verbs of one target."""

    action: str

    def title(self, source: Import) -> str: ...
    def understand(self, source: Import, sheet: Sheet) -> Head: ...
    def targets(self, source: Import) -> list[Target]: ...
    def read(self, source: Import, today: date, step: Step) -> dict[str, Any]: ...
    def run(self, actor: Actor, source: Import, today: date, step: Step) -> None: ...
    def undo(self, actor: Actor, source: Import, reason: str) -> None: ...
    def list_url(self, source: Import) -> str: ...
    def new_url(self, source: Import) -> str: ...


class LedgerWay:
    """Into a ledger of the pack."""

    action = "ledger.import"

    def title(self, source: Import) -> str:
        return named(shape_of(source.place, source.ledger).ledger)

    def understand(self, source: Import, sheet: Sheet) -> Head:
        return understand(shape_of(source.place, source.ledger), sheet)

    def targets(self, source: Import) -> list[Target]:
        return targets(shape_of(source.place, source.ledger))

    def read(self, source: Import, today: date, step: Step) -> dict[str, Any]:
        return services.import_read(source=source, today=today, step=step).counts

    def run(self, actor: Actor, source: Import, today: date, step: Step) -> None:
        services.import_run(actor=actor, source=source, today=today, step=step)

    def undo(self, actor: Actor, source: Import, reason: str) -> None:
        services.import_undo(actor=actor, source=source, reason=reason)
        enqueue(kind="ledgers.tidy", actor=actor, place=source.place, key=f"ledgers.tidy:{source.place.slug}")

    def list_url(self, source: Import) -> str:
        return reverse("ledgers:list", kwargs={"place": source.place.slug, "ledger": source.ledger})

    def new_url(self, source: Import) -> str:
        return reverse("imports:new", kwargs={"place": source.place.slug, "ledger": source.ledger})


class RosterWay:
    """Into the register of pupils."""

    action = roster.ACTION

    def title(self, source: Import) -> str:
        return str(source.get_target_display())

    def understand(self, source: Import, sheet: Sheet) -> Head:
        return roster.understand(source.place, sheet)

    def targets(self, source: Import) -> list[Target]:
        return roster.targets_of(source.place)

    def read(self, source: Import, today: date, step: Step) -> dict[str, Any]:
        return roster.roster_read(source=source, today=today, step=step).counts

    def run(self, actor: Actor, source: Import, today: date, step: Step) -> None:
        roster.roster_run(actor=actor, source=source, today=today, step=step)

    def undo(self, actor: Actor, source: Import, reason: str) -> None:
        roster.roster_undo(actor=actor, source=source, reason=reason)

    def list_url(self, source: Import) -> str:
        return roster.list_url(source.place)

    def new_url(self, source: Import) -> str:
        return reverse("imports:roster", kwargs={"place": source.place.slug})


WAYS: dict[str, Way] = {Import.Target.LEDGER.value: LedgerWay(), Import.Target.ROSTER.value: RosterWay()}


def way(source: Import) -> Way:
    return WAYS[source.target]
