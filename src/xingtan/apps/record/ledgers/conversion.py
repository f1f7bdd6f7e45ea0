"""When a pack takes over whose ledgers read fields otherwise: convert the rows that count, as the activation states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.packs import Change, type_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T
from xingtan.pack import Pack
from xingtan.pack.schema.ledger import NUMERIC, Field

from .cells import dump, load, number_text, quantity
from .locks import locked, moved
from .models import DATE_SLOTS, NUMBER_SLOTS, TEXT_SLOTS, LedgerState, Record
from .rows import Row, key_of_row, slot_values
from .sealing import close, opened
from .selectors import current
from .services import Write, write_next
from .settle import settle_place
from .shape import Shape, laid_out, shape_of
from .values import Reader

CHUNK = 500


class LedgerWatcher:
    """Registered with `orgs.packs`."""

    def check(self, place: Place, old: Pack | None, new: Pack) -> list[Issue]:
        """A ledger that has rows may not disappear: nobody could read them any more."""
        gone = set(old.ledgers if old else ()) - set(new.ledgers)
        return [
            Issue(
                Severity.ERROR, "pack.ledger_gone", T("新规则包没有台账“%(ledger)s”，而它有 %(count)s 条记录", ledger=name, count=count),
                Where(field=name), T("请在新规则包里保留这本台账，或先作废这些记录"),
            )
            for name in sorted(gone)
            if (count := current(place, name).count())
        ]  # fmt: skip

    def activated(self, place: Place, new: Pack, changes: Mapping[Change, str], actor: Actor) -> None:
        """Convert in the caller's transaction. Raises XingtanError with the rows whose cells the new pack cannot read."""
        for ledger in dict.fromkeys(change.ledger for change in changes):
            if ledger in new.ledgers:
                _convert(place, ledger, {change: way for change, way in changes.items() if change.ledger == ledger}, actor)
        settle_place(place, new)


def _convert(place: Place, ledger: str, ways: Mapping[Change, str], actor: Actor) -> None:
    state = locked(place, ledger)
    shape = _laid_out_anew(place, state, ways)
    faults, touched, keys = list[Issue](), set[str](), dict[str, int]()
    reader = Reader(shape)
    write = Write(actor, timezone.localdate(), str(T("规则包 %(version)s 启用时转换", version=shape.pack.version)))
    for old in _rows(place, ledger):
        before = len(faults)
        plain = opened(old.data)
        data = _converted(shape, reader, old, ways, faults)
        if len(faults) > before:
            continue
        key, content = key_of_row(shape, old, Row(), data)
        if shape.keyed and keys.setdefault(key, old.pk) != old.pk:
            faults.append(_twin(shape, old, keys[key]))
        slots = _slots(shape, data)
        if data != plain:
            write_next(old, write, data=close(shape.ledger, data), key_hash=key, content=content, pack_hash=shape.pack.hash, **slots)
            touched.add(old.period)
        elif slots != {name: getattr(old, name) for name in slots}:
            Record.objects.filter(pk=old.pk).update(**slots)  # slots only repeat what the row says
    if faults:
        raise XingtanError(faults)
    moved(state, touched)


def _laid_out_anew(place: Place, state: LedgerState, changes: Iterable[Change]) -> Shape:
    for change in changes:
        state.layout.pop(change.field, None)  # the old slot holds values of another type
    state.layout = laid_out(shape_of(place, state.ledger).ledger, state.layout)
    state.save(update_fields=["layout"])
    return shape_of(place, state.ledger)


def _rows(place: Place, ledger: str) -> Iterator[Record]:
    """The rows that count now; not those that are written while this runs."""
    keys = list(current(place, ledger).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        yield from Record.objects.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")


def _slots(shape: Shape, data: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name: cell for name in shape.fields if (cell := load(shape.fields[name], data.get(name))) is not None}
    return dict.fromkeys((*TEXT_SLOTS, *NUMBER_SLOTS, *DATE_SLOTS)) | slot_values(cells, shape)


def _twin(shape: Shape, old: Record, other: int) -> Issue:
    message = T("转换后，第 %(row)s 号与第 %(other)s 号记录就分不清了：区分各行的栏目都相同", row=old.pk, other=other)
    where = Where(file=shape.ledger.title, row=old.pk)
    return Issue(Severity.ERROR, "pack.conversion_twin", message, where, T("先改或作废其中一条，或在新规则包里保留能区分各行的栏目"))


def _converted(shape: Shape, reader: Reader, old: Record, ways: Mapping[Change, str], faults: list[Issue]) -> dict[str, Any]:
    data = opened(old.data)
    for change, way in ways.items():
        if change.field not in data or (way == "drop" and not change.became):
            continue  # of a field that is gone, what was entered stays in the row, unread
        stored = data.pop(change.field)
        if way == "drop":
            continue
        name = way.removeprefix("rename:") if way.startswith("rename:") else change.field
        target = shape.fields[name]
        if way.startswith("rename:") and name in data:
            faults.append(_taken(shape, old, target))
        elif way.startswith("rename:") and type_of(target) == change.was:
            data[name] = stored
        else:
            data |= _reread(shape, reader, old, target, _text(change.was, stored), faults=faults)
    return {name: data[name] for name in shape.fields if name in data} | {
        name: item for name, item in data.items() if name not in shape.fields
    }


def _taken(shape: Shape, old: Record, target: Field) -> Issue:
    where = Where(file=shape.ledger.title, row=old.pk, field=target.title)
    message = T("“%(field)s”里已经有值，不能再把别的栏目并进来", field=target.title)
    return Issue(Severity.ERROR, "pack.conversion_taken", message, where, T("先清空其中一栏，或改用别的转换"))


def _reread(shape: Shape, reader: Reader, old: Record, target: Field, text: str, *, faults: list[Issue]) -> dict[str, Any]:
    read = reader.read(target, text)
    for fault in read.faults:
        where = Where(file=shape.ledger.title, row=old.pk, field=target.title)
        faults.append(Issue(Severity.ERROR, fault.code, fault.message, where, fault.hint, text))
    return {} if read.cell is None else {target.id: dump(read.cell)}


def _text(was: str, stored: Any) -> str:
    """A cell in words that can be read again. Of a number not what was typed: that may have stood under a heading in 万元."""
    if was in NUMERIC:
        value = quantity(stored)
        if value.is_exact and value.lo is not None:
            return number_text(value.lo)
        if not (value.is_unknown or value.is_not_applicable):
            return value.words(None, "")
    if isinstance(stored, dict):
        return str(stored.get("t") or stored.get("v") or ("不适用" if stored.get("reason") == "not_applicable" else "××"))
    return {True: "是", False: "否"}.get(stored, str(stored)) if isinstance(stored, bool) else str(stored)
