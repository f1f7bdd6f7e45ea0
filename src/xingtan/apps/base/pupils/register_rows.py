"""Rows of the registers as columns, straight from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from xingtan.apps.base.orgs.models import FOREVER, Place

from .grades import Grades, grades
from .models import Child, Enrolment, Flag, Movement, SchoolClass, SweepLine

Columns = dict[str, Sequence[Any]]
WHO = ("person", "stage", "grade", "grade_name", "sex", "residence", "boarding")
SPELL = ("pk", "school__code", "pupil_id", "stage", "grade", "pupil__person__sex", "residence", "boarding", "valid_from", "valid_to")
BACK = frozenset({"入学", "转入", "复学"})


def _columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Columns:
    """Rows as columns by name; none, too."""
    turned = list(zip(*rows, strict=True))
    return dict(zip(names, turned or [()] * len(names), strict=True))


def _names(law: Grades) -> Any:
    """The name of a grade, worked out once each."""
    known: dict[tuple[str, int], str] = {}

    def name(stage: str, grade: int) -> str:
        if (stage, grade) not in known:
            known[stage, grade] = law.word(stage, grade)
        return known[stage, grade]

    return name


def roll(place: Place) -> Columns:
    """One row a spell that was ever in force."""
    spells = Enrolment.objects.filter(place=place, valid_from__lt=F("valid_to")).order_by("pk")
    more = ("pupil__person__birth", "status", "school_class_id", "entry_mode", "pupil__temporary")
    began = dict(Movement.objects.filter(place=place, undone=False, begun__isnull=False).values_list("begun_id", "kind"))
    name = _names(grades(place))
    rows = (
        (
            f"roll:{pk}", org, start, start, end, str(pupil), stage, grade, name(stage, grade), sex, residence, boarding, birth, status,
            f"c{school_class}" if school_class else None, mode, began.get(pk), temporary,
        )
        for pk, org, pupil, stage, grade, sex, residence, boarding, start, end, birth, status, school_class, mode, temporary
        in spells.values_list(*SPELL, *more).iterator(chunk_size=5000)
    )  # fmt: skip
    names = ("row_id", "org", "date", "valid_from", "valid_to", *WHO, "birth", "status", "class_id", "entry_mode", "began", "temporary")
    return _columns(names, rows)


def _moves(place: Place) -> list[tuple[Any, ...]]:
    """Movements that stand, each with the spell that tells about the pupil: the ended one, else the begun one."""
    spell = ("school__code", "stage", "grade", "residence", "boarding")
    rows = Movement.objects.filter(place=place, undone=False).order_by("pk")
    columns = ("pk", "pupil_id", "kind", "day", "reason", "act__kind", "pupil__person__sex")
    found = rows.values_list(*columns, *(f"ended__{name}" for name in spell), *(f"begun__{name}" for name in spell))
    out = []
    for pk, pupil, kind, day, reason, act, sex, *told in found.iterator(chunk_size=5000):
        side = told[:5] if told[0] is not None else told[5:]
        out.append((pk, pupil, kind, day, reason, "县内" if act == "转学" or kind == "并入" else "县外", sex, *side))
    return out


def _returns(moves: Sequence[tuple[Any, ...]]) -> dict[int, tuple[date, int]]:
    """Pupil → the last day (and movement) on which he came back or in."""
    last: dict[int, tuple[date, int]] = {}
    for pk, pupil, kind, day, *_ in moves:
        if kind in BACK:
            last[pupil] = max(last.get(pupil, (date.min, 0)), (day, pk))
    return last


def movement(place: Place) -> Columns:
    """One row a movement."""
    moves, name = _moves(place), _names(grades(place))
    back = _returns(moves)
    rows = (
        (
            f"movement:{pk}", org, day, day, FOREVER, str(pupil), stage, grade, name(stage, grade), sex, residence, boarding, kind, reason,
            scope if kind in {"转出", "转入"} else None, back.get(pupil, (date.min, 0)) > (day, pk),
        )
        for pk, pupil, kind, day, reason, scope, sex, org, stage, grade, residence, boarding in moves
        if org is not None
    )  # fmt: skip
    return _columns(("row_id", "org", "date", "valid_from", "valid_to", *WHO, "kind", "reason", "scope", "returned"), rows)


def class_roll(place: Place) -> Columns:
    """One row for each time during which a class kept its size and grade."""
    law, name = grades(place), _names(grades(place))
    changes = _sizes(place)
    rows = []
    classes = SchoolClass.objects.filter(school__place=place, valid_from__lt=F("valid_to")).order_by("pk")
    for pk, org, stage, entry, start, end in classes.values_list("pk", "school__code", "stage", "entry_year", "valid_from", "valid_to"):
        for first, last, size in _pieces(changes.get(pk, {}), start, end, _new_years(law, stage, entry)):
            grade = law.grade_on(entry, first)
            if law.within(stage, grade):
                rows.append((f"class_roll:{pk}-{first:%Y%m%d}", org, first, first, last, f"c{pk}", stage, grade, name(stage, grade), size))
    return _columns(("row_id", "org", "date", "valid_from", "valid_to", "class_id", "stage", "grade", "grade_name", "size"), rows)


def _sizes(place: Place) -> Mapping[int, dict[date, int]]:
    """Class → day → by how many its size changes on the day."""
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    spells = Enrolment.objects.filter(place=place, school_class__isnull=False, valid_from__lt=F("valid_to"))
    for school_class, start, end in spells.values_list("school_class_id", "valid_from", "valid_to").iterator(chunk_size=5000):
        found[school_class][start] += 1
        if end != FOREVER:
            found[school_class][end] -= 1
    return found


def _new_years(law: Grades, stage: str, entry: int) -> list[date]:
    """First days of the school years that a class of an entry year goes through, and the day after the last one."""
    return [law.first_day(entry + at) for at in range(law.last(stage) + 1)]


def _pieces(changes: Mapping[date, int], start: date, end: date, years: Sequence[date]) -> list[tuple[date, date, int]]:
    """The times between changes of size or year, within the life of the class, with the size of each."""
    days = sorted({start, *(day for day in (*changes, *years) if start < day < end)})
    size = sum(count for day, count in changes.items() if day < start)
    out: list[tuple[date, date, int]] = []
    for first, last in zip(days, [*days[1:], end], strict=True):
        size += changes.get(first, 0)
        if out and out[-1][2] == size and first not in years:
            out[-1] = (out[-1][0], last, size)
        else:
            out.append((first, last, size))
    return out


def _flags(place: Place) -> Mapping[int, list[tuple[int, str, date, date]]]:
    """Pupil → his flags, opened: what they say is a word of the pack, and stays inside the snapshot's codes."""
    found: dict[int, list[tuple[int, str, date, date]]] = defaultdict(list)
    for flag in Flag.objects.filter(pupil__place=place, valid_from__lt=F("valid_to")).order_by("pk").iterator(chunk_size=5000):
        found[flag.pupil_id].append((flag.pk, flag.kind.plain(), flag.valid_from, flag.valid_to))
    return found


def pupil_flag(place: Place) -> Columns:
    """One row for each time during which a flag and a spell are both in force."""
    flags, name = _flags(place), _names(grades(place))
    spells = Enrolment.objects.filter(place=place, pupil__in=list(flags), valid_from__lt=F("valid_to")).order_by("pk")
    if len(flags) > 500:  # more than a query takes as parameters: read the whole roll
        spells = Enrolment.objects.filter(place=place, valid_from__lt=F("valid_to")).order_by("pk")
    rows = []
    for pk, org, pupil, stage, grade, sex, residence, boarding, start, end, status in spells.values_list(*SPELL, "status").iterator():
        for flag, kind, since, until in flags.get(pupil, ()):
            first, last = max(start, since), min(end, until)
            if first < last:
                who = (str(pupil), stage, grade, name(stage, grade), sex, residence, boarding)
                rows.append((f"pupil_flag:{flag}-{pk}", org, first, first, last, *who, kind, status))
    return _columns(("row_id", "org", "date", "valid_from", "valid_to", *WHO, "kind", "status"), rows)


def flag_movement(place: Place) -> Columns:
    """One row for each flag that a pupil had on the day before a movement."""
    flags, name, moves = _flags(place), _names(grades(place)), _moves(place)
    back, rows = _returns(moves), []
    for pk, pupil, kind, day, reason, scope, sex, org, stage, grade, residence, boarding in moves:
        eve = day - timedelta(days=1)
        for flag, word, since, until in flags.get(pupil, ()) if org is not None else ():
            if since <= eve < until:
                who = (str(pupil), stage, grade, name(stage, grade), sex, residence, boarding)
                gone = scope if kind in {"转出", "转入"} else None
                came = back.get(pupil, (date.min, 0)) > (day, pk)
                rows.append((f"flag_movement:{flag}-{pk}", org, day, day, FOREVER, *who, word, kind, reason, gone, came))
    return _columns(("row_id", "org", "date", "valid_from", "valid_to", *WHO, "flag", "kind", "reason", "scope", "returned"), rows)


def years(place: str) -> list[int]:
    """The school years of which a place has a list of children."""
    return sorted(set(Child.objects.filter(place__slug=place, struck=None).order_by().values_list("year", flat=True).distinct()))


def school_age(place: Place, period: str) -> Columns:
    """One row a child on the list of a school year. `found`: on a roll today, or on the year's last day once it is over."""
    law, year = grades(place), int(period[:4])
    start = law.first_day(year)
    day = max(start, min(timezone.localdate(), law.first_day(year + 1) - timedelta(days=1)))
    enrolled = set(Enrolment.objects.filter(place=place).on(day).values_list("pupil_id", flat=True))
    children = Child.objects.filter(place=place, year=year, struck=None).order_by("pk")
    rows = (
        (
            f"school_age:{pk}", org, period, start, start, FOREVER, f"c{pk}", sex, birth, residence, _age(birth, start),
            "在籍" if pupil in enrolled else "不在籍", state,
        )
        for pk, org, pupil, sex, birth, residence, state
        in children.values_list("pk", "org__code", "pupil_id", "sex", "birth", "residence", "settled").iterator(chunk_size=5000)
    )  # fmt: skip
    names = ("row_id", "org", "period", "date", "valid_from", "valid_to", "person", "sex", "birth", "residence", "age", "found", "state")
    return _columns(names, rows)


def _age(birth: date | None, day: date) -> int | None:
    """Completed years on a day."""
    return None if birth is None else day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def sweep(place: Place) -> Columns:
    """One row a person looked for in a sweep."""
    found = SweepLine.objects.filter(sweep__place=place).order_by("pk")
    columns = ("pk", "org__code", "sweep__day", "child_id", "pupil_id", "why", "state")
    rows = (
        (f"sweep:{pk}", org, day, day, FOREVER, str(pupil) if pupil else f"c{child}", WHY[why], state, bool(state))
        for pk, org, day, child, pupil, why, state in found.values_list(*columns)
    )
    return _columns(("row_id", "org", "date", "valid_from", "valid_to", "person", "why", "state", "settled"), rows)


WHY = {"missing": "名册上有，学籍里没有", "dropped": "辍学未返", "absent": "休学期满未复学", "weary": "有厌学标记"}
