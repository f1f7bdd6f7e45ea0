"""How the audit log tells the acts on the tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingtan.apps.base.audit import display
from xingtan.apps.base.audit.display import Change
from xingtan.apps.base.audit.models import Event
from xingtan.kernel.text import T, Text

from .store import unpack
from .tree import Spell, day_text

_SENTENCES = {
    **{f"org.{kind}": T("%(target)s") for kind in ("open", "close", "rename", "move", "merge", "split", "load")},
    "org.undo": T("撤回“%(target)s”"), "place.create": T("建立地方%(target)s"), "pack.activate": T("为%(target)s启用规则包"),
}  # fmt: skip
# For the filter, where no act's own sentence stands.
_KINDS = {
    "org.open": T("设立组织"), "org.close": T("撤销组织"), "org.rename": T("更名改类"), "org.move": T("划转组织"),
    "org.merge": T("合并组织"), "org.split": T("分设组织"), "org.load": T("导入组织名册"), "org.undo": T("撤回组织变更"),
}  # fmt: skip
_TITLES = {
    "title": T("名称"), "code": T("代码"), "name": T("名称"), "kind": T("类型"),
    "version": T("版本"), "hash": T("校验值"), "conversions": T("栏目转换"),
}  # fmt: skip


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in _SENTENCES.items():
        tree = action.startswith("org.")
        display.register(action, sentence, lines=_lines if tree else None, kind=_KINDS.get(action))
    for prefix in ("place", "pack"):
        display.titles(prefix, _TITLES)


def _lines(event: Event) -> list[Change]:
    """One line an organisation: its spells before and after."""
    was, became = _spells(event.was), _spells(event.became)
    names = {code: spells[-1].name for code, spells in {**was, **became}.items() if spells}
    parents = {**event.became.get("", {}).get("names", {}), **names}
    told = ((code, _told(was.get(code, ()), parents), _told(became.get(code, ()), parents)) for code in sorted({**was, **became}))
    return [Change(T("%(name)s（%(code)s）", name=names.get(code, code), code=code), before, after) for code, before, after in told]


def _spells(data: Mapping[str, Any]) -> dict[str, tuple[Spell, ...]]:
    return unpack({code: rows for code, rows in data.items() if code})


def _told(spells: tuple[Spell, ...], names: Mapping[str, str]) -> list[Text]:
    return [_line(spell, names) for spell in spells]


def _line(spell: Spell, names: Mapping[str, str]) -> Text:
    params = {"start": day_text(spell.start), "end": day_text(spell.end), "name": spell.name}
    if spell.parent is None:
        return T("%(start)s至%(end)s：%(name)s", **params)
    return T("%(start)s至%(end)s：%(name)s，属%(parent)s", **params, parent=names.get(spell.parent, spell.parent))
