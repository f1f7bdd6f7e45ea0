"""The acts on the tree as values: each says what it wants, tries it on a `Forest` and tells what is wrong. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text

from .models import FOREVER, OrgAct
from .names import name_faults
from .tree import Forest, Spell, day_text

Kind = OrgAct.Kind


def percent(share: Decimal) -> str:
    """0.6 → “60%”, without needless zeros."""
    return f"{(share * 100).normalize():f}%"


@dataclass(frozen=True, slots=True)
class Heir:
    """`successor` carries on `share` of what `predecessor` was. A predecessor that survives a split is also its own successor."""

    predecessor: str
    successor: str
    share: Decimal

    @property
    def percent(self) -> str:
        return percent(self.share)


@dataclass(frozen=True, slots=True)
class Draft:
    """An act tried: the changed spells by code (none: the organisation never was), who succeeds whom, and what is wrong."""

    changes: Mapping[str, tuple[Spell, ...]] = field(default_factory=dict)
    heirs: tuple[Heir, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class New:
    """An organisation to be opened by the act."""

    code: str
    name: str
    kind: str
    parent: str

    def faults(self, forest: Forest) -> list[Issue]:
        found = name_faults(self.code, self.name)
        if self.code in forest:
            hint = T("代码不重复使用；恢复误撤的组织请撤回撤销事项")
            found.append(
                error(
                    "orgs.code_used",
                    T("代码 %(code)s 已用于“%(org)s”", code=self.code, org=forest.name(self.code)),
                    Where(field="code"),
                    hint,
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Open:
    """Open an organisation."""

    new: New
    day: date
    kind = Kind.OPEN

    def draft(self, forest: Forest) -> Draft:
        spell = Spell(self.new.name, self.new.kind, self.new.parent, self.day)
        return Draft({self.new.code: (spell,)}, issues=tuple(self.new.faults(forest)))


@dataclass(frozen=True, slots=True)
class Close:
    """Close an organisation without a successor."""

    code: str
    day: date
    kind = Kind.CLOSE

    def draft(self, forest: Forest) -> Draft:
        if issues := _not_there(forest, self.code, self.day) or _cannot_end(forest, self.code, self.day):
            return Draft(issues=tuple(issues))
        stay = forest.below(self.code, self.day)
        if stay:
            names = "、".join(forest.name(code) for code in stay)
            message = T("“%(org)s”下还有 %(count)s 个组织：%(names)s", org=forest.name(self.code), count=len(stay), names=names)
            return Draft(issues=(error("orgs.has_children", message, Where(field=self.code), T("先划转或撤销它们，或改用合并")),))
        return Draft({self.code: forest.until(self.code, self.day)})


@dataclass(frozen=True, slots=True)
class Rename:
    """A new name, a new kind, or both."""

    code: str
    name: str
    day: date
    to_kind: str = ""
    kind = Kind.RENAME

    def draft(self, forest: Forest) -> Draft:
        issues = name_faults(self.code, self.name) + _not_there(forest, self.code, self.day)
        if issues:
            return Draft(issues=tuple(issues))
        last = forest.last(self.code)
        kind = self.to_kind or last.kind
        if (last.name, last.kind) == (self.name, kind):
            return Draft(issues=(_nothing(forest, self.code),))
        return Draft({self.code: forest.cut(self.code, self.day, name=self.name, kind=kind)})


@dataclass(frozen=True, slots=True)
class Move:
    """Under another organisation."""

    code: str
    parent: str
    day: date
    kind = Kind.MOVE

    def draft(self, forest: Forest) -> Draft:
        if issues := _not_there(forest, self.code, self.day) or _is_root(forest, self.code):
            return Draft(issues=tuple(issues))
        if forest.last(self.code).parent == self.parent:
            return Draft(issues=(_nothing(forest, self.code),))
        return Draft({self.code: forest.cut(self.code, self.day, parent=self.parent)})


@dataclass(frozen=True, slots=True)
class Merge:
    """Organisations go up into one: an existing one (`into` a code, which may be one of them) or a new one."""

    sources: tuple[str, ...]
    into: str | New
    day: date
    kind = Kind.MERGE

    @property
    def heir(self) -> str:
        return self.into if isinstance(self.into, str) else self.into.code

    def draft(self, forest: Forest) -> Draft:
        ending = tuple(code for code in dict.fromkeys(self.sources) if code != self.heir)
        issues = [issue for code in ending for issue in _not_there(forest, code, self.day) or _cannot_end(forest, code, self.day)]
        issues += _not_there(forest, self.into, self.day) if isinstance(self.into, str) else self.into.faults(forest)
        if len(ending) + isinstance(self.into, str) < 2:
            issues.append(error("orgs.merge_two", T("合并至少涉及两个组织"), Where(field="sources"), T("再选一个被合并的组织")))
        if issues:
            return Draft(issues=tuple(issues))
        changes = {code: forest.until(code, self.day) for code in ending}
        if isinstance(self.into, New):
            changes[self.into.code] = (Spell(self.into.name, self.into.kind, self.into.parent, self.day),)
        moved, issues = _handed_over(forest, ending, self.day, lambda _: self.heir)
        heirs = tuple(Heir(code, self.heir, Decimal(1)) for code in ending)
        return Draft({**moved, **changes}, heirs, tuple(issues))


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation after a split, new or (same code) the old one surviving, with its share of the old one."""

    new: New
    share: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """One organisation becomes several. `children` says under which part each organisation below it goes on."""

    code: str
    parts: tuple[Part, ...]
    day: date
    children: Mapping[str, str] = field(default_factory=dict)
    kind = Kind.SPLIT

    def draft(self, forest: Forest) -> Draft:
        issues = (_not_there(forest, self.code, self.day) or _cannot_end(forest, self.code, self.day)) + self._part_faults(forest)
        if issues:
            return Draft(issues=tuple(issues))
        survives = any(part.new.code == self.code for part in self.parts)
        changes: dict[str, tuple[Spell, ...]] = {}
        for part in self.parts:
            new = part.new
            spell = Spell(new.name, new.kind, new.parent, self.day)
            changes[new.code] = (
                forest.cut(new.code, self.day, name=new.name, kind=new.kind, parent=new.parent) if new.code == self.code else (spell,)
            )
        if not survives:
            changes[self.code] = forest.until(self.code, self.day)
        moved, issues = _handed_over(
            forest, (self.code,), self.day, lambda child: self.children.get(child, self.code if survives else None)
        )
        heirs = tuple(Heir(self.code, part.new.code, part.share) for part in self.parts)
        return Draft({**moved, **changes}, heirs, tuple(issues))

    def _part_faults(self, forest: Forest) -> list[Issue]:
        found = [
            issue
            for part in self.parts
            for issue in (name_faults(self.code, part.new.name) if part.new.code == self.code else part.new.faults(forest))
        ]
        codes = [part.new.code for part in self.parts]
        if len(set(codes)) < len(codes) or len(codes) < 2:
            found.append(
                error("orgs.split_two", T("分设后至少有两个组织，代码各不相同"), Where(field="parts"), T("补写一个组织，或改代码"))
            )
        total = sum((part.share for part in self.parts), Decimal(0))
        if total != 1 or any(part.share <= 0 for part in self.parts):
            message = T("各组织的份额都应大于 0，合计应为 100%%，现为 %(total)s%%", total=format((total * 100).normalize(), "f"))
            found.append(error("orgs.shares", message, Where(field="parts"), T("改份额，使合计为 100")))
        return found


Act = Open | Close | Rename | Move | Merge | Split


def facts(act: Act) -> dict[str, Any]:
    """The act as JSON, to be stored and told again."""
    told: dict[str, Any] = _plain(asdict(act))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else format(value, "f") if isinstance(value, Decimal) else value


def _handed_over(
    forest: Forest, ending: tuple[str, ...], day: date, heir: Callable[[str], str | None]
) -> tuple[dict[str, tuple[Spell, ...]], list[Issue]]:
    """The children of ending organisations go under their heirs. A child with later changes of its own is in the way."""
    moved: dict[str, tuple[Spell, ...]] = {}
    issues: list[Issue] = []
    for code in ending:
        for child in forest.below(code, day):
            if child in ending:
                continue
            to = heir(child)
            if to is None:
                message = T("没有说明“%(child)s”归哪一个新组织", child=forest.name(child))
                issues.append(error("orgs.no_heir", message, Where(field=child), T("为每个下级选定归属")))
            elif faults := _not_there(forest, child, day):
                issues += faults
            elif to != code:
                moved[child] = forest.cut(child, day, parent=to)
    return moved, issues


def _not_there(forest: Forest, code: str, day: date) -> list[Issue]:
    """An act needs an organisation that exists on the day and has no later history yet."""
    where = Where(field=code)
    if code not in forest:
        return [error("orgs.unknown", T("没有代码为 %(code)s 的组织", code=code), where, T("核对代码，或先设立"))]
    last, name = forest.last(code), forest.name(code)
    if last.end != FOREVER and last.end <= day:
        return [error("orgs.closed", T("“%(org)s”已于%(day)s撤销", org=name, day=day_text(last.end)), where, T("选一个仍存在的组织"))]
    if day < last.start or last.end != FOREVER:
        later = last.start if day < last.start else last.end
        hint = T("生效日期不能早于最近一次变更；要改更早的事，先撤回后来的变更")
        return [error("orgs.later", T("“%(org)s”在%(day)s已有变更", org=name, day=day_text(later)), where, hint)]
    return []


def _cannot_end(forest: Forest, code: str, day: date) -> list[Issue]:
    if forest.until(code, day):
        return _is_root(forest, code)
    message = T("“%(org)s”当天才设立", org=forest.name(code))
    return [error("orgs.same_day", message, Where(field=code), T("误设的请撤回设立；否则生效日期至少晚一天"))]


def _is_root(forest: Forest, code: str) -> list[Issue]:
    if forest.last(code).parent is not None:
        return []
    message = T("“%(org)s”是根组织，不能撤销、划转、合并或分设", org=forest.name(code))
    return [error("orgs.root", message, Where(field=code), T("选根组织之下的组织"))]


def _nothing(forest: Forest, code: str) -> Issue:
    message: Text = T("“%(org)s”没有任何变化", org=forest.name(code))
    return error("orgs.nothing", message, Where(field=code), T("填写与现在不同的内容"))
