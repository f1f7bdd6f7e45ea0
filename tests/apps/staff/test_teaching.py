from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.staff.conftest import employ
from tests.cast import ACTOR, Cast

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import SchoolClass
from xingtan.apps.base.pupils.services.classes import class_open
from xingtan.apps.base.staff import courses, teaching
from xingtan.apps.base.staff.courses import Need
from xingtan.apps.base.staff.models import Assignment
from xingtan.apps.base.staff.services import secondment
from xingtan.apps.base.staff.services.secondment import Loan
from xingtan.apps.base.staff.services.teaching import Lesson, lessons_of, stamp, timetable_set
from xingtan.apps.base.staff.teaching_data import TERMS
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Reason
from xingtan.ui import registers
from xingtan.warehouse import refresh

TERM = Period.parse("2012-2013T1")
Clients = Callable[[str], Client]


@pytest.fixture
def klass(cast: Cast) -> SchoolClass:
    return class_open(school=cast.school, stage="初中", entry_year=2012, number=1, day=date(2012, 9, 1), actor=ACTOR)


def state(row: SchoolClass, *lines: tuple[str, Person | None, str], seen: str | None = None, term: Period = TERM) -> int:
    lessons = [Lesson(subject, teacher, Decimal(periods), at) for at, (subject, teacher, periods) in enumerate(lines, 1)]
    now = stamp(lessons_of(row, term)) if seen is None else seen
    return timetable_set(school_class=row, term=term, lessons=lessons, seen=now, actor=ACTOR)


def codes(error: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    return sorted(issue.code for issue in error.value.issues)


def test_all_faults_of_a_timetable_are_told_with_their_lines(cast: Cast, staffroom: dict[str, Person], klass: SchoolClass) -> None:
    wen, yin = staffroom["wen"], staffroom["yin"]
    with pytest.raises(XingtanError) as error:
        state(klass, ("语文", wen, "6"), ("语文", wen, "2"), ("炼金术", wen, "1"), ("数学", yin, "0"), ("外语", None, "1.3"))
    assert codes(error) == ["staff.code", "staff.lesson_twice", "staff.not_here", "staff.periods", "staff.periods_half"]
    assert {issue.where.field for issue in error.value.issues} == {"subject_3", "subject_2", "periods_4", "periods_5", "teacher_4"}
    assert not Assignment.objects.exists()


def test_a_teacher_lent_to_the_school_may_teach_there_and_a_stranger_not(
    cast: Cast, staffroom: dict[str, Person], klass: SchoolClass
) -> None:
    yin = staffroom["yin"]
    with pytest.raises(XingtanError) as error:
        state(klass, ("音乐", yin, "1"))
    assert codes(error) == ["staff.not_here"]
    secondment.begin(person=yin, loan=Loan("交流", cast.org("XS-21"), cast.school), day=date(2012, 10, 1), actor=ACTOR)
    assert state(klass, ("音乐", yin, "1")) == 1


def test_a_timetable_is_replaced_as_a_whole_and_the_second_writer_is_told(staffroom: dict[str, Person], klass: SchoolClass) -> None:
    wen, shu = staffroom["wen"], staffroom["shu"]
    state(klass, ("语文", wen, "6"), ("数学", shu, "5"))
    kept = Assignment.objects.get(subject="语文").pk
    old = stamp(lessons_of(klass, TERM))
    state(klass, ("语文", wen, "7"), ("外语", None, "5"))
    assert sorted(Assignment.objects.values_list("subject", "periods")) == [("外语", 5), ("语文", 7)]
    assert Assignment.objects.get(subject="语文").pk == kept
    told = Event.objects.filter(action="teaching.set").latest("pk")
    assert json.loads(told.before)["lessons"] == ["语文 6 文静", "数学 5 舒远"]
    with pytest.raises(XingtanError) as error:
        state(klass, ("语文", wen, "1"), seen=old)
    assert codes(error) == ["staff.stale"]


def test_a_class_outside_its_span_or_a_year_for_a_term_is_refused(staffroom: dict[str, Person], klass: SchoolClass) -> None:
    for text, code in (("2010-2011T1", "staff.class_term"), ("2012-2013", "staff.term")):
        with pytest.raises(XingtanError) as error:
            state(klass, ("语文", None, "1"), term=Period.parse(text))
        assert codes(error) == [code]


@pytest.mark.proves("G409")
def test_what_is_missing_where_is_told_and_what_nobody_stated_is_unknown(
    cast: Cast, staffroom: dict[str, Person], klass: SchoolClass
) -> None:
    other = class_open(school=cast.org("XS-21"), stage="初中", entry_year=2011, number=1, day=date(2011, 9, 1), actor=ACTOR)
    state(
        klass,
        ("语文", staffroom["wen"], "7"),
        ("数学", staffroom["shu"], "5"),
        ("外语", None, "5"),
        ("音乐", None, "1"),
        ("体育与健康", None, "3"),
    )
    found = {one.row.pk: one for one in teaching.standings(cast.place, TERM)}
    mine, theirs = found[klass.pk], found[other.pk]
    assert (mine.opened, mine.missing, mine.short) == (4, ["艺术"], [("数学", Decimal(1))])  # music alone is not the arts
    assert (mine.counted, mine.required, mine.state) == (Decimal(20), Decimal(22), "miss")
    assert (theirs.stated, theirs.missing, theirs.state) == (False, [], "none")
    rows = list(TERMS["curriculum"](cast.place, active_pack(cast.place), TERM, None))
    unknown = [row for row in rows if row["org"] == "XS-21" and row["kind"] == "科目"]
    assert unknown
    assert all(row["opened"] is Reason.UNKNOWN and row["counted"] is Reason.UNKNOWN for row in unknown)
    state(
        klass,
        ("语文", None, "6"),
        ("数学", None, "6"),
        ("外语", None, "5"),
        ("音乐", None, "1"),
        ("美术", None, "1"),
        ("体育与健康", None, "3"),
    )
    assert next(one for one in teaching.standings(cast.place, TERM) if one.row.pk == klass.pk).state == "met"


def test_registers_of_teaching_walk_back_to_the_class(cast: Cast, staffroom: dict[str, Person], klass: SchoolClass) -> None:
    state(klass, ("语文", staffroom["wen"], "6"), ("数学", staffroom["shu"], "5"))
    snapshot = refresh.working("xishan")
    lessons = snapshot.read("assignment").to_pylist()
    assert {(row["subject"], row["off_subject"], row["off_subject__reason"]) for row in lessons} == {
        ("语文", None, "unknown"), ("数学", True, ""),
    }  # fmt: skip
    for dataset in ("assignment", "curriculum"):
        ids = snapshot.read(dataset)["row_id"].to_pylist()
        keeper = registers.provider(dataset)
        assert keeper is not None
        seen = keeper.rows(cast.accounts["statistician"], cast.place, ids)
        assert set(seen) == set(ids)
        assert all(one.open and f"/class/{klass.pk}/" in one.url for one in seen.values())
        assert not any(one.open for one in keeper.rows(cast.accounts["principal_west"], cast.place, ids).values())


def test_a_grid_states_a_timetable_and_shows_what_is_wrong(
    cast: Cast, client_of: Clients, staffroom: dict[str, Person], klass: SchoolClass
) -> None:
    client, address = client_of("principal"), f"/p/xishan/teaching/class/{klass.pk}/?term=2012-2013T1"
    page = client.get(address)
    assert page.status_code == 200
    form = page.context["form"]
    assert [form[f"subject_{at}"].value() for at in (1, 2, 3, 4, 5)] == ["语文", "数学", "外语", "体育与健康", "艺术"]
    data = {
        "seen": form["seen"].value(),
        "count": form["count"].value(),
        "subject_1": "语文",
        "teacher_1": staffroom["wen"].pk,
        "periods_1": "6",
    }
    wrong = client.post(
        address, {**data, "subject_2": "", "teacher_2": staffroom["shu"].pk, "periods_2": "5", "subject_3": "外语", "periods_3": "99"}
    )
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "没有选学科" in said
    assert client.post(address, {**data, "subject_3": "外语", "periods_3": "99"}).status_code == 422
    assert client.post(address, data).status_code == 302
    assert Assignment.objects.get().teacher == staffroom["wen"]
    listed = client.get("/p/xishan/teaching/", {"term": "2012-2013T1"}).content.decode()
    assert "缺课程</span>" in listed.partition("<tbody>")[2]
    assert "数学、外语、体育与健康、艺术" in listed
    loads = client.get("/p/xishan/teaching/loads/", {"term": "2012-2013T1"}).content.decode()
    assert "文静" in loads
    file = client.get(f"/p/xishan/staff/{staffroom['wen'].pk}/").content.decode()
    assert "七年级（1）班" in file
    assert client_of("principal_west").get(address).status_code == 404
    assert client_of("inspector").post(address, data).status_code == 404


needs = st.builds(Need, st.sampled_from("甲乙丙丁"), st.none() | st.integers(1, 8).map(Decimal), st.sampled_from([(), ("戊", "己")]))
given_ = st.none() | st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.integers(1, 10).map(Decimal))


@given(needs, given_)
def test_nothing_given_beyond_the_plan_counts_and_nothing_unstated_is_missing(need: Need, given_: dict[str, Decimal] | None) -> None:
    held = courses.hold(need, given_)
    if given_ is None:
        assert (held.opened, held.given, held.counted, held.short) == (None, None, None, None)
        return
    assert held.opened == (need.subject in given_ or (bool(need.parts) and set(need.parts) <= set(given_)))
    if need.required is None:
        assert held.counted is None
    else:
        assert held.counted is not None
        assert held.short is not None
        assert 0 <= held.counted <= need.required
        assert held.counted + held.short == need.required


def test_of_two_plans_the_later_one_in_force_counts(cast: Cast) -> None:
    pack = active_pack(cast.place)
    assert courses.plan_of(pack, "初中", date(2000, 9, 1)) is None
    assert courses.plan_of(pack, "初中", date(2012, 9, 1)) is not None
    assert courses.plan_of(pack, "高中", date(2012, 9, 1)) is None


def test_somebody_who_teaches_nowhere_has_no_load(cast: Cast) -> None:
    employ(cast, "闲人", "XS-11")
    assert teaching.loads(cast.place, TERM) == []
