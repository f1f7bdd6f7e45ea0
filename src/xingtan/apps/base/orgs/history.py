"""The life of an organisation in words, from its spells and from who succeeded whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from xingtan.kernel.text import T, Text

from . import selectors
from .models import EVER, FOREVER, Organisation, OrgSpell, Succession
from .tree import Rules, day_text


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to the organisation on a day."""

    day: date
    when: Text
    what: Text


def history(org: Organisation, rules: Rules) -> list[Moment]:
    """Everything that is known, the oldest first."""
    spells = list(org.spells.select_related("parent").order_by("valid_from"))
    found = [_moment(day, text) for day, text in (*_begun(spells, rules), *_changed(spells, rules), *_ended(spells))]
    found += [_moment(one.day, _from(one, org)) for one in selectors.forebears(org) if one.predecessor_id != org.pk]
    found += [_moment(one.day, _to(one, org)) for one in selectors.heirs(org) if one.successor_id != org.pk]
    found += [_moment(one.day, T("分设后保留%(share)s", share=one.percent)) for one in selectors.heirs(org) if one.successor_id == org.pk]
    return sorted(found, key=lambda moment: moment.day)


def _moment(day: date, text: Text) -> Moment:
    return Moment(day, day_text(day), text)


def _begun(spells: list[OrgSpell], rules: Rules) -> list[tuple[date, Text]]:
    found = []
    for before, spell in zip([None, *spells], spells, strict=False):
        if before is not None and before.valid_to == spell.valid_from:
            continue
        params = {"name": spell.name, "kind": rules.title(spell.kind), "parent": spell.parent.name if spell.parent else ""}
        if before is not None:
            text = T("恢复：%(name)s（%(kind)s），属%(parent)s", **params)
        elif spell.valid_from == EVER:
            text = T("已有：%(name)s（%(kind)s），属%(parent)s", **params) if spell.parent else T("已有：%(name)s（%(kind)s）", **params)
        else:
            text = T("设立：%(name)s（%(kind)s），属%(parent)s", **params) if spell.parent else T("设立：%(name)s（%(kind)s）", **params)
        found.append((spell.valid_from, text))
    return found


def _changed(spells: list[OrgSpell], rules: Rules) -> list[tuple[date, Text]]:
    found: list[tuple[date, Text]] = []
    for was, now in pairwise(spells):
        if was.valid_to != now.valid_from:
            continue
        if was.name != now.name:
            found.append((now.valid_from, T("由“%(was)s”更名为“%(now)s”", was=was.name, now=now.name)))
        if was.kind != now.kind:
            found.append((now.valid_from, T("由%(was)s改为%(now)s", was=rules.title(was.kind), now=rules.title(now.kind))))
        if was.parent_id != now.parent_id and was.parent and now.parent:
            found.append((now.valid_from, T("由“%(was)s”划归“%(now)s”", was=was.parent.name, now=now.parent.name)))
    return found


def _ended(spells: list[OrgSpell]) -> list[tuple[date, Text]]:
    ends = [
        was for was, now in pairwise([*spells, None]) if was and was.valid_to != FOREVER and (now is None or now.valid_from > was.valid_to)
    ]
    return [(spell.valid_to, T("撤销：%(name)s", name=spell.name)) for spell in ends]


def _from(one: Succession, org: Organisation) -> Text:
    return T("承接“%(name)s”的%(share)s", name=one.predecessor.name, share=one.percent)


def _to(one: Succession, org: Organisation) -> Text:
    return T("%(share)s由“%(name)s”承接", name=one.successor.name, share=one.percent)
