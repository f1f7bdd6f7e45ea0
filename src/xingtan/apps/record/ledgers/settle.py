"""Bring stored rows into line with what the pack now calls sensitive, and under the key that seals now.

Columns that became sensitive are sealed, those that are no longer are opened; hashes and slots follow. Also run after a key was added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.vault import keyring, reseal
from xingtan.apps.base.vault.sealed import key_of
from xingtan.kernel.errors import XingtanError
from xingtan.pack import Pack

from .cells import load
from .models import DATE_SLOTS, NUMBER_SLOTS, TEXT_SLOTS, Draft, Record
from .rows import Row, key_of_row, slot_values
from .sealing import SEALED, close, is_sealed, opened
from .shape import Shape, shape_of

CHUNK = 500
_SLOTS = (*TEXT_SLOTS, *NUMBER_SLOTS, *DATE_SLOTS)
_WRITTEN = ["data", "key_hash", "content", *_SLOTS]


def amiss(shape: Shape, row: Record, active: str) -> bool:
    """Whether a row is not as it should be: a sensitive cell open, another one sealed, or sealed under an older key."""
    hidden = frozenset(shape.ledger.visible.sensitive)
    return any(
        is_sealed(cell) != (name in hidden) or (is_sealed(cell) and key_of(cell[SEALED]) != active) for name, cell in row.data.items()
    )


def settle(place: Place, ledger: str) -> int:
    """Settle all versions of a ledger's rows, chunk by chunk; returns how many were written. Safe to stop and to run again."""
    shape, done = shape_of(place, ledger), 0
    active = keyring.ring().active
    for chunk in _chunks(place, ledger):
        wrong = [row for row in chunk if amiss(shape, row, active)]
        if not wrong:
            continue
        with transaction.atomic():
            locked = Record.objects.select_for_update().filter(pk__in=[row.pk for row in wrong])
            done += len(_settled(shape, list(locked)))
    return done


def _settled(shape: Shape, rows: list[Record]) -> list[Record]:
    for row in rows:
        plain = opened(row.data)
        row.data = close(shape.ledger, plain)
        row.key_hash, row.content = key_of_row(shape, row, Row(), plain)
        cells = {name: cell for name in shape.fields if (cell := load(shape.fields[name], plain.get(name))) is not None}
        for slot, value in {**dict.fromkeys(_SLOTS), **slot_values(cells, shape)}.items():
            setattr(row, slot, value)
    Record.objects.bulk_update(rows, _WRITTEN)
    return rows


def _chunks(place: Place, ledger: str) -> Iterator[list[Record]]:
    last = 0
    while rows := list(Record.objects.filter(place=place, ledger=ledger, pk__gt=last).order_by("pk")[:CHUNK]):
        yield rows
        last = rows[-1].pk


def settle_all() -> int:
    """Every ledger of every place, and what was typed and not handed in; returns rows written."""
    packs = ((place, active_pack_or_none(place)) for place in Place.objects.all())
    return sum(settle_place(place, pack) for place, pack in packs if pack is not None) + _drafts()


def settle_place(place: Place, pack: Pack) -> int:
    """Every ledger of a place that has sensitive columns under the pack, or had some; returns rows written."""
    kept = Record.objects.filter(place=place).order_by().values_list("ledger", flat=True).distinct()
    known = [name for name in kept if name in pack.ledgers]
    return sum(settle(place, name) for name in known if pack.ledgers[name].visible.sensitive or _any_sealed(place, name))


def _any_sealed(place: Place, ledger: str) -> bool:
    """Whether some row holds a sealed cell: asked as text, because both databases can."""
    texts = Record.objects.filter(place=place, ledger=ledger).annotate(said=Cast("data", TextField()))
    return texts.filter(said__contains=f'"{SEALED}"').exists()


def keys_used() -> Counter[str]:
    """How many sealed cells lie under each key."""
    found: Counter[str] = Counter()
    sealed = Record.objects.annotate(said=Cast("data", TextField())).filter(said__contains=f'"{SEALED}"').values_list("data", flat=True)
    drafts = Draft.objects.values_list("typed", flat=True)
    for data in (*sealed.iterator(chunk_size=2000), *drafts):
        found.update(key_of(cell[SEALED]) for cell in data.values() if is_sealed(cell))
    return found


def _drafts() -> int:
    done = 0
    for draft in Draft.objects.select_related("place"):
        try:
            ledger = shape_of(draft.place, draft.ledger).ledger
        except XingtanError:
            continue  # the pack has no such ledger any more
        cells = draft.typed.items()
        hidden, active = frozenset(ledger.visible.sensitive), keyring.ring().active
        wrong = any(is_sealed(cell) != (name in hidden) or (is_sealed(cell) and key_of(cell[SEALED]) != active) for name, cell in cells)
        if wrong:
            typed = close(ledger, opened(draft.typed))
            Draft.objects.filter(pk=draft.pk).update(typed=typed)
            done += 1
    return done


def register() -> None:
    """Once, when the app starts: sealed cells follow the keys."""
    reseal.register(reseal.Store("ledgers", settle_all, keys_used))
