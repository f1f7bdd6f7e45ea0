"""What changed between two versions of a pack, in words a clerk reads before the new one is put into force."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xingtan.kernel.formula import in_words, parse
from xingtan.kernel.formula.words import Titles
from xingtan.kernel.text import T, Text

from .codec import plain
from .key_titles import KEY_TITLES, NOUN_TITLES
from .schema.pack import PackData
from .scope import titles


class ChangeKind(StrEnum):
    """Whether an item or part came, went or changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `breaking`: stored rows or figures no longer fit and need a stated conversion."""

    kind: ChangeKind
    collection: str
    item: str
    text: Text
    breaking: bool = False


_Path = tuple[str, ...]
_ABSENT = object()
_WHOLE = frozenset({"title", "effective", "place", "organisation", "calendar", "phrases"})  # said as one thing, not item by item
_FORMULAS = frozenset({"formula", "when", "counts", "pool", "points", "score", "at_most", "at_least"})
_COLUMN_SHAPE = frozenset({"type", "codes", "key"})


def diff(old: PackData, new: PackData) -> tuple[Change, ...]:
    """All changes from `old` to `new`, by collection and item."""
    found: list[Change] = []
    before, after = _plain(old), _plain(new)
    names = titles(old), titles(new)
    for collection in NOUN_TITLES:
        was, now = before.get(collection, _ABSENT), after.get(collection, _ABSENT)
        if collection in _WHOLE:
            found += [_Item(collection, "", *names).change("", path, *values) for path, *values in _leaves(was, now, ())]
            continue
        was, now = ({} if side is _ABSENT else side for side in (was, now))
        for name in dict.fromkeys([*was, *now]):
            found += _Item(collection, name, *names).changes(was.get(name), now.get(name))
    return tuple(found)


def _plain(pack: PackData) -> dict[str, Any]:
    found: dict[str, Any] = plain(pack.model_dump(mode="python", by_alias=True, exclude_defaults=True))
    return found


@dataclass(frozen=True, slots=True)
class _Item:
    collection: str
    name: str
    titles_old: Titles
    titles_new: Titles

    def changes(self, was: Any, now: Any) -> Iterator[Change]:
        noun = NOUN_TITLES[self.collection]
        title = (now or was or {}).get("title", self.name) or noun
        if was is None or now is None:
            template = T("新增%(noun)s“%(title)s”") if was is None else T("删去%(noun)s“%(title)s”")
            kind = ChangeKind.ADDED if was is None else ChangeKind.REMOVED
            breaking = now is None and self.collection in {"ledgers", "codes"}
            yield Change(kind, self.collection, self.name, Text(template.template, {"noun": noun, "title": title}), breaking)
            return
        for path, before, after in _leaves(was, now, ()):
            yield self.change(str(title), path, before, after)

    def change(self, title: str, path: _Path, before: Any, after: Any) -> Change:
        noun = NOUN_TITLES[self.collection]
        if path[-1:] == ("body",) and isinstance(before, str) and isinstance(after, str):
            said = {"noun": noun, "title": title, "n": _changed_lines(before, after)}
            return Change(ChangeKind.CHANGED, self.collection, self.name, T("%(noun)s“%(title)s”的正文改了 %(n)s 行", **said))
        said = {
            "item": T("%(noun)s“%(title)s”", noun=noun, title=title) if title else T("%(noun)s", noun=noun),
            "key": _path_words(path),
            "old": self.words(path, before, self.titles_old),
            "new": self.words(path, after, self.titles_new),
        }
        if before is _ABSENT:
            kind, template = ChangeKind.ADDED, T("%(item)s新增%(key)s：%(new)s")
        elif after is _ABSENT:
            kind, template = ChangeKind.REMOVED, T("%(item)s删去%(key)s（原为 %(old)s）")
        else:
            kind, template = ChangeKind.CHANGED, T("%(item)s的%(key)s由 %(old)s 改为 %(new)s")
        return Change(kind, self.collection, self.name, Text(template.template, said), self.breaks(path, before, after))

    def breaks(self, path: _Path, before: Any, after: Any) -> bool:
        """A column that goes, or changes its type or codes, and a key that changes, make stored rows unfit."""
        if self.collection == "ledgers":
            column_gone = path[:1] == ("fields",) and len(path) == 2 and after is _ABSENT
            return column_gone or (path[-1:] != () and path[-1] in _COLUMN_SHAPE and before is not _ABSENT) or path == ("key",)
        return self.collection == "codes" and path[:1] == ("codes",) and len(path) == 2 and after is _ABSENT

    def words(self, path: _Path, value: Any, names: Titles) -> str:
        if value is _ABSENT:
            return ""
        if path and path[-1] in _FORMULAS and isinstance(value, str):
            expr = parse(value).expr
            return in_words(expr, names) if expr is not None else value
        return _shown(value)


def _changed_lines(before: str, after: str) -> int:
    """Lines that came or were rewritten, or went without a successor."""
    blocks = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    return sum(max(was_end - was, now_end - now) for tag, was, was_end, now, now_end in blocks if tag != "equal")


def _leaves(was: Any, now: Any, path: _Path) -> Iterator[tuple[_Path, Any, Any]]:
    """Paths whose values differ. Lists of items are matched by id or code, other lists count as one value."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            yield from _leaves(was.get(key, _ABSENT), now.get(key, _ABSENT), (*path, key))
    elif _keyed(was) and _keyed(now):
        yield from _leaves(_by_key(was), _by_key(now), path)
    elif was != now or type(was) is not type(now):
        yield path, was, now


def _keyed(value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return False
    keys = [item.get("id") or item.get("code") for item in value]
    return all(keys) and len(set(keys)) == len(keys)


def _by_key(value: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(item.get("id") or item.get("code")): {key: part for key, part in item.items() if key != "id"} for item in value}


def _path_words(path: _Path) -> str:
    """`fields, pupils, type` as 栏 pupils 的类型."""
    said = [KEY_TITLES.get(step, step) for step in path]
    return " ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return str(
            value.get("title") or value.get("document") or "；".join(f"{KEY_TITLES.get(k, k)} {_shown(v)}" for k, v in value.items())
        )
    if isinstance(value, list):
        return "、".join(map(_shown, value)) or "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
