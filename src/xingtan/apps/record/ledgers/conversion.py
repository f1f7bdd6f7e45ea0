"""When a pack takes over whose ledgers read fields otherwise: convert the rows that count, as the activation states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.packs import Change
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T
from xingtan.pack import Pack

from .cells import dump
from .locks import locked, moved
from .models import Record
from .rows import Row, key_of_row
from .selectors import current
from .services import Write, write_next
from .shape import Shape, laid_out, shape_of
from .values import Reader


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
                _convert(
                    place, ledger, {change: way for change, way in changes.items() if change.ledger == ledger and way != "drop"}, actor
                )


def _convert(place: Place, ledger: str, ways: Mapping[Change, str], actor: Actor) -> None:
    state = locked(place, ledger)
    shape = shape_of(place, ledger)
    for change in ways:
        state.layout.pop(change.field, None)  # the old slot holds values of another type
    state.layout = laid_out(shape.ledger, state.layout)
    reader, faults, touched = Reader(shape), list[Issue](), set[str]()
    write = Write(actor, timezone.localdate(), str(T("规则包 %(version)s 启用时转换", version=shape.pack.version)))
    for old in current(place, ledger).iterator(chunk_size=2000):
        data = _converted(shape, reader, old, ways, faults)
        if data != old.data:
            key, content = key_of_row(shape, old, Row(), data)
            write_next(old, write, data=data, key_hash=key, content=content, pack_hash=shape.pack.hash)
            touched.add(old.period)
    if faults:
        raise XingtanError(faults)
    moved(state, touched)


def _converted(shape: Shape, reader: Reader, old: Record, ways: Mapping[Change, str], faults: list[Issue]) -> dict[str, Any]:
    data = dict(old.data)
    for change, way in ways.items():
        if change.field not in data:
            continue
        stored = data.pop(change.field)
        name = way.removeprefix("rename:") if way.startswith("rename:") else change.field
        if way.startswith("rename:"):
            data[name] = stored
            continue
        text = _text(stored)
        read = reader.read(shape.fields[name], text)
        for fault in read.faults:
            where = Where(file=shape.ledger.title, row=old.pk, field=shape.fields[name].title)
            faults.append(Issue(Severity.ERROR, fault.code, fault.message, where, fault.hint, text))
        if read.cell is not None:
            data[name] = dump(read.cell)
    return {name: data[name] for name in shape.fields if name in data} | {
        name: item for name, item in data.items() if name not in shape.fields
    }


def _text(stored: Any) -> str:
    if isinstance(stored, dict):
        return str(stored.get("t") or stored.get("v") or ("不适用" if stored.get("reason") == "not_applicable" else "××"))
    return {True: "是", False: "否"}.get(stored, str(stored)) if isinstance(stored, bool) else str(stored)
