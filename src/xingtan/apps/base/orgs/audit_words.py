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
    "org.open": T("设立组织（%(target)s）"), "org.close": T("撤销组织（%(target)s）"), "org.rename": T("更名改类（%(target)s）"),
    "org.move": T("划转组织（%(target)s）"), "org.merge": T("合并组织（%(target)s）"), "org.split": T("分设组织（%(target)s）"),
    "org.load": T("导入组织名册"), "org.undo": T("撤回组织变更（%(target)s）"),
    "place.create": T("建立地方%(target)s"), "pack.activate": T("为%(target)s启用规则包"),
}  # fmt: skip
_TITLES = {
    "title": T("名称"), "code": T("代码"), "name": T("名称"), "kind": T("类型"),
    "version": T("版本"), "hash": T("校验值"), "conversions": T("栏目转换"),
}  # fmt: skip


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in _SENTENCES.items():
        tree = action.startswith("org.")
        display.register(action, sentence, lines=_lines if tree else None)
    for prefix in ("place", "pack"):
        display.titles(prefix, _TITLES)


def _lines(event: Event) -> list[Change]:
    """One line an organisation: its spells before and after."""
    was, became = _spells(event.was), _spells(event.became)
    names = {code: spells[-1].name for code, spells in {**was, **became}.items() if spells}
    return [
        Change(T("%(name)s（%(code)s）", name=names.get(code, code), code=code), _told(was.get(code, ())), _told(became.get(code, ())))
        for code in sorted({**was, **became})
    ]  # fmt: skip


def _spells(data: Mapping[str, Any]) -> dict[str, tuple[Spell, ...]]:
    return unpack({code: rows for code, rows in data.items() if code})


def _told(spells: tuple[Spell, ...]) -> list[Text]:
    return [
        T("%(start)s至%(end)s：%(name)s，属%(parent)s", start=day_text(s.start), end=day_text(s.end), name=s.name, parent=s.parent or "—")
        for s in spells
    ]  # fmt: skip
