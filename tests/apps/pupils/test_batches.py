"""Batches: previewed, applied as a job exactly as previewed, undone as a whole."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.pupils.helpers import GROUND, START, admit, open_class, propose, spells
from tests.cast import ACTOR

from xingtan.apps.base.jobs.models import Job, State
from xingtan.apps.base.jobs.worker import run_waiting
from xingtan.apps.base.pupils.batching import GRADUATION, REGROUP, ROLLOVER, Wanted, plan
from xingtan.apps.base.pupils.models import Act, Enrolment, SchoolClass
from xingtan.apps.base.pupils.services import act_undo, pupil_change_seat, pupil_leave, pupil_suspend
from xingtan.apps.base.pupils.services.batches import batch_apply, batch_request
from xingtan.kernel.errors import XingtanError

NEW_YEAR = date(2025, 9, 1)


def picture() -> list[tuple]:
    """Everything in force: what undoing has to restore."""
    rows = Enrolment.objects.order_by("pupil", "valid_from")
    held = [
        (row.pupil_id, row.school_id, row.grade, row.school_class_id, row.valid_from, row.valid_to)
        for row in rows
        if row.valid_from < row.valid_to
    ]
    classes = [(row.pk, row.valid_from, row.valid_to) for row in SchoolClass.objects.order_by("pk") if row.valid_from < row.valid_to]
    return [*held, *classes]


def rollover(cast, **more) -> Wanted:
    return Wanted(ROLLOVER, cast.school.pk, NEW_YEAR.isoformat(), **more)


def test_a_rollover_promotes_all_but_the_last_grade_the_suspended_and_the_repeaters(cast):
    school = cast.school
    one, two, three = (open_class(school, year=year) for year in (2024, 2023, 2022))
    up = admit(school, school_class=one)
    stays = admit(school, grade=2, school_class=two)
    last = admit(school, grade=3, school_class=three)
    ill = admit(school, school_class=one)
    pupil_suspend(pupil=ill, day=date(2025, 3, 1), ground=GROUND)
    before = picture()
    found = plan(school, rollover(cast, repeat=(stays.pk,)))
    assert sorted(line.kind for line in found.lines) == ["升级", "留级"]
    assert dict(found.left) == {"毕业年级": 1, "休学": 1}
    assert picture() == before  # a preview writes nothing
    act = batch_apply(org=school, wanted=found.wanted, digest=found.digest, actor=ACTOR)
    assert [spells(pupil)[-1][2] for pupil in (up, stays, last, ill)] == [2, 2, 3, 1]
    assert spells(stays)[-1][3] == one.pk  # into the class of the year below
    act_undo(act=act, reason="误办", actor=ACTOR)
    assert picture() == before


def test_a_second_rollover_of_the_year_finds_nobody(cast):
    admit(cast.school)
    first = plan(cast.school, rollover(cast))
    batch_apply(org=cast.school, wanted=first.wanted, digest=first.digest, actor=ACTOR)
    assert not plan(cast.school, rollover(cast)).possible


def test_a_batch_that_would_do_something_else_than_previewed_is_refused(cast):
    pupil = admit(cast.school)
    admit(cast.school)
    seen = plan(cast.school, rollover(cast))
    pupil_leave(pupil=pupil, day=date(2025, 8, 1), to="外县", ground=GROUND)
    before = picture()
    with pytest.raises(XingtanError) as refused:
        batch_apply(org=cast.school, wanted=seen.wanted, digest=seen.digest, actor=ACTOR)
    assert {issue.code for issue in refused.value.issues} == {"pupils.changed"}
    assert picture() == before


def test_pupils_in_a_transfer_or_with_later_movements_are_named(cast):
    waiting, moved = admit(cast.school), admit(cast.school)
    propose(waiting, cast.org("XS-21"))
    pupil_change_seat(pupil=moved, day=date(2025, 10, 1), ground=GROUND, boarding=True)
    issues = plan(cast.school, rollover(cast)).issues
    assert {f"№{waiting.pk}", f"№{moved.pk}"} == {str(issue.message.params["pupil"]) for issue in issues}


def test_graduation_ends_spells_and_closes_emptied_classes(cast):
    school = cast.school
    row = open_class(school, year=2022)
    pupil, other = admit(school, grade=3, school_class=row), admit(school, grade=3, school_class=row)
    before = picture()
    wanted = Wanted(GRADUATION, school.pk, "2025-07-10", "初中", incomplete=(other.pk,))
    act = batch_apply(org=school, wanted=wanted, digest=plan(school, wanted).digest, actor=ACTOR)
    assert sorted(act.movements.values_list("kind", flat=True)) == ["毕业", "结业"]
    assert spells(pupil)[-1][7] == date(2025, 7, 10)
    row.refresh_from_db()
    assert row.valid_to == date(2025, 7, 10)
    act_undo(act=act, reason="误办", actor=ACTOR)
    assert picture() == before


def test_classes_are_split_evenly_and_merged_again(cast):
    school = cast.school
    row = open_class(school)
    for number in range(9):
        admit(school, school_class=row, sex="男" if number % 3 else "女")
    before = picture()
    wanted = Wanted(REGROUP, school.pk, "2025-03-01", classes=(row.pk,), into=2)
    act = batch_apply(org=school, wanted=wanted, digest=plan(school, wanted).digest, actor=ACTOR)
    classes = SchoolClass.objects.filter(school=school).order_by("number")
    rows = Enrolment.objects.on(date(2025, 3, 1))
    assert [rows.filter(school_class=one).count() for one in classes] == [5, 4]
    assert {rows.filter(school_class=one, pupil__person__sex="女").count() for one in classes} == {1, 2}
    back = Wanted(REGROUP, school.pk, "2025-04-01", classes=tuple(one.pk for one in classes), into=1)
    merged = batch_apply(org=school, wanted=back, digest=plan(school, back).digest, actor=ACTOR)
    assert Enrolment.objects.on(date(2025, 4, 1)).filter(school_class=row).count() == 9
    act_undo(act=merged, reason="误办", actor=ACTOR)
    act_undo(act=act, reason="误办", actor=ACTOR)
    assert picture() == before


def test_a_batch_is_done_once_by_its_job_and_tells_its_owner(cast):
    admit(cast.school, day=START)
    seen = plan(cast.school, rollover(cast))
    actor = cast.accounts["registrar"].actor
    job = batch_request(org=cast.school, wanted=seen.wanted, digest=seen.digest, actor=actor)
    assert Act.objects.filter(kind=ROLLOVER).count() == 0
    run_waiting()
    job = Job.objects.get(pk=job.pk)
    assert job.state == State.DONE, job.trace
    act = Act.objects.get(kind=ROLLOVER)
    assert job.url.endswith(f"/acts/{act.pk}/")
    assert act.actor_id == actor.id


def test_another_stage_of_the_school_is_left_alone(cast):
    nine = cast.org("XS-21")
    small, large = admit(nine, stage="小学", grade=1), admit(nine, stage="初中", grade=1)
    wanted = Wanted(ROLLOVER, nine.pk, NEW_YEAR.isoformat(), stage="小学")
    batch_apply(org=nine, wanted=wanted, digest=plan(nine, wanted).digest, actor=ACTOR)
    assert (spells(small)[-1][2], spells(large)[-1][2]) == (2, 1)
