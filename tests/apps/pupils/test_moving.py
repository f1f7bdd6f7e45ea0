"""Admission and single movements: what is refused, what is written, and that undoing restores."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.apps.pupils.helpers import GROUND, START, admit, citizen_number, open_class, spells
from tests.cast import ACTOR

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.pupils.checks import Facts, Kin, Who
from xingtan.apps.base.pupils.identity import DuplicateError
from xingtan.apps.base.pupils.models import Act, Guardian, Movement, Pupil
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.selectors import pupil_by_index, roll_on
from xingtan.apps.base.pupils.services import (
    act_undo,
    flag_end,
    flag_set,
    pupil_admit,
    pupil_change,
    pupil_change_seat,
    pupil_drop,
    pupil_graduate,
    pupil_leave,
    pupil_promote,
    pupil_repeat,
    pupil_resume,
    pupil_suspend,
)  # fmt: skip
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.kernel.errors import XingtanError

Kind = Movement.Kind
BIRTH = date(2012, 5, 6)
LATER = date(2025, 3, 1)


def codes(refused: pytest.ExceptionInfo[XingtanError]) -> set[str]:
    return {issue.code for issue in refused.value.issues}


def test_a_pupil_is_admitted_with_everything_the_form_asks(cast):
    school, number = cast.school, citizen_number(BIRTH)
    facts = Facts({"residence": "农村", "health": "健康或良好"}, (Kin("父亲", "张父", "13912345678"),))
    pupil = admit(school, "张三", sex="男", birth=BIRTH, id_number=number, facts=facts, school_class=open_class(school), boarding=True)
    assert not pupil.temporary
    assert pupil_by_index(cast.place, number.lower()) == pupil
    assert roll_on(cast.place, START).get().pupil == pupil
    assert Guardian.objects.get().phone.plain() == "13912345678"
    assert pupil.movements.get().kind == Kind.ENTER


def test_without_an_identity_number_the_number_is_temporary(cast):
    pupil = admit(cast.school)
    assert pupil.temporary
    who = Who(pupil.person.name, id_number=citizen_number(BIRTH, "女"))
    changed = pupil_change(pupil=pupil, version=1, who=who, facts=Facts(), actor=ACTOR)
    assert not changed.temporary
    assert (changed.person.sex, changed.person.birth) == ("女", BIRTH)  # the number tells both


def test_all_faults_come_at_once(cast):
    who = Who("", birth=timezone.localdate() + timedelta(days=3), id_number="220523201205060000")
    seat = Seat(cast.school, "小学", 9)
    with pytest.raises(XingtanError) as refused:
        pupil_admit(place=cast.place, who=who, seat=seat, day=timezone.localdate() + timedelta(days=9), actor=ACTOR)
    assert codes(refused) >= {"text.empty", "pupils.birth_future", "pupils.stage", "pupils.grade", "pupils.future"}
    assert any(code.startswith("people.id") for code in codes(refused))
    assert not Pupil.objects.exists()


def test_a_second_school_is_told_to_propose_a_transfer(cast):
    number = citizen_number(BIRTH)
    mine = admit(cast.school, "张三", id_number=number)
    with pytest.raises(DuplicateError) as refused:
        admit(cast.org("XS-21"), "张三", id_number=number, day=LATER)
    assert "请发起转学" in str(refused.value.issues[0].hint)
    assert "张三" not in str(refused.value)
    assert refused.value.pupil == mine
    with pytest.raises(DuplicateError) as again:
        admit(cast.school, "张三", id_number=number, day=LATER)
    assert "本校已有" in str(again.value)


def test_who_left_comes_back_with_the_same_record(cast):
    number = citizen_number(BIRTH)
    first = admit(cast.org("XS-12"), "张三", stage="小学", grade=6, id_number=number)
    pupil_graduate(pupil=first, day=date(2025, 7, 1), ground=GROUND)
    again = admit(cast.school, "张三", day=date(2025, 9, 1), id_number=number)
    assert again.pk == first.pk
    assert [spell[2] for spell in spells(again)] == [6, 1]


def test_a_number_of_another_name_is_refused(cast):
    number = citizen_number(BIRTH)
    pupil_graduate(pupil=admit(cast.org("XS-12"), "张三", stage="小学", grade=6, id_number=number), day=LATER, ground=GROUND)
    with pytest.raises(XingtanError) as refused:
        admit(cast.school, "李四", day=date(2025, 9, 1), id_number=number)
    assert codes(refused) == {"pupils.id_taken"}


def test_a_national_number_is_never_stored_in_plain(cast):
    number = citizen_number(BIRTH)
    pupil = admit(cast.school, "张三", facts=Facts({"number": f"G{number}"}))
    assert number not in pupil.number
    assert pupil.person.id_number.plain() == number


def test_each_movement_ends_one_spell_and_begins_the_next(cast):
    pupil = admit(cast.school, school_class=open_class(cast.school))
    pupil_suspend(pupil=pupil, day=date(2024, 11, 1), ground=GROUND)
    pupil_resume(pupil=pupil, day=date(2025, 2, 20), ground=GROUND)
    pupil_promote(pupil=pupil, day=date(2025, 9, 1), ground=GROUND)
    found = spells(pupil)
    assert [(spell[2], spell[4]) for spell in found] == [(1, "在读"), (1, "休学"), (1, "在读"), (2, "在读")]
    assert [a[-1] for a in found[:-1]] == [b[-2] for b in found[1:]]


@pytest.mark.parametrize(
    ("verb", "wants"),
    [
        (lambda p: pupil_resume(pupil=p, day=LATER, ground=GROUND), "pupils.status"),
        (lambda p: pupil_graduate(pupil=p, day=LATER, ground=GROUND), "pupils.last_grade"),
        (lambda p: pupil_suspend(pupil=p, day=LATER, ground=Ground(ACTOR)), "pupils.evidence"),
        (lambda p: pupil_drop(pupil=p, day=LATER, ground=GROUND), "pupils.reason"),
        (lambda p: pupil_drop(pupil=p, day=LATER, ground=Ground(ACTOR, "走访", reason="不爱学")), "pupils.code"),
        (lambda p: pupil_suspend(pupil=p, day=date(2023, 1, 1), ground=GROUND), "pupils.before_last"),
        (lambda p: pupil_leave(pupil=p, day=date(2199, 1, 1), to="外县", ground=GROUND), "pupils.future"),
    ],
)
def test_what_a_movement_refuses(cast, verb, wants):
    pupil = admit(cast.school)
    before = spells(pupil)
    with pytest.raises(XingtanError) as refused:
        verb(pupil)
    assert wants in codes(refused)
    assert spells(pupil) == before


def test_a_class_must_be_of_the_school_stage_and_day(cast):
    other = open_class(cast.org("XS-21"))
    pupil = admit(cast.school)
    with pytest.raises(XingtanError) as refused:
        pupil_change_seat(pupil=pupil, day=LATER, ground=GROUND, school_class=other)
    assert codes(refused) == {"pupils.class_school"}


def test_undo_restores_exactly_and_only_the_latest(cast):
    pupil = admit(cast.school)
    before = spells(pupil)
    drop = pupil_drop(pupil=pupil, day=LATER, ground=Ground(ACTOR, "走访记录", reason="厌学"))
    gone = spells(pupil)
    back = pupil_resume(pupil=pupil, day=date(2025, 4, 1), ground=GROUND, seat=Seat(cast.school, "初中", 1))
    with pytest.raises(XingtanError) as refused:
        act_undo(act=drop.act, reason="录错", actor=ACTOR)
    assert codes(refused) == {"pupils.undo_order"}
    act_undo(act=back.act, reason="录错", actor=ACTOR)
    assert spells(pupil) == gone
    act_undo(act=drop.act, reason="录错", actor=ACTOR)
    assert spells(pupil) == before
    with pytest.raises(XingtanError):
        act_undo(act=drop.act, reason="再来", actor=ACTOR)


def test_repeating_leaves_the_class_behind(cast):
    pupil = admit(cast.school, school_class=open_class(cast.school))
    pupil_repeat(pupil=pupil, day=date(2025, 9, 1), ground=GROUND)
    assert spells(pupil)[-1][2:4] == (1, None)


def test_flags_have_dates_and_do_not_overlap(cast):
    pupil = admit(cast.school)
    flag = flag_set(pupil=pupil, kind="留守", day=START, actor=ACTOR, source="家访")
    with pytest.raises(XingtanError) as refused:
        flag_set(pupil=pupil, kind="留守", day=LATER, actor=ACTOR)
    assert codes(refused) == {"pupils.flag_twice"}
    flag_end(flag=flag, day=LATER, actor=ACTOR)
    flag_set(pupil=pupil, kind="留守", day=LATER, actor=ACTOR)
    with pytest.raises(XingtanError) as unknown:
        flag_set(pupil=pupil, kind="顽皮", day=LATER, actor=ACTOR)
    assert codes(unknown) == {"pupils.code"}


def test_the_log_keeps_neither_names_nor_numbers(cast):
    number = citizen_number(BIRTH)
    facts = Facts({"home_address": "东溪镇柳湾村三组十二号院"}, (Kin("母亲", "李母亲", "13800001111"),))
    pupil = admit(cast.school, "欧阳某某", id_number=number, phone="13700002222", facts=facts)
    pupil_drop(pupil=pupil, day=LATER, ground=Ground(ACTOR, "走访", reason="贫困"))
    flag_set(pupil=pupil, kind="特困", day=START, actor=ACTOR)
    for event in Event.objects.filter(action__startswith="pupil."):
        told = f"{event.before} {event.after} {event.target_label} {event.reason}"
        for secret in (number, "欧阳某某", "柳湾村三组", "李母亲", "13800001111", "13700002222", "特困"):
            assert secret not in told
    assert not any(number in f"{event.before}{event.after}" for event in Event.objects.all())
    assert Act.objects.count() == 2
