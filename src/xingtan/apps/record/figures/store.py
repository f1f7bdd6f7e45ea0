"""One place's snapshots and what is kept in memory for them: compiled models by pack hash, runners and figures by the snapshot's version.

Everything kept here is a pure function of its key, so nothing is ever invalidated; old entries only fall out. The engines are imported
when the first figure is asked for: most commands and pages need none.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from xingtan.apps.base.audit import selectors as audit
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs import selectors as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.text import T
from xingtan.pack import Pack
from xingtan.pack import model as spec_of

from .models import WorkingState
from .small import Veil
from .tree import Tree, tree_of

if TYPE_CHECKING:
    from xingtan.engine.indicators.model import Model
    from xingtan.engine.indicators.table import FigureTable
    from xingtan.warehouse.backends.duckdb import DuckRunner
    from xingtan.warehouse.backends.results import Results
    from xingtan.warehouse.snapshots import Snapshot

ENGINE_VERSION = "1"
MADE = "figures.snapshot_create"
QUIET = (
    "access.",
    "compare.",
    "figures.",
    "import.",
    "job.",
    "reports.",
)  # actions that leave every row, organisation and person as they were
KEPT = 8  # places that a process serves at the same time, each with its present generation
TABLES = 12  # of one snapshot: what pages asked for, in the order of asking
WIDE = 300  # organisations: a place up to this size is computed whole, once for all who look at a part of it
_runners: dict[tuple[str, str], DuckRunner] = {}
_tables: dict[tuple[object, ...], list[FigureTable]] = {}
_lock = threading.Lock()


@cache
def _results() -> Results:
    """Answers outlive the snapshot they were asked of: after a change, only what reads the changed files is asked again."""
    from xingtan.warehouse.backends.results import Results

    return Results()


@lru_cache(maxsize=32)
def compiled(pack_hash: str) -> Model:
    """The compiled model of the pack of that hash. Raises XingtanError with the pack's faults."""
    from xingtan.apps.base.orgs.packs import pack_by_hash
    from xingtan.engine.indicators.model import compile_model

    made = compile_model(spec_of(pack_by_hash(pack_hash)))
    if made.model is None:
        raise XingtanError(made.issues)
    return made.model


def model_of(pack: Pack) -> Model:
    """The compiled model of a pack; kept by hash. Raises XingtanError with the pack's faults."""
    return compiled(pack.hash)


def open_snapshot(place: Place, name: str = "") -> Snapshot:
    """A named snapshot, or the working one as it last was. Raises XingtanError when there is none."""
    from xingtan.warehouse import refresh, snapshots

    if name:
        if not on_record(place, name):
            raise XingtanError.one("snapshot.missing", T("没有快照“%(name)s”", name=name[:64]), T("在“快照”页面查看有哪些快照"))
        return snapshots.get(place.slug, name)
    found = refresh.current(place.slug)
    if found is None:
        raise XingtanError.one(
            "snapshot.none", T("“%(place)s”还没有快照", place=place.title), T("在“快照”页面刷新，或运行 xingtan figures")
        )
    return found


def changed_since(place: Place, events: int | None) -> bool:
    """Whether anything a figure may stand on was written after so many events of the chain. That somebody signed in or drafted a report
    is on record too, and changes no figure. An action that nobody thought of here counts as a change."""
    if events is None:
        return True
    return audit.length(place.slug) != events and audit.moved_on(place.slug, events, QUIET)


def named(place: Place) -> set[str]:
    """Names of the snapshots that were made. The audit log says which: files do not roll back with the database, so a folder whose
    transaction failed is none."""
    return set(_made(place).values_list("target_id", flat=True))


def on_record(place: Place, name: str) -> bool:
    return _made(place).filter(target_id=name).exists()


def _made(place: Place) -> QuerySet[Event]:
    return Event.objects.filter(place=place.slug, action=MADE)


def pack_of(place: Place, snapshot: Snapshot) -> Pack:
    """The pack a snapshot is read with: its own for a named one, the one in force for the working one."""
    from xingtan.apps.base.orgs.packs import pack_by_hash

    return pack_by_hash(snapshot.manifest.pack_hash) if snapshot.manifest.name else orgs.active_pack(place)


def runner_of(snapshot: Snapshot) -> DuckRunner:
    """A runner over the snapshot, shared by this process; the last few are kept."""
    from xingtan.warehouse.backends.duckdb import DuckRunner

    key = (str(snapshot.path), snapshot.version)
    with _lock:
        if key not in _runners:
            while len(_runners) >= KEPT:
                _runners.pop(next(iter(_runners)))
            _runners[key] = DuckRunner(snapshot, results=_results())
        return _runners[key]


def forget() -> None:
    """Drop every table of figures kept in memory: for measurements."""
    with _lock:
        _tables.clear()


class Book:
    """Figures of one place on one snapshot under one pack; `retold`: all periods in today's tree, else each in the tree of its own day."""

    def __init__(self, place: Place, snapshot: Snapshot, pack: Pack, *, retold: bool = False) -> None:
        self.place, self.snapshot, self.pack, self.retold = place, snapshot, pack, retold
        self.model = model_of(pack)
        self.reader: Any = None  # whose rights decide which small groups are shown; None: nobody's in particular

    @property
    def pending(self) -> bool:
        """Whether newer rows wait to be read: of the working snapshot of a large place, while its refresh is under way."""
        if self.snapshot.manifest.name:
            return False
        read = WorkingState.objects.filter(place=self.place).values_list("events", flat=True).first()
        return changed_since(self.place, read)

    @cached_property
    def veil(self) -> Veil:
        """What must not be shown of small groups, to the reader."""
        return Veil(self, self.reader)

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(indicator.id for indicator in self.model.spec.indicators)

    @property
    def tree(self) -> Tree:
        """Who stood where, as this snapshot knows it."""
        return tree_of(self.snapshot)

    def require(self, code: str) -> None:
        """Raise XingtanError (`figure.org`) when the snapshot was made before there was such an organisation."""
        if code not in self.tree:
            message = T("快照 %(snapshot)s 里没有单位 %(code)s", snapshot=self.snapshot.manifest.name or T("工作快照"), code=code)
            raise XingtanError.one("figure.org", message, T("它在快照之后才设立，或数据还在更新；请看新的快照，或稍后再看"))

    def table(self, orgs: Sequence[str], periods: Sequence[Period], indicators: Sequence[str], by: str | None = None) -> FigureTable:
        """Evaluate at once all that a page needs. The table may hold more than was asked: those of this snapshot are shared and kept."""
        from xingtan.engine.indicators.evaluate import evaluate
        from xingtan.engine.indicators.world import world_of

        how: dict[str, Any] = {"by": by, "today": self.today, "recast": self.recast}
        kept = self._kept(tuple(how.values()))
        for table in reversed(kept):
            if set(periods) <= set(table.periods) and set(orgs) <= set(table.orgs) and set(indicators) <= set(table.indicators):
                return table
        runner = runner_of(self.snapshot)
        everyone = len(world_of(runner).codes) <= WIDE and set(orgs) <= set(world_of(runner).codes)
        made = evaluate(self.model, runner, orgs=None if everyone else orgs, periods=periods, indicators=indicators, **how)
        kept.append(made)
        del kept[:-TABLES]
        return made

    def _kept(self, how: tuple[object, ...]) -> list[FigureTable]:
        """The tables that this process has for the snapshot under the pack, computed in the same way."""
        key = (str(self.snapshot.path), self.snapshot.version, self.pack.hash, *how)
        with _lock:
            while key not in _tables and len(_tables) >= 2 * KEPT:
                _tables.pop(next(iter(_tables)))
            return _tables.setdefault(key, [])

    @property
    def today(self) -> date:
        """What formulas call today: the day a named snapshot was made, so that it gives the same number for ever; else this day."""
        manifest = self.snapshot.manifest
        return timezone.localdate(datetime.fromisoformat(manifest.created)) if manifest.name else timezone.localdate()

    @property
    def recast(self) -> date | None:
        """The day in whose tree all periods are told; None: each in the tree of its own day."""
        return self.today if self.retold else None

    def day(self, period: Period) -> date | None:
        """The day whose tree is told for a period."""
        return self.recast or period.end

    def periods(self, kind: object = None) -> tuple[Period, ...]:
        """The periods in which anything was reported, in order; of one kind if given."""
        found = {part.period for part in self.snapshot.manifest.parts if part.period}
        parsed = sorted({Period.parse(text) for text in found})
        return tuple(period for period in parsed if kind is None or period.kind == kind)


def book(place: Place, name: str = "", *, retold: bool = False, reader: Any = None) -> Book:
    """The book of a place: on the working snapshot, or on a named one; as it was, or told in today's tree.

    `reader` is the account that looks; without one small groups of pupils are hidden as from the public.
    """
    snapshot = open_snapshot(place, name)
    found = Book(place, snapshot, pack_of(place, snapshot), retold=retold)
    found.reader = reader
    return found
