"""Packs in force: the pack of a place from memory, and what must be settled before another one takes its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from xingtan.apps.base.audit.services import Actor
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T
from xingtan.pack import Pack, restore

from .models import Organisation, PackRelease, Place
from .tree import Rules

CONVERSIONS = ("drop", "text", "parse")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that stored rows may hold and the new pack reads otherwise. `became` is "" when it disappears."""

    ledger: str
    field: str
    was: str
    became: str

    @property
    def key(self) -> str:
        return f"{self.ledger}.{self.field}"


class Watcher(Protocol):
    """An app that keeps what a pack describes (ledgers, targets, …)."""

    def check(self, place: Place, old: Pack | None, new: Pack) -> list[Issue]:
        """Why the new pack cannot take over, from this app's point of view."""

    def activated(self, place: Place, new: Pack, changes: Mapping[Change, str], actor: Actor) -> None:
        """The new pack is in force; convert stored rows (field change → drop, text, parse or `rename:NEW`) in this transaction."""


_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Once, when the app starts."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def watchers() -> tuple[Watcher, ...]:
    return tuple(_watchers)


@lru_cache(maxsize=32)
def _restored(digest: str) -> Pack:
    return restore(PackRelease.objects.values_list("body", flat=True).get(hash=digest).encode())


def pack_by_hash(digest: str) -> Pack:
    """A pack that was once put into force. Raises `PackRelease.DoesNotExist`."""
    return _restored(digest)


def rules(pack: Pack | None) -> Rules:
    """What a pack says about kinds of organisation; without a pack anything goes."""
    if pack is None:
        return Rules()
    return Rules({kind.id: kind.title for kind in pack.organisation.kinds}, dict(pack.organisation.over))


def field_changes(old: Pack | None, new: Pack) -> list[Change]:
    """Fields of the old pack's ledgers that the new one types otherwise or no longer has."""
    found: list[Change] = []
    for ledger in old.ledgers.values() if old else ():
        now = new.ledgers.get(ledger.id)
        for field in ledger.fields:
            other = now.field(field.id) if now else None
            became = type_of(other) if other else ""
            if became != type_of(field):
                found.append(Change(ledger.id, field.id, type_of(field), became))
    return found


def type_of(field: object) -> str:
    """The type of a ledger's field as changes name it: `text`, `number` …, `code(TABLE)`."""
    codes = getattr(field, "codes", None)
    return f"code({codes})" if codes else str(getattr(field, "type", ""))


def conversions_stated(lines: Iterable[str]) -> dict[str, str]:
    """Conversions as people write them, one a line: `ledger.field=way`. Raises XingtanError with every line that says something else."""
    found, faults = dict[str, str](), list[Issue]()
    for line in filter(None, (one.strip() for one in lines)):
        key, _, way = (part.strip() for part in line.partition("="))
        if not way or "." not in key:
            message, hint = T("“%(line)s”不是一条转换", line=line), T("每行写一条，例如 funds.item=drop 或 funds.item=rename:purpose")
            faults.append(error("pack.conversion_line", message, Where(field="conversions"), hint))
        elif found.setdefault(key, way) != way:
            message, hint = T("栏目 %(key)s 写了两种转换", key=key), T("删去一条")
            faults.append(error("pack.conversion_line", message, Where(field="conversions"), hint))
    if faults:
        raise XingtanError(faults)
    return found


def conversion_faults(changes: list[Change], stated: Mapping[str, str], new: Pack) -> list[Issue]:
    """Every change needs one stated conversion that exists."""
    found = [fault for change in changes if (fault := _conversion_fault(change, stated.get(change.key, ""), new))]
    keys = {change.key for change in changes}
    needless = (Where(field=key) for key in stated if key not in keys)
    hint = T("删去这一条")
    return found + [error("pack.conversion_needless", T("栏目 %(key)s 没有变化，不需要转换", key=at.field), at, hint) for at in needless]


def _conversion_fault(change: Change, way: str, new: Pack) -> Issue | None:
    where = Where(field=change.key)
    hint = T("写明转换：drop（不再使用）、text（按文字保留）、parse（重新解析）或 rename:新栏目")
    if not way and not change.became:
        return error("pack.conversion", T("栏目 %(key)s 在新规则包中没有了，已存的值怎么办？", key=change.key), where, hint)
    if not way:
        message = T("栏目 %(key)s 由 %(was)s 改为 %(became)s，已存的值怎么办？", key=change.key, was=change.was, became=change.became)
        return error("pack.conversion", message, where, hint)
    name = way.removeprefix("rename:")
    ledger = new.ledgers.get(change.ledger)
    if way.startswith("rename:"):
        known = ledger is not None and ledger.field(name) is not None
        return None if known else error("pack.conversion_field", T("新规则包的台账没有栏目 %(name)s", name=name), where, hint)
    allowed = ("drop",) if not change.became else CONVERSIONS
    if way in allowed and not (way == "text" and change.became != "text"):
        return None
    return error("pack.conversion_unknown", T("转换方式 %(way)s 在这里不适用", way=way), where, hint)


def kinds_in_use(place: Place) -> dict[str, str]:
    """Kinds of organisations that are not closed, with the name of one of that kind."""
    rows = Organisation.objects.filter(place=place, closed=None).values_list("kind", "name")
    return {kind: name for kind, name in rows}


def kind_faults(place: Place, new: Pack) -> list[Issue]:
    """Organisations whose kind the new pack does not know."""
    known = {kind.id for kind in new.organisation.kinds}
    return [
        error(
            "pack.kind_missing",
            T("新规则包没有组织类型 %(kind)s，而“%(org)s”属于它", kind=kind, org=name),
            Where(field=kind),
            T("先给这些组织更名改类，或在规则包中补上该类型"),
        )
        for kind, name in sorted(kinds_in_use(place).items())
        if kind not in known
    ]
