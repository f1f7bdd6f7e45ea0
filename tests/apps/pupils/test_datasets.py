"""The registers as the warehouse gets them: each pupil once a day, no personal data, stamps that cost nothing."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.pupils.helpers import GROUND, START, admit, citizen_number, open_class
from tests.cast import ACTOR

from xingtan.apps.base.people.services import person_change
from xingtan.apps.base.pupils.checks import Facts, Kin
from xingtan.apps.base.pupils.datasets import SOURCES, PupilSource
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.services import act_undo, flag_set, pupil_drop, pupil_leave, pupil_resume
from xingtan.apps.base.pupils.services.movements import Ground

SOURCE = PupilSource()


def rows(name: str, period: str = "") -> list[dict]:
    return SOURCE.table("xishan", name, period).to_pylist()


def on(found: list[dict], day: date) -> list[dict]:
    return [row for row in found if row["valid_from"] <= day < row["valid_to"]]


def test_nothing_personal_leaves_in_a_register(cast):
    number = citizen_number(date(2012, 5, 6))
    facts = Facts({"home_address": "东溪镇柳湾村三组十二号院"}, (Kin("母亲", "李母亲", "13800001111"),))
    pupil = admit(cast.school, "欧阳某某", id_number=number, phone="13700002222", facts=facts, school_class=open_class(cast.school))
    flag_set(pupil=pupil, kind="留守", day=START, actor=ACTOR)
    pupil_drop(pupil=pupil, day=date(2025, 3, 1), ground=Ground(ACTOR, "走访", reason="厌学"))
    said = str([rows(name) for name in SOURCES if name != "school_age"])
    assert "留守" in said  # the code is there
    for secret in ("欧阳", number, "柳湾", "李母亲", "13800001111", "13700002222", pupil.number):
        assert secret not in said


def test_every_pupil_is_on_the_roll_once_a_day(cast):
    pupil = admit(cast.school)
    pupil_drop(pupil=pupil, day=date(2025, 3, 1), ground=Ground(ACTOR, "走访", reason="厌学"))
    pupil_resume(pupil=pupil, day=date(2025, 4, 1), ground=GROUND, seat=Seat(cast.school, "初中", 1))
    found = rows("roll")
    assert [len(on(found, date(2025, month, 15))) for month in (1, 3, 5)] == [1, 0, 1]
    moves = {(row["kind"], row["returned"]) for row in rows("movement")}
    assert moves == {("入学", True), ("辍学", True), ("复学", False)}


def test_a_class_has_one_size_on_each_day(cast):
    school_class = open_class(cast.school)
    first, _ = (admit(cast.school, school_class=school_class) for _ in range(2))
    pupil_leave(pupil=first, day=date(2025, 3, 1), to="外县", ground=GROUND)
    found = rows("class_roll")
    sizes = {day: [int(row["size__lo"]) for row in on(found, day)] for day in (START, date(2025, 3, 1), date(2025, 9, 1))}
    assert sizes == {START: [2], date(2025, 3, 1): [1], date(2025, 9, 1): [1]}
    assert [(row["grade_name"]) for row in on(found, date(2025, 9, 1))] == ["八年级"]
    assert on(found, date(2027, 9, 1)) == []  # the class is through


def test_a_flag_is_cut_by_the_spells_it_lies_on(cast):
    pupil = admit(cast.school)
    flag_set(pupil=pupil, kind="特困", day=date(2024, 10, 1), actor=ACTOR)
    pupil_drop(pupil=pupil, day=date(2025, 3, 1), ground=Ground(ACTOR, "走访", reason="贫困"))
    (row,) = rows("pupil_flag")
    assert (row["valid_from"], row["valid_to"], row["kind"]) == (date(2024, 10, 1), date(2025, 3, 1), "特困")
    (left,) = rows("flag_movement")
    assert (left["flag"], left["kind"], left["reason"]) == ("特困", "辍学", "贫困")


def test_the_stamp_moves_with_every_change_and_reads_no_row(cast):
    assert SOURCE.version("xishan", "roll") == {}
    pupil = admit(cast.school)
    seen = [SOURCE.version("xishan", "roll")]
    move = pupil_leave(pupil=pupil, day=date(2025, 3, 1), to="外县", ground=GROUND)
    seen.append(SOURCE.version("xishan", "roll"))
    act_undo(act=move.act, reason="误", actor=ACTOR)
    seen.append(SOURCE.version("xishan", "roll"))
    person_change(person=pupil.person, version=pupil.person.version, name=pupil.person.name, sex="女", actor=ACTOR)
    seen.append(SOURCE.version("xishan", "roll"))
    flags = SOURCE.version("xishan", "pupil_flag")
    flag_set(pupil=pupil, kind="留守", day=START, actor=ACTOR)
    assert SOURCE.version("xishan", "pupil_flag") != flags
    assert SOURCE.version("xishan", "roll") == seen[-1]
    assert len({str(one) for one in seen}) == len(seen)
    with CaptureQueriesContext(connection) as asked:
        SOURCE.version("xishan", "roll")
    assert [query["sql"].count("pupils_enrolment") for query in asked.captured_queries] == [0]
