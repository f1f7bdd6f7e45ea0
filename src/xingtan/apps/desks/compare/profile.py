"""The panel of an organisation's page: its figures beside its superior's and its peers', and the returns it owes and has sent.

A place among peers is told for school conditions only (the indicators of the pack's standards), never for what pupils achieve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.record.figures import printing, selectors, services
from xingtan.apps.record.figures.asking import Asked, asked
from xingtan.apps.record.figures.explaining import Reading
from xingtan.apps.record.figures.policies import POLICY, VIEW
from xingtan.apps.record.figures.store import Book, book
from xingtan.apps.record.ledgers import selectors as ledgers
from xingtan.apps.record.ledgers.policies import VIEW as ROWS
from xingtan.engine.indicators.spec import IndicatorSpec
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text
from xingtan.pack.due import due_day, due_kinds
from xingtan.press.panels import quartiles
from xingtan.ui import policy
from xingtan.ui.named import named

from .grid import offered
from .judging import PEERS, results
from .levels import under

SHOWN = 12  # figures of the panel; all of them are one link away
TERMS = 3  # periods of which returns are told


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator: the organisation's own reading, its superior's, the middle of its peers and its place among them."""

    title: str
    own: Reading
    above: Reading | None
    middle: Text | None
    peers: int
    place: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """One return of one period. `state`: sent, late, open (its last day is not over)."""

    ledger: str
    period: Text
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the panel shows; `kind` and `within` say who the peers are."""

    figures: list[Figure]
    more: int
    kind: str
    within: str
    returns: list[Due]
    all_url: str


def profile(request: HttpRequest, org: Organisation) -> Profile | None:
    """Gather the panel; None for who may not see the organisation's figures, and where nothing was reported yet."""
    if not policy.can_at(request.user, VIEW, org.pk):
        return None
    here = asked(request)
    here = Asked(here.account, here.actor, here.place, org, here.period)
    try:
        services.keep_fresh(place=here.place, actor=here.actor)
        shelf = book(here.place, reader=here.account)
        shelf.require(org.code)
    except XingtanError:  # a place without rows or rules: the page says the rest
        return None
    return _profile(shelf, here)


def _profile(shelf: Book, here: Asked) -> Profile:
    specs = offered(shelf)
    codes, parent = _peers(shelf, here)
    wanted = [here.org.code, *codes, *([parent] if parent else [])]
    found = selectors.readings(shelf, specs, list(dict.fromkeys(wanted)), here.period)
    known = [spec for spec in specs if found[spec.id, here.org.code].status != "unknown" and not _idle(found[spec.id, here.org.code])]
    conditions = {one.indicator for standard in shelf.pack.equity.values() for one in standard.conditions}
    circle = _Circle(shelf, here.org.code, parent, codes, found)
    figures = [circle.figure(spec, ranked=spec.id in conditions) for spec in known[:SHOWN]]
    kinds = {kind.id: named(kind) for kind in shelf.pack.organisation.kinds}
    day = shelf.day(here.period)
    spell = shelf.tree.spell(here.org.code, day)
    url = f"{reverse('figures:index', kwargs={'place': here.place.slug})}?{urlencode({'org': here.org.code, 'period': here.period.text})}"
    within = shelf.tree.name(_within(shelf, here), day)
    return Profile(figures, len(known) - len(figures), kinds.get(spell.kind, "") if spell else "", within, _returns(shelf, here), url)


def _idle(reading: Reading) -> bool:
    return reading.figure.value.is_not_applicable or not reading.figure.rows


def _peers(shelf: Book, here: Asked) -> tuple[list[str], str]:
    """Others of the kind below the same superior (or, where there are too few, below the whole place), and the superior the reader sees."""
    day = shelf.day(here.period)
    spell = shelf.tree.spell(here.org.code, day)
    if spell is None:
        return [], ""
    root = here.place.root or here.org
    top = Asked(here.account, here.actor, here.place, root, here.period)
    same = [one.code for one in under(shelf, top) if one.kind == spell.kind and one.closed is None and one.code != here.org.code]
    near = {one.code for one in shelf.tree.children(_within(shelf, here), day)} if _within(shelf, here) != root.code else set(same)
    parent = Organisation.objects.filter(place=here.place, code=spell.parent).first()
    seen = parent is not None and POLICY.can_on(here.account, VIEW, parent)
    return [code for code in same if code in near], spell.parent if seen else ""


def _within(shelf: Book, here: Asked) -> str:
    """The superior within which peers are sought: the direct one when it has enough of the kind, else the whole place."""
    day = shelf.day(here.period)
    spell = shelf.tree.spell(here.org.code, day)
    root = str(here.place.root.code) if here.place.root else here.org.code
    if spell is None:
        return root
    same = [one for one in shelf.tree.children(spell.parent, day) if one.kind == spell.kind]
    return spell.parent if len(same) >= PEERS else root


@dataclass(frozen=True, slots=True)
class _Circle:
    """An organisation among its peers, with all their readings."""

    shelf: Book
    own: str
    parent: str
    codes: Sequence[str]
    found: selectors.Readings

    def figure(self, spec: IndicatorSpec, *, ranked: bool) -> Figure:
        reading = self.found[spec.id, self.own]
        values = [value for code in self.codes if (value := self.found[spec.id, code].number) is not None]
        everybody = [*values, *([reading.number] if reading.number is not None else [])]
        above = self.found[spec.id, self.parent] if self.parent else None
        place = _place(spec, reading.number, values) if ranked and len(everybody) >= PEERS else None
        return Figure(named(spec), reading, above, self._middle(spec, everybody), len(everybody), place)

    def _middle(self, spec: IndicatorSpec, everybody: Sequence[float]) -> Text | None:
        if len(everybody) < PEERS or results(self.shelf, spec.id):
            return None
        scale = 100 if spec.unit in printing.PERCENT else 1
        return printing.grouped(Quantity.exact(Decimal(f"{quartiles(everybody)[1] / scale:.10f}")), spec)


def _place(spec: IndicatorSpec, own: float | None, others: Sequence[float]) -> int | None:
    """One more than those that are better; None where there is no better or worse."""
    if own is None or not spec.better:
        return None
    return 1 + sum(value > own if spec.better == "higher" else value < own for value in others)


def _returns(shelf: Book, here: Asked) -> list[Due]:
    """Returns that were due from the organisation itself in the last periods, the latest first; for who may see its rows."""
    if not policy.can_at(here.account, ROWS, here.org.pk) or here.period.end is None:
        return []
    me = Organisation.objects.filter(pk=here.org.pk)
    found: list[Due] = []
    for ledger in shelf.pack.ledgers.values():
        if ledger.due is None or ledger.period not in {"", here.period.kind} or here.org.kind not in due_kinds(shelf.pack, ledger):
            continue
        for back in range(TERMS):
            period = here.period.previous(back) if back else here.period
            owes = ledgers.owing(place=here.place, pack=shelf.pack, ledger=ledger, period=period, orgs=me).exists()
            last = due_day(shelf.pack, ledger, period.end) if period.end else None
            state = "sent" if not owes else "late" if last is not None and last < timezone.localdate() else "open"
            url = reverse("ledgers:list", kwargs={"place": here.place.slug, "ledger": ledger.id})
            found.append(Due(named(ledger), period.label(), state, f"{url}?org={here.org.code}&period={period.text}"))
    return found
