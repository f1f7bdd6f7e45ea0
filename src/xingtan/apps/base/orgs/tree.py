"""The effective-dated tree as a value: organisations by code, each with its spells. No database here; acts are tried on it first.

The database repeats it row for row (OrgSpell), and OrgEdge is its `closure()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text

from .models import EVER, FOREVER


@dataclass(frozen=True, slots=True)
class Spell:
    """Name, kind and parent of an organisation for start ≤ day < end."""

    name: str
    kind: str
    parent: str | None
    start: date = EVER
    end: date = FOREVER

    def on(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Edge:
    """`descendant` stands `depth` steps below `ancestor` for start ≤ day < end."""

    ancestor: str
    descendant: str
    depth: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Rules:
    """What the pack says about kinds. `over` empty: any kind may stand below any; otherwise a kind not named in it has nothing below."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def title(self, kind: str) -> str:
        return self.kinds.get(kind, kind)


class CycleError(Exception):
    """An organisation would stand below itself from a day on."""

    def __init__(self, code: str, start: date) -> None:
        self.code, self.start = code, start
        super().__init__(code, start)


@dataclass(frozen=True)
class Forest:
    """All organisations of a place. Immutable: `with_spells` gives a changed copy."""

    spells: Mapping[str, tuple[Spell, ...]]

    def __contains__(self, code: str) -> bool:
        return bool(self.spells.get(code))

    def on(self, code: str, day: date) -> Spell | None:
        """The spell of the day."""
        return next((spell for spell in self.spells.get(code, ()) if spell.on(day)), None)

    def last(self, code: str) -> Spell:
        return self.spells[code][-1]

    def name(self, code: str, day: date | None = None) -> str:
        """The name on the day, else the last one, else the code."""
        found = self.on(code, day) if day else None
        if found is None and code in self:
            found = self.last(code)
        return found.name if found else code

    def below(self, code: str, since: date) -> list[str]:
        """Codes that stand directly below at some time on or after the day."""
        return [child for child, end in self._children.get(code, {}).items() if end > since]

    @cached_property
    def _children(self) -> Mapping[str, Mapping[str, date]]:
        """Parent → child → the last day bound of standing there."""
        found: dict[str, dict[str, date]] = {}
        for child, spells in self.spells.items():
            for spell in spells:
                if spell.parent is not None:
                    below = found.setdefault(spell.parent, {})
                    below[child] = max(spell.end, below.get(child, EVER))
        return found

    def with_spells(self, changes: Mapping[str, Iterable[Spell]]) -> Forest:
        """A copy in which each code of `changes` has exactly these spells (none: the organisation never was)."""
        merged = {**self.spells, **{code: _joined(spells) for code, spells in changes.items()}}
        return Forest({code: spells for code, spells in merged.items() if spells})

    def cut(self, code: str, day: date, **changed: str | None) -> tuple[Spell, ...]:
        """The spells of `code` if from the day on something of its last spell changes."""
        *before, last = self.spells[code]
        return (*before, *_span(last, last.start, day), replace(last, start=day, **changed))  # type: ignore[arg-type]

    def until(self, code: str, day: date) -> tuple[Spell, ...]:
        """The spells of `code` if it ends on the day."""
        *before, last = self.spells[code]
        return (*before, *_span(last, last.start, day))

    def changed(self, other: Forest) -> list[str]:
        """Codes whose spells differ from those in `other`."""
        codes = dict.fromkeys([*self.spells, *other.spells])
        return [code for code in codes if self.spells.get(code, ()) != other.spells.get(code, ())]

    def closure(self, codes: Iterable[str] | None = None) -> set[Edge]:
        """All edges whose descendant is one of `codes` (default: all). Raises `CycleError`."""
        edges: set[Edge] = set()
        for code in self.spells if codes is None else codes:
            spans: dict[tuple[str, int], list[tuple[date, date]]] = {}
            for ancestor, depth, start, end in self._upward(code, (EVER, FOREVER), ()):
                spans.setdefault((ancestor, depth), []).append((start, end))
            for (ancestor, depth), found in spans.items():
                edges |= {Edge(ancestor, code, depth, start, end) for start, end in _merged(found)}
        return edges

    def _upward(self, code: str, span: tuple[date, date], seen: tuple[str, ...]) -> Iterator[tuple[str, int, date, date]]:
        for spell in self.spells.get(code, ()):
            start, end = max(spell.start, span[0]), min(spell.end, span[1])
            if start >= end:
                continue
            yield code, len(seen), start, end
            if spell.parent is not None:
                if spell.parent == code or spell.parent in seen:
                    raise CycleError(spell.parent, start)
                yield from self._upward(spell.parent, (start, end), (*seen, code))

    def faults(self, codes: Iterable[str], rules: Rules) -> list[Issue]:
        """What is wrong with these organisations: overlaps, orphans, cycles, kinds that may not stand there."""
        found: list[Issue] = []
        for code in codes:
            spells = self.spells.get(code, ())
            found += [_overlap(self, code, b) for a, b in pairwise(spells) if b.start < a.end]
            for spell in spells:
                found += self._kind_faults(code, spell, rules) + self._orphaned(code, spell)
            try:
                self.closure([code])
            except CycleError as error:
                found.append(_cycle(self, code, error))
        return list(dict.fromkeys(found))

    def _orphaned(self, code: str, spell: Spell) -> list[Issue]:
        if spell.parent is None:
            return []
        where, child = Where(field=code), self.name(code, spell.start)
        if spell.parent not in self:
            return [
                error(
                    "orgs.no_parent",
                    T("“%(org)s”的上级组织 %(code)s 不存在", org=child, code=spell.parent),
                    where,
                    T("先设立上级，或核对上级代码"),
                )
            ]
        gap = _uncovered(self.spells[spell.parent], spell)
        if gap is None:
            return []
        params = {"org": child, "parent": self.name(spell.parent), "day": day_text(gap)}
        hint = T("先把下级划转到别的组织，或核对起止日期")
        return [error("orgs.orphan", T("“%(org)s”自%(day)s失去上级：“%(parent)s”当时不存在", **params), where, hint)]

    def _kind_faults(self, code: str, spell: Spell, rules: Rules) -> list[Issue]:
        where = Where(field=code)
        if rules.kinds and spell.kind not in rules.kinds:
            hint = T("可用的类型：%(kinds)s", kinds="、".join(rules.kinds.values()))
            return [error("orgs.kind", T("“%(org)s”的类型 %(kind)s 不在规则包中", org=spell.name, kind=spell.kind), where, hint)]
        if not rules.over or spell.parent is None:
            return []
        above = {s.kind for s in self.spells.get(spell.parent, ()) if s.start < spell.end and spell.start < s.end}
        return [
            error(
                "orgs.over",
                T(
                    "“%(kind)s”不能直接设在“%(above)s”之下（%(org)s）",
                    kind=rules.title(spell.kind),
                    above=rules.title(kind),
                    org=spell.name,
                ),
                where,
                T("“%(above)s”之下可设：%(kinds)s", above=rules.title(kind), kinds=_titles(rules, kind)),
            )
            for kind in sorted(above)
            if spell.kind not in rules.over.get(kind, ())
        ]


def day_text(day: date) -> Text:
    """A day in words; the two ends of time have words of their own."""
    if day == EVER:
        return T("起始")
    if day == FOREVER:
        return T("今后")
    return T("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)


def _titles(rules: Rules, kind: str) -> Text | str:
    names = [rules.title(one) for one in rules.over.get(kind, ())]
    return "、".join(names) if names else T("无")


def _overlap(forest: Forest, code: str, spell: Spell) -> Issue:
    message = T("“%(org)s”的两段沿革重叠：%(day)s", org=forest.name(code), day=day_text(spell.start))
    return error("orgs.overlap", message, Where(field=code), T("核对各段的起止日期，止于下一段开始之日"))


def _cycle(forest: Forest, code: str, error_: CycleError) -> Issue:
    params = {"org": forest.name(code), "day": day_text(error_.start), "above": forest.name(error_.code)}
    return error(
        "orgs.cycle",
        T("上下级成环：自%(day)s，“%(org)s”经“%(above)s”又回到自己之下", **params),
        Where(field=code),
        T("不能划到自己的下级之下"),
    )


def _span(spell: Spell, start: date, end: date) -> tuple[Spell, ...]:
    return (replace(spell, start=start, end=end),) if start < end else ()


def _joined(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """In order of time; neighbours that say the same are one."""
    out: list[Spell] = []
    for spell in sorted(spells, key=lambda one: (one.start, one.end)):
        if out and out[-1].end == spell.start and replace(out[-1], start=spell.start, end=spell.end) == spell:
            out[-1] = replace(out[-1], end=spell.end)
        else:
            out.append(spell)
    return tuple(out)


def _merged(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    out: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _uncovered(spells: tuple[Spell, ...], span: Spell) -> date | None:
    """The first day of `span` on which none of `spells` holds."""
    day = span.start
    for spell in sorted(spells, key=lambda one: one.start):
        if spell.start <= day < spell.end:
            day = spell.end
    return None if day >= span.end else day
