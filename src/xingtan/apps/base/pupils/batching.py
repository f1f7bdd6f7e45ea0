"""Batches worked out before anything is written: who moves where, how many a class, what speaks against it. Applying writes just that."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from xingtan.apps.base.orgs.models import FOREVER, Organisation, OrgEdge
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.issues import Issue, Severity, Where, error
from xingtan.kernel.text import T, Text

from .many import Line
from .models import Enrolment, Movement, SchoolClass, Transfer
from .rules import Rules, rules

Kind, Status = Movement.Kind, Enrolment.Status
ROLLOVER, GRADUATION, REGROUP = "rollover", "graduation", "regroup"
TITLES: Mapping[str, Text] = {ROLLOVER: T("学年升级"), GRADUATION: T("毕业"), REGROUP: T("分班并班")}


@dataclass(frozen=True)
class Wanted:
    """What is asked for, as plain data that a job keeps. `repeat`: pupils who stay in their grade; `incomplete`: pupils who only 结业."""

    kind: str
    org: int
    day: str
    stage: str = ""
    repeat: tuple[int, ...] = ()
    incomplete: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()  # regroup: the classes whose pupils are put together and dealt out anew
    into: int = 0  # regroup: into how many classes; the old ones are used first

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)

    def told(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Wanted:
        read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
        return cls(**read)


@dataclass(frozen=True)
class NewClass:
    """A class that the batch opens; `key` stands for it in the lines (negative) until it has a row."""

    key: int
    school: int
    stage: str
    entry_year: int
    number: int


@dataclass
class Plan:
    """What a batch does. It can be applied when no issue is an error and there are lines."""

    wanted: Wanted
    lines: list[Line] = field(default_factory=list)
    opened: list[NewClass] = field(default_factory=list)
    closed: list[SchoolClass] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)  # who is passed over, by why

    @property
    def possible(self) -> bool:
        return bool(self.lines) and not any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def digest(self) -> str:
        """Changes when anything that the batch does would be different."""
        lines = [[line.spell.pk, line.kind, line.changed and sorted((k, str(v)) for k, v in line.changed.items())] for line in self.lines]
        told = [self.wanted.told(), lines, [vars(one) for one in self.opened], [row.pk for row in self.closed]]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def plan(org: Organisation, wanted: Wanted) -> Plan:
    """Work a batch out for an organisation and everything below it."""
    found, law = Plan(wanted), rules(org.place)
    makers = {ROLLOVER: _rollover, GRADUATION: _graduation, REGROUP: _regroup}
    makers[wanted.kind](found, _spells(org, wanted), law)
    _busy(found)
    if not found.lines and not found.issues:
        found.issues.append(error("pupils.nobody", T("没有符合条件的学生"), Where(field="day"), T("核对日期、学段和单位")))
    return found


def _spells(org: Organisation, wanted: Wanted) -> list[Enrolment]:
    """The roll of the organisation on the day, with those to whom something happened later left for `_busy` to find."""
    below = OrgEdge.objects.on(wanted.date).filter(ancestor=org).values("descendant")
    rows = Enrolment.objects.on(wanted.date).filter(school__in=below)
    rows = rows.filter(stage=wanted.stage) if wanted.stage else rows
    if wanted.classes:
        rows = rows.filter(school_class__in=wanted.classes)
    return list(rows.select_related("school_class").order_by("school", "school_class", "pk"))


def _rollover(found: Plan, spells: Sequence[Enrolment], law: Rules) -> None:
    day = found.wanted.date
    repeat, next_class = set(found.wanted.repeat), _next_classes(spells)
    done = _graded_since([spell.pupil_id for spell in spells], law.grades.first_day(law.grades.year_of(day)))
    for spell in spells:
        if spell.pupil_id in done:
            found.left["本学年已升级"] += 1
        elif spell.status != Status.PRESENT:
            found.left["休学"] += 1
        elif spell.pupil_id in repeat:
            found.lines.append(Line(spell, Kind.REPEAT, {"school_class_id": next_class.get(spell.school_class_id)}))
        elif spell.grade >= law.grades.last(spell.stage):
            found.left["毕业年级"] += 1
        else:
            found.lines.append(Line(spell, Kind.PROMOTE, {"grade": spell.grade + 1}))
    if found.left["毕业年级"]:
        message = T("毕业年级还有 %(count)s 名学生，不在升级之列", count=found.left["毕业年级"])
        found.issues.append(Issue(Severity.WARNING, "pupils.last_grade", message, Where(field="day"), T("为他们另办毕业")))


def _graded_since(pupils: Sequence[int], day: date) -> set[int]:
    kinds = (Kind.PROMOTE, Kind.REPEAT, Kind.SKIP)
    rows = Movement.objects.filter(undone=False, kind__in=kinds, day__gte=day)
    return set(rows.values_list("pupil", flat=True)) & set(pupils)


def _next_classes(spells: Iterable[Enrolment]) -> dict[int | None, int]:
    """For a class, the one of the following year with its number: where a repeater goes."""
    classes = {spell.school_class_id: spell.school_class for spell in spells if spell.school_class}
    found = SchoolClass.objects.filter(school__in={row.school_id for row in classes.values()}, valid_to=FOREVER)
    at = {(row.school_id, row.stage, row.entry_year, row.number): row.pk for row in found}
    wanted = {pk: (row.school_id, row.stage, row.entry_year + 1, row.number) for pk, row in classes.items()}
    return {pk: at[key] for pk, key in wanted.items() if key in at}


def _graduation(found: Plan, spells: Sequence[Enrolment], law: Rules) -> None:
    incomplete, kept = set(found.wanted.incomplete), set()
    for spell in spells:
        if spell.grade < law.grades.last(spell.stage):
            kept.add(spell.school_class_id)
        elif spell.status != Status.PRESENT:
            kept.add(spell.school_class_id)
            found.left["休学"] += 1
        else:
            found.lines.append(Line(spell, Kind.COMPLETE if spell.pupil_id in incomplete else Kind.GRADUATE))
    emptied = {line.spell.school_class_id: line.spell.school_class for line in found.lines if line.spell.school_class}
    found.closed = [row for pk, row in sorted(emptied.items()) if pk not in kept and row.valid_to == FOREVER]


def _regroup(found: Plan, spells: Sequence[Enrolment], law: Rules) -> None:
    classes = list(SchoolClass.objects.filter(pk__in=found.wanted.classes).order_by("number"))
    found.issues += _regroup_faults(found.wanted, classes)
    if found.issues:
        return
    keys = [row.pk for row in classes][: found.wanted.into]
    numbers = _free_numbers(classes[0], found.wanted.into - len(keys))
    for at, number in enumerate(numbers, start=1):
        found.opened.append(NewClass(-at, classes[0].school_id, classes[0].stage, classes[0].entry_year, number))
        keys.append(-at)
    found.closed = [row for row in classes if row.pk not in keys]
    for spell, key in _dealt(spells, keys):
        if spell.school_class_id != key:
            found.lines.append(Line(spell, Kind.CLASS, {"school_class_id": key, "seat": ""}))


def _regroup_faults(wanted: Wanted, classes: Sequence[SchoolClass]) -> list[Issue]:
    if not classes:
        return [error("pupils.no_class", T("没有选班级"), Where(field="classes"), T("选要分或要并的班级"))]
    found = []
    if len({(row.school_id, row.stage, row.entry_year) for row in classes}) > 1:
        found.append(error("pupils.classes", T("只能在一所学校的同一年级内分班并班"), Where(field="classes"), T("选同一年级的班")))
    if not 1 <= wanted.into <= 30:
        found.append(error("pupils.into", T("分成的班数在 1 到 30 之间"), Where(field="into"), T("填分成几个班")))
    early = [row for row in classes if not row.valid_from <= wanted.date < row.valid_to]
    for row in early:
        message = T("“%(title)s”在%(day)s没有开班", title=str(row), day=day_text(wanted.date))
        found.append(error("pupils.class_closed", message, Where(field="classes"), T("核对日期")))
    return found


def _free_numbers(like: SchoolClass, count: int) -> list[int]:
    same = SchoolClass.objects.filter(school=like.school_id, stage=like.stage, entry_year=like.entry_year, valid_to=FOREVER)
    taken = set(same.values_list("number", flat=True))
    return [number for number in range(1, 200) if number not in taken][: max(0, count)]


def _dealt(spells: Sequence[Enrolment], keys: Sequence[int]) -> list[tuple[Enrolment, int]]:
    """Deal pupils out evenly, girls and boys each in turn; whoever can stay in his class does."""
    sexes = dict(Enrolment.objects.filter(pk__in=[s.pk for s in spells]).values_list("pk", "pupil__person__sex"))
    out: list[tuple[Enrolment, int]] = []
    for sex in sorted(set(sexes.values())):
        mine = [spell for spell in spells if sexes[spell.pk] == sex]
        room = Counter({key: len(mine) // len(keys) for key in keys})
        for key in keys[: len(mine) % len(keys)]:
            room[key] += 1
        later = []
        for spell in mine:
            own = spell.school_class_id
            if own is not None and room[own] > 0:
                room[own] -= 1
                out.append((spell, own))
            else:
                later.append(spell)
        out += zip(later, [key for key in keys for _ in range(room[key])], strict=True)
    return out


def _busy(found: Plan) -> None:
    """Pupils whom the batch may not touch: something happened to them after the day, or a transfer waits."""
    spells = [line.spell for line in found.lines]
    later = Movement.objects.filter(undone=False, day__gt=found.wanted.date, pupil=OuterRef("pupil"))
    waiting = Transfer.objects.filter(state=Transfer.State.PROPOSED, pupil=OuterRef("pupil"))
    busy = _keys(spells, Exists(later))
    found.issues += [_named(spell, T("此后已有异动"), T("先撤回后来的异动，或换一个日期")) for spell in spells if spell.pk in busy]
    moving = _keys(spells, Exists(waiting))
    found.issues += [_named(spell, T("有一项转学还没有答复"), T("先答复或撤回那项转学")) for spell in spells if spell.pk in moving]


def _keys(spells: Sequence[Enrolment], condition: Exists) -> set[int]:
    from .many import chunks

    found: set[int] = set()
    for part in chunks([spell.pk for spell in spells]):
        found |= set(Enrolment.objects.filter(condition, pk__in=part).values_list("pk", flat=True))
    return found


def _named(spell: Enrolment, what: Text, hint: Text) -> Issue:
    return error("pupils.busy", T("学生%(pupil)s%(what)s", pupil=f"№{spell.pupil_id}", what=what), Where(field="day"), hint)
