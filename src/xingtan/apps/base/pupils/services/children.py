"""The list of children of school age: entering, finding each child on the roll, settling who is missing; sweeps before a term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor, Target
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.names import initials, text_faults
from xingtan.apps.base.people.identity import normal_number, number_faults, told
from xingtan.apps.base.pupils.checks import NAME_LIMIT, birth_faults
from xingtan.apps.base.pupils.identity import index_of
from xingtan.apps.base.pupils.models import Child, Pupil, Sweep, SweepLine
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.apps.base.pupils.stamps import CHILDREN, noted
from xingtan.apps.base.pupils.sweeping import cases
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T


@dataclass(frozen=True)
class Listed:
    """A child as a list states it. `row`: where it stands in a sheet, 0 for a form."""

    name: str
    sex: str = ""
    birth: date | None = None
    id_number: str = ""
    residence: str = ""
    guardian: str = ""
    phone: str = ""
    note: str = ""
    row: int = 0


@transaction.atomic
def children_list(*, org: Organisation, year: int, listed: Sequence[Listed], actor: Actor) -> list[Child]:
    """Put children on the list of a school year under an organisation. All faults of all rows at once; nothing half entered."""
    law = rules(org.place)
    rows = [_child(org, year, one) for one in listed]
    issues = [issue for one, child in zip(listed, rows, strict=True) for issue in _faults(one, child, law)]
    issues += _twice(org.place, year, listed, rows)
    if issues:
        raise XingtanError(issues)
    match(org.place, rows)
    made = Child.objects.bulk_create(rows, batch_size=500)
    target = Target("pupils.children", f"{org.code}:{year}", org.name)
    noted(actor=actor, action="child.list", place=org.place, parts=(CHILDREN,), target=target, after={"year": year, "children": len(made)})
    return made


def _child(org: Organisation, year: int, one: Listed) -> Child:
    number = normal_number(one.id_number)
    says = told(number) if number else None
    return Child(
        place=org.place, org=org, year=year, name=one.name.strip(), initials=initials(one.name.strip())[:64],
        sex=one.sex or (says.sex if says else ""), birth=one.birth or (says.birth if says else None), id_number=number[:32],
        id_number_index=index_of(org.place, number), residence=one.residence, guardian=one.guardian.strip()[:64],
        phone=one.phone.strip()[:32], note=one.note.strip()[:500],
    )  # fmt: skip


def _faults(one: Listed, child: Child, law: Rules) -> Iterable[Issue]:
    found = text_faults("name", T("姓名"), child.name, NAME_LIMIT) + birth_faults(child.birth)
    found += number_faults("", normal_number(one.id_number), one.sex, one.birth)
    found += law.fault("residence", "residence", T("城乡"), child.residence)
    if child.birth is None:
        found.append(error("pupils.child_birth", T("没有出生日期，也没有能推出它的身份证号"), Where(field="birth"), T("补上其中一项")))
    return [_at(issue, one.row) for issue in found]


def _at(issue: Issue, row: int) -> Issue:
    from dataclasses import replace

    return replace(issue, where=replace(issue.where, row=row)) if row else issue


def _twice(place: Place, year: int, listed: Sequence[Listed], rows: Sequence[Child]) -> list[Issue]:
    """An identity number twice in the rows, or on the year's list already."""
    known = set(
        Child.objects.filter(place=place, year=year, struck=None).exclude(id_number_index="").values_list("id_number_index", flat=True)
    )
    found = []
    for one, child in zip(listed, rows, strict=True):
        if child.id_number_index and child.id_number_index in known:
            message = T("这个证件号已在本学年的名册上")
            found.append(_at(error("pupils.child_twice", message, Where(field="id_number"), T("核对号码；同一名儿童只列一次")), one.row))
        known.add(child.id_number_index)
    return found


def match(place: Place, rows: Sequence[Child]) -> int:
    """Find unmatched children on the roll: by identity number, else by name and birth where only one pupil has both. Returns how many."""
    wanted = [child for child in rows if child.pupil_id is None]
    by_index: dict[str, int] = {}
    indexes = sorted({child.id_number_index for child in wanted if child.id_number_index})
    base = Pupil.objects.filter(place=place, merged_into=None)
    for start in range(0, len(indexes), 500):
        part = base.filter(person__id_number_index__in=indexes[start : start + 500])
        by_index |= dict(part.values_list("person__id_number_index", "pk"))
    by_name: dict[tuple[str, date | None], list[int]] = {}
    names = sorted({child.name for child in wanted if child.id_number_index not in by_index})
    for start in range(0, len(names), 500):
        for pk, name, birth in base.filter(person__name__in=names[start : start + 500]).values_list("pk", "person__name", "person__birth"):
            by_name.setdefault((name, birth), []).append(pk)
    return sum(_matched(child, by_index, by_name) for child in wanted)


def _matched(child: Child, by_index: dict[str, int], by_name: dict[tuple[str, date | None], list[int]]) -> bool:
    if child.id_number_index in by_index:
        child.pupil_id, child.found_by = by_index[child.id_number_index], "id_number"
    elif child.birth and len(same := by_name.get((child.name, child.birth), [])) == 1:
        child.pupil_id, child.found_by = same[0], "name_birth"
    return child.pupil_id is not None


@transaction.atomic
def children_match(*, place: Place, year: int, actor: Actor) -> int:
    """Look for everybody on the year's list who was not found yet. Returns how many were found now."""
    rows = list(Child.objects.select_for_update().filter(place=place, year=year, struck=None, pupil=None).order_by("pk"))
    count = match(place, rows)
    Child.objects.bulk_update([child for child in rows if child.pupil_id], ["pupil", "found_by"], batch_size=500)
    target = Target("pupils.children", f"{place.slug}:{year}", place.title)
    noted(actor=actor, action="child.match", place=place, parts=(CHILDREN,), target=target, after={"year": year, "children": count})
    return count


@transaction.atomic
def child_settle(*, child: Child, version: int, state: str, note: str, actor: Actor) -> Child:
    """Say what became of a child who is on no roll; the person who says so is kept."""
    row = _held(child, version)
    if issues := _state_faults(row.place, state):
        raise XingtanError(issues)
    before = row.settled
    row.settled, row.note, row.settled_by, row.settled_at = state, note.strip()[:500], actor.label[:200], timezone.now()
    row.version += 1
    row.save()
    noted(
        actor=actor, action="child.settle", place=row.place, parts=(CHILDREN,), target=row, before={"state": before}, after={"state": state}
    )
    return row


@transaction.atomic
def child_strike(*, child: Child, version: int, reason: str, actor: Actor) -> Child:
    """Take a child off the list: entered by mistake."""
    row = _held(child, version)
    if not reason.strip():
        raise XingtanError.one("pupils.strike", T("没有写移出名册的理由"), T("写明理由"), Where(field="reason"))
    row.struck, row.version = timezone.now(), row.version + 1
    row.save(update_fields=["struck", "version"])
    noted(actor=actor, action="child.strike", place=row.place, parts=(CHILDREN,), target=row, reason=reason)
    return row


def _held(child: Child, version: int) -> Child:
    row = Child.objects.select_for_update(of=("self",)).select_related("place", "org").get(pk=child.pk)
    if row.version != version or row.struck:
        raise XingtanError.one("pupils.stale", T("这名儿童的资料刚刚被别人改过"), T("打开最新的资料，核对后再办"))
    return row


def _state_faults(place: Place, state: str) -> list[Issue]:
    if not state:
        return [error("pupils.state", T("没有选核实情况"), Where(field="state"), T("选一项"))]
    return rules(place).fault("child_state", "state", T("核实情况"), state)


@transaction.atomic
def sweep_start(*, org: Organisation, year: int, day: date, due: date, title: str, actor: Actor) -> Sweep:
    """Begin a sweep: everybody to be looked for on the day, at the organisation and below it, each case once."""
    issues = text_faults("title", T("名称"), title, 80)
    if due < day:
        issues.append(error("pupils.due", T("完成期限早于排查日期"), Where(field="due"), T("核对两个日期")))
    if issues:
        raise XingtanError(issues)
    sweep = Sweep.objects.create(place=org.place, org=org, year=year, day=day, due=due, title=title.strip(), actor_label=actor.label[:200])
    lines = [SweepLine(sweep=sweep, **case) for case in cases(org, year, day)]
    SweepLine.objects.bulk_create(lines, batch_size=500)
    noted(actor=actor, action="sweep.start", place=org.place, parts=(CHILDREN,), target=sweep, after={"cases": len(lines), "year": year})
    return sweep


@transaction.atomic
def line_settle(*, line: SweepLine, state: str, note: str, actor: Actor) -> SweepLine:
    """Close a case of a sweep with what was found out; the child's own entry follows."""
    row = SweepLine.objects.select_for_update(of=("self",)).select_related("sweep__place", "child").get(pk=line.pk)
    issues = _state_faults(row.sweep.place, state)
    if row.sweep.closed:
        issues.append(error("pupils.sweep_closed", T("这次排查已经结束"), Where(field="state"), T("在新的排查里核实")))
    if issues:
        raise XingtanError(issues)
    before = row.state
    row.state, row.note, row.settled_by, row.settled_at = state, note.strip()[:500], actor.label[:200], timezone.now()
    row.save()
    if row.child is not None:
        told_now: dict[str, Any] = {"settled": state, "settled_by": actor.label[:200], "settled_at": row.settled_at}
        Child.objects.filter(pk=row.child.pk).update(**told_now, version=row.child.version + 1)
    target = Target("pupils.sweepline", str(row.pk), str(row))
    noted(
        actor=actor, action="sweep.settle", place=row.sweep.place, parts=(CHILDREN,), target=target, before={"state": before},
        after={"state": state},
    )  # fmt: skip
    return row


@transaction.atomic
def sweep_close(*, sweep: Sweep, actor: Actor) -> Sweep:
    """End a sweep. Refused while a case is open: nobody may be left out."""
    row = Sweep.objects.select_for_update(of=("self",)).select_related("place").get(pk=sweep.pk)
    left = row.lines.filter(state="").count()
    if left:
        raise XingtanError.one("pupils.sweep_open", T("还有 %(count)s 人没有核实", count=left), T("逐个核实后再结束"))
    row.closed = timezone.now()
    row.save(update_fields=["closed"])
    noted(actor=actor, action="sweep.close", place=row.place, parts=(CHILDREN,), target=row, after={"cases": row.lines.count()})
    return row
