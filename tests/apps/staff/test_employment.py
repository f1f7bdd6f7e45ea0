from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import ACTOR, Cast, make_cast, make_person

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff.models import Employment, Secondment, TeamSpell, TitleHolding
from xingtan.apps.base.staff.services import employment, secondment, standing
from xingtan.apps.base.staff.services.employment import Terms
from xingtan.apps.base.staff.services.secondment import Loan, Verdict
from xingtan.apps.base.staff.services.standing import Paper, Title
from xingtan.kernel.errors import XingtanError

ON = date(2009, 9, 1)


def codes(error: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    for issue in error.value.issues:
        assert issue.hint is not None
    return sorted(issue.code for issue in error.value.issues)


def terms(cast: Cast, code: str = "XS-11", **more: str) -> Terms:
    return Terms(cast.org(code), **{"establishment": "在编", "category": "专任教师", "stage": "初中", "subject": "语文", **more})


@pytest.fixture
def someone(cast: Cast) -> Person:
    return make_person(cast.school, "文静", "teacher")


def test_all_faults_of_an_employment_are_told_at_once_and_nothing_is_left(cast: Cast, someone: Person) -> None:
    Person.objects.filter(pk=someone.pk).update(birth=date(2000, 2, 29))
    count = Employment.objects.count(), Event.objects.count()
    wrong = Terms(cast.org("SQ-1"), "终身", "", "大学", "炼金术", "抢", "长" * 500)
    with pytest.raises(XingtanError) as error:
        employment.begin(person=someone, terms=wrong, day=ON, until=ON, actor=ACTOR)
    assert codes(error) == [
        "staff.code", "staff.code", "staff.code", "staff.code", "staff.empty", "staff.other_place", "staff.span", "staff.too_young", "text.long",
    ]  # fmt: skip
    assert (Employment.objects.count(), Event.objects.count()) == count


def test_words_are_those_of_the_day(cast: Cast, someone: Person) -> None:
    with pytest.raises(XingtanError) as error:
        employment.begin(person=someone, terms=terms(cast, subject="信息科技"), day=ON, actor=ACTOR)
    assert codes(error) == ["staff.code_day"]
    assert employment.begin(person=someone, terms=terms(cast, subject="信息科技"), day=date(2022, 9, 1), actor=ACTOR).subject == "信息科技"


def test_nobody_is_employed_at_two_schools_on_one_day(cast: Cast, someone: Person) -> None:
    employment.begin(person=someone, terms=terms(cast), day=ON, actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        employment.begin(person=someone, terms=terms(cast, "XS-12"), day=date(2005, 1, 1), actor=ACTOR)
    assert codes(error) == ["staff.employed"]
    assert "东溪中学" in str(error.value.issues[0].message)
    employment.begin(person=someone, terms=terms(cast, "XS-12"), day=date(2005, 1, 1), until=ON, actor=ACTOR)  # the day itself is free


def test_a_change_keeps_what_stood_before(cast: Cast, someone: Person) -> None:
    first = employment.begin(person=someone, terms=terms(cast), day=ON, actor=ACTOR)
    moved = replace(employment.terms_of(first), org=cast.org("XS-12"), stage="小学", basis="教人〔2011〕3号")
    second = employment.change(employment=first, version=1, terms=moved, day=date(2011, 9, 1), actor=ACTOR)
    first.refresh_from_db()
    assert (first.org, first.stage, first.valid_to) == (cast.school, "初中", date(2011, 9, 1))
    assert (second.org, second.stage, second.valid_to, second.subject) == (cast.org("XS-12"), "小学", FOREVER, "语文")
    corrected = employment.change(employment=second, version=1, terms=replace(moved, subject="数学"), day=date(2011, 9, 1), actor=ACTOR)
    assert (corrected.pk, corrected.subject, corrected.version) == (second.pk, "数学", 2)
    with pytest.raises(XingtanError) as error:
        employment.end(employment=second, version=1, day=date(2020, 1, 1), reason="退休", actor=ACTOR)
    assert codes(error) == ["staff.stale"]
    employment.end(employment=second, version=2, day=date(2020, 1, 1), reason="退休", actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        employment.end(employment=second, version=3, day=date(2021, 1, 1), reason="", actor=ACTOR)
    assert codes(error) == ["staff.empty", "staff.ended"]
    assert not verify(cast.place.slug)


def test_a_mistake_never_was_in_force(cast: Cast, someone: Person) -> None:
    wrong = employment.begin(person=someone, terms=terms(cast), day=ON, actor=ACTOR)
    employment.end(employment=wrong, version=1, day=ON, reason="误录", actor=ACTOR)
    assert not Employment.objects.on(ON).filter(person=someone).exists()
    employment.begin(person=someone, terms=terms(cast, "XS-21"), day=ON, actor=ACTOR)


steps = st.lists(
    st.tuples(
        st.sampled_from(["begin", "change", "end"]), st.sampled_from(["XS-11", "XS-12", "XS-21"]), st.integers(0, 60), st.integers(1, 30)
    ),
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_is_asked_nobody_is_employed_twice_and_no_refusal_writes(moves: list[tuple[str, str, int, int]]) -> None:
    with transaction.atomic():
        cast = make_cast()
        person = make_person(cast.school, "文静", "teacher")
        for verb, code, start, length in moves:
            _try(cast, person, verb, code, ON + timedelta(days=start), length)
        spells = [row for row in Employment.objects.filter(person=person).order_by("valid_from") if row.valid_from < row.valid_to]
        for offset in range(100):
            day = ON + timedelta(days=offset)
            assert sum(row.valid_from <= day < row.valid_to for row in spells) <= 1
        transaction.set_rollback(True)


def _try(cast: Cast, person: Person, verb: str, code: str, day: date, length: int) -> None:
    count = Employment.objects.count(), Event.objects.count()
    held = Employment.objects.filter(person=person).order_by("pk").last()
    try:
        if verb == "begin":
            employment.begin(person=person, terms=terms(cast, code), day=day, until=day + timedelta(days=length), actor=ACTOR)
        elif held is not None and verb == "change":
            employment.change(employment=held, version=held.version, terms=terms(cast, code), day=day, actor=ACTOR)
        elif held is not None:
            employment.end(employment=held, version=held.version, day=day, reason="调出", actor=ACTOR)
    except XingtanError:
        assert (Employment.objects.count(), Event.objects.count()) == count


def test_titles_of_several_levels_are_held_at_once_and_ranks_follow_one_another(cast: Cast, someone: Person) -> None:
    for level in ("县级", "州级"):
        standing.title_award(person=someone, title=Title("骨干教师", level), day=ON, actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        standing.title_award(person=someone, title=Title("骨干教师", "县级"), day=date(2010, 1, 1), actor=ACTOR)
    assert codes(error) == ["staff.title_twice"]
    standing.title_award(person=someone, title=Title("职称", rank="二级"), day=date(2005, 1, 1), actor=ACTOR)
    standing.title_award(person=someone, title=Title("职称", rank="一级"), day=ON, actor=ACTOR)
    held = TitleHolding.objects.on(ON).filter(person=someone).values_list("series", "level", "rank")
    assert sorted(held) == [("职称", "", "一级"), ("骨干教师", "县级", ""), ("骨干教师", "州级", "")]
    with pytest.raises(XingtanError) as error:
        standing.title_award(person=someone, title=Title("名师", rank="高级"), day=ON, actor=ACTOR)
    assert codes(error) == ["staff.empty", "staff.rank"]


def test_joining_another_team_leaves_the_former(cast: Cast, someone: Person) -> None:
    standing.team_join(person=someone, team="起步型", day=ON, actor=ACTOR)
    second = standing.team_join(person=someone, team="骨干型", day=date(2012, 9, 1), actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        standing.team_join(person=someone, team="研究型", day=date(2011, 9, 1), actor=ACTOR)
    assert codes(error) == ["staff.team_later"]
    spans = TeamSpell.objects.order_by("valid_from").values_list("team", "valid_from", "valid_to")
    assert list(spans) == [("起步型", ON, date(2012, 9, 1)), ("骨干型", date(2012, 9, 1), FOREVER)]
    standing.team_leave(spell=second, version=1, day=date(2013, 9, 1), actor=ACTOR)


def test_papers_are_checked_and_can_be_withdrawn(cast: Cast, someone: Person) -> None:
    with pytest.raises(XingtanError) as error:
        standing.credential_add(person=someone, paper=Paper("diploma", "博士后", "炼金术"), day=date(2990, 1, 1), actor=ACTOR)
    assert codes(error) == ["staff.code", "staff.code", "staff.future", "staff.paper"]
    degree = standing.credential_add(person=someone, paper=Paper("degree", "本科", detail="汉语言文学"), day=ON, actor=ACTOR)
    standing.credential_withdraw(credential=degree, version=1, day=ON, actor=ACTOR)
    degree.refresh_from_db()
    assert degree.withdrawn == ON


def test_a_secondment_has_two_ends_of_which_one_is_here(cast: Cast, someone: Person) -> None:
    bad = {
        "nowhere": (Loan("支教"), ["staff.end_here", "staff.end_missing", "staff.end_missing"]),
        "same": (Loan("支教", cast.school, cast.school), ["staff.end_same"]),
        "kind": (Loan("旅游", cast.school, cast.org("XS-22")), ["staff.code"]),
        "neighbour": (Loan("支教", cast.school, cast.org("SQ-1")), ["staff.other_place"]),
    }
    for loan, expected in bad.values():
        with pytest.raises(XingtanError) as error:
            secondment.begin(person=someone, loan=loan, day=ON, actor=ACTOR)
        assert codes(error) == expected
    loan = Loan("省外支教", cast.school, host_name="四川省黑水县", role="骨干教师", contract="帮扶合同")
    row = secondment.begin(person=someone, loan=loan, day=ON, until=date(2010, 7, 1), actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        secondment.begin(person=someone, loan=loan, day=date(2010, 1, 1), actor=ACTOR)
    assert codes(error) == ["staff.lent"]
    verdict = Verdict("优秀", date(2010, 7, 5), "省教育厅", "起到了示范作用")
    row = secondment.evaluate(secondment=row, version=1, verdict=verdict, actor=ACTOR)
    assert (row.grade, row.version) == ("优秀", 2)
    assert Secondment.objects.on(date(2010, 6, 30)).count() == 1
    with pytest.raises(XingtanError) as error:
        secondment.evaluate(secondment=row, version=2, verdict=replace(verdict, grade="一般般", day=date(2001, 1, 1)), actor=ACTOR)
    assert codes(error) == ["staff.code", "staff.verdict_day"]
