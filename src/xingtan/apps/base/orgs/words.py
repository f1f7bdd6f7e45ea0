"""Acts, changes and histories told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xingtan.kernel.text import T, Text

from .models import EVER, FOREVER, OrgAct
from .tree import Forest, Rules, Spell, day_text


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation before and after an act."""

    code: str
    name: str
    before: tuple[Text, ...]
    after: tuple[Text, ...]


def spell_text(spell: Spell, forest: Forest, rules: Rules) -> Text:
    """“2001年9月1日起：东山小学（完全小学），属东镇”."""
    params: dict[str, object] = {
        "start": day_text(spell.start), "end": day_text(spell.end), "name": spell.name, "kind": rules.title(spell.kind),
        "parent": forest.name(spell.parent, spell.start) if spell.parent else "",
    }  # fmt: skip
    if spell.start == EVER and spell.end == FOREVER:
        return T("%(name)s（%(kind)s），属%(parent)s", **params) if spell.parent else T("%(name)s（%(kind)s）", **params)
    if spell.end == FOREVER:
        return (
            T("%(start)s起：%(name)s（%(kind)s），属%(parent)s", **params)
            if spell.parent
            else T("%(start)s起：%(name)s（%(kind)s）", **params)
        )
    if spell.parent:
        return T("%(start)s至%(end)s：%(name)s（%(kind)s），属%(parent)s", **params)
    return T("%(start)s至%(end)s：%(name)s（%(kind)s）", **params)


def lines(old: Forest, new: Forest, rules: Rules) -> list[Line]:
    """What differs between two states of the tree, one line an organisation, in order of code."""
    return [
        Line(
            code,
            new.name(code) if code in new else old.name(code),
            tuple(spell_text(spell, old, rules) for spell in old.spells.get(code, ())),
            tuple(spell_text(spell, new, rules) for spell in new.spells.get(code, ())),
        )
        for code in sorted(new.changed(old))
    ]


def act_text(act: OrgAct) -> Text:
    """What an act did, in one sentence; the names are those of its day."""
    facts: Mapping[str, Any] = act.facts
    names: Mapping[str, str] = facts.get("names", {})
    told = _TOLD.get(act.kind)
    return told(facts, names, act.day) if told else T("%(what)s", what=act.get_kind_display())


def _open(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    new = facts["new"]
    return T("%(day)s，设立%(name)s，属%(parent)s", day=day_text(day), name=new["name"], parent=names.get(new["parent"], new["parent"]))


def _close(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    return T("%(day)s，撤销%(name)s", day=day_text(day), name=names.get(facts["code"], facts["code"]))


def _rename(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    was = names.get(facts["code"], facts["code"])
    if was == facts["name"]:
        return T("%(day)s，%(name)s改变类型", day=day_text(day), name=was)
    return T("%(day)s，%(was)s更名为%(name)s", day=day_text(day), was=was, name=facts["name"])


def _move(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    code, parent = facts["code"], facts["parent"]
    return T("%(day)s，%(name)s划归%(parent)s", day=day_text(day), name=names.get(code, code), parent=names.get(parent, parent))


def _merge(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    into = facts["into"]
    heir = into if isinstance(into, str) else into["code"]
    name = names.get(heir, heir) if isinstance(into, str) else into["name"]
    sources = "、".join(names.get(code, code) for code in facts["sources"] if code != heir)
    if isinstance(into, str):
        return T("%(day)s，%(sources)s并入%(name)s", day=day_text(day), sources=sources, name=name)
    return T("%(day)s，%(sources)s合并为%(name)s", day=day_text(day), sources=sources, name=name)


def _split(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    parts = "、".join(part["new"]["name"] for part in facts["parts"])
    return T("%(day)s，%(name)s分设为%(parts)s", day=day_text(day), name=names.get(facts["code"], facts["code"]), parts=parts)


def _load(facts: Mapping[str, Any], names: Mapping[str, str], day: date) -> Text:
    return T("批量导入 %(count)s 个组织", count=facts.get("count", 0))


_TOLD: dict[str, Callable[[Mapping[str, Any], Mapping[str, str], date], Text]] = {
    OrgAct.Kind.OPEN: _open, OrgAct.Kind.CLOSE: _close, OrgAct.Kind.RENAME: _rename, OrgAct.Kind.MOVE: _move,
    OrgAct.Kind.MERGE: _merge, OrgAct.Kind.SPLIT: _split, OrgAct.Kind.LOAD: _load,
}  # fmt: skip
