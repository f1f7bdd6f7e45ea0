"""Duplicates found and merged, reversibly."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.pupils.helpers import GROUND, START, admit, citizen_number, spells
from tests.cast import ACTOR

from xingtan.apps.base.pupils.checks import Facts, Kin
from xingtan.apps.base.pupils.duplicates import suspects
from xingtan.apps.base.pupils.models import Pupil
from xingtan.apps.base.pupils.services import flag_set, pupil_drop, pupil_leave, pupil_suspend
from xingtan.apps.base.pupils.services.merging import pupils_merge, pupils_unmerge
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.kernel.errors import XingtanError

BIRTH = date(2012, 5, 6)


def everything(*pupils: Pupil) -> list:
    """Spells, movements, flags, guardians of records, whoever holds them."""
    rows = [Pupil.objects.get(pk=one.pk) for one in pupils]
    return [
        (
            row.pk, row.merged_into_id, row.person.merged_into_id, spells(row), sorted(row.movements.values_list("pk", "undone")),
            sorted(row.flags.values_list("pk", flat=True)), sorted(row.guardians.values_list("pk", flat=True)),
        )
        for row in rows
    ]  # fmt: skip


def groups(cast) -> list[tuple[set[int], str]]:
    return [({one.pk for one in group.pupils}, group.by) for group in suspects(cast.place, Pupil.objects.all())]


def test_records_of_one_name_and_birth_or_telephone_are_found(cast):
    mother = Facts(guardians=(Kin("母亲", "李母", "139 1234 5678"),))
    twins = admit(cast.school, "张三", birth=BIRTH), admit(cast.org("XS-21"), "张三", birth=BIRTH)
    phones = (
        admit(cast.school, "李四", facts=mother),
        admit(cast.org("XS-21"), "李四", facts=Facts(guardians=(Kin("父亲", "李父", "13912345678"),))),
    )
    admit(cast.school, "王五", birth=BIRTH)
    assert groups(cast) == [({one.pk for one in twins}, "birth"), ({one.pk for one in phones}, "phone")]


def test_two_with_numbers_of_their_own_are_no_suspects(cast):
    for serial in (1, 2):
        admit(cast.school, "张三", id_number=citizen_number(BIRTH, serial=serial))
    assert groups(cast) == []


def test_a_merger_moves_everything_and_is_undone_exactly(cast):
    kept = admit(cast.school, "张三", id_number=citizen_number(BIRTH), day=date(2025, 9, 1), grade=2)
    gone = admit(
        cast.org("XS-12"), "张三", stage="小学", grade=6, birth=BIRTH, facts=Facts(guardians=(Kin("母亲", "李母", "13912345678"),))
    )
    pupil_leave(pupil=gone, day=date(2025, 7, 1), to="去向不明", ground=GROUND)
    flag_set(pupil=gone, kind="留守", day=START, actor=ACTOR)
    before = everything(kept, gone)
    merge = pupils_merge(kept=kept, gone=gone, reason="户口簿核实", actor=ACTOR)
    assert [spell[1] for spell in spells(kept)] == ["小学", "初中"]
    assert kept.flags.count() == 1
    assert kept.guardians.count() == 1
    with pytest.raises(XingtanError):
        pupil_suspend(pupil=gone, day=date(2025, 10, 1), ground=GROUND)
    pupils_unmerge(merge=merge, reason="认错了", actor=ACTOR)
    assert everything(kept, gone) == before


def test_of_two_spells_on_one_day_one_is_set_aside(cast):
    kept, gone = admit(cast.school, "张三", birth=BIRTH), admit(cast.org("XS-21"), "张三", birth=BIRTH)
    before = everything(kept, gone)
    merge = pupils_merge(kept=kept, gone=gone, reason="同一人", actor=ACTOR)
    assert len(spells(kept)) == 1
    assert spells(gone) == []
    pupils_unmerge(merge=merge, reason="认错了", actor=ACTOR)
    assert everything(kept, gone) == before


def test_a_merger_is_refused_between_two_numbers_and_not_undone_after_a_movement(cast):
    one, two = (admit(cast.school, "张三", id_number=citizen_number(BIRTH, serial=serial)) for serial in (1, 2))
    with pytest.raises(XingtanError) as numbers:
        pupils_merge(kept=one, gone=two, reason="同一人", actor=ACTOR)
    assert {issue.code for issue in numbers.value.issues} == {"pupils.merge_ids"}
    three = admit(cast.org("XS-21"), "张三", birth=BIRTH)
    merge = pupils_merge(kept=one, gone=three, reason="同一人", actor=ACTOR)
    pupil_suspend(pupil=one, day=date(2025, 10, 1), ground=GROUND)
    with pytest.raises(XingtanError) as late:
        pupils_unmerge(merge=merge, reason="认错了", actor=ACTOR)
    assert {issue.code for issue in late.value.issues} == {"pupils.moved_on"}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ends=st.lists(st.sampled_from(["", "leave", "drop"]), min_size=2, max_size=2),
    starts=st.lists(st.integers(0, 300), min_size=2, max_size=2),
)
def test_merge_and_unmerge_restore_whatever_was_there(cast, ends, starts):
    pupils = []
    for school, end, start in zip((cast.school, cast.org("XS-21")), ends, starts, strict=True):
        day = date.fromordinal(START.toordinal() + start)
        pupil = admit(school, "张三", birth=BIRTH, day=day)
        later = date.fromordinal(day.toordinal() + 30)
        if end == "leave":
            pupil_leave(pupil=pupil, day=later, to="外县", ground=GROUND)
        if end == "drop":
            pupil_drop(pupil=pupil, day=later, ground=Ground(ACTOR, "走访", reason="厌学"))
        pupils.append(pupil)
    before = everything(*pupils)
    merge = pupils_merge(kept=pupils[0], gone=pupils[1], reason="同一人", actor=ACTOR)
    found = spells(pupils[0])
    assert all(a[7] <= b[6] for a, b in pairwise(found))
    pupils_unmerge(merge=merge, reason="认错了", actor=ACTOR)
    assert everything(*pupils) == before
