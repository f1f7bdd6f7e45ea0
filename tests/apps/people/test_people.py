from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.cast import ACTOR, DAY, Cast

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs.models import EVER, FOREVER
from xingtan.apps.base.people import policies, selectors, services
from xingtan.apps.base.people.models import Person, Post
from xingtan.apps.base.people.services import Appointment
from xingtan.kernel.errors import XingtanError

Clients = Callable[[str], Client]
ON = date(2009, 9, 1)


def codes(error: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    for issue in error.value.issues:
        assert issue.hint is not None
    return sorted(issue.code for issue in error.value.issues)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["𠮷田", "买买提·艾力", "O'Neil", " 张三 "])
def test_names_of_all_sorts_are_kept(cast: Cast, name: str) -> None:
    person = services.person_create(place=cast.place, name=name, actor=ACTOR, first=Appointment(cast.school, "teacher", ON))
    assert Person.objects.get(pk=person.pk).name == name.strip()
    assert Event.objects.latest("pk").target_label == name.strip()


@pytest.mark.django_db
def test_all_faults_of_a_person_are_told_at_once_and_nothing_is_left(cast: Cast) -> None:
    count = (Person.objects.count(), Post.objects.count(), Event.objects.count())
    with pytest.raises(XingtanError) as error:
        services.person_create(
            place=cast.place, name="长" * 5000, sex="？", note="\x00" + "长" * 3000, actor=ACTOR,
            first=Appointment(cast.org("XS-B"), "principal", ON, until=DAY),
        )  # fmt: skip
    assert codes(error) == ["people.post_at", "people.sex", "people.span", "text.control", "text.long", "text.long"]
    assert (Person.objects.count(), Post.objects.count(), Event.objects.count()) == count


WRONG_POSTS = {
    "unknown": (lambda c: Appointment(c.school, "emperor", ON), ["people.post"]),
    "not here": (lambda c: Appointment(c.school, "director", ON), ["people.post_at"]),
    "before the school": (lambda c: Appointment(c.school, "principal", date(1999, 1, 1)), ["people.org_absent"]),
    "other place": (lambda c: Appointment(c.org("SQ-1"), "principal", ON), ["people.other_place"]),
    "twice": (lambda c: Appointment(c.org("XS-12"), "teacher", ON), ["people.twice"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", WRONG_POSTS)
def test_posts_that_cannot_be_are_refused(cast: Cast, case: str) -> None:
    to, expected = WRONG_POSTS[case]
    with pytest.raises(XingtanError) as error:
        services.post_appoint(person=cast.persons["teacher"], to=to(cast), actor=ACTOR)
    assert codes(error) == expected


@pytest.mark.django_db
def test_an_undated_appointment_counts_since_ever(cast: Cast) -> None:
    post = services.post_appoint(person=cast.persons["teacher"], to=Appointment(cast.school, "teacher"), actor=ACTOR)
    assert (post.valid_from, post.valid_to) == (EVER, FOREVER)


@pytest.mark.django_db
def test_a_post_ends_once_and_not_before_it_began(cast: Cast) -> None:
    post = cast.persons["principal"].posts.get()
    with pytest.raises(XingtanError) as error:
        services.post_end(post=post, version=1, day=date(2001, 8, 31), actor=ACTOR)
    assert codes(error) == ["people.before"]
    ended = services.post_end(post=post, version=1, day=ON, actor=ACTOR, reason="退休")
    assert selectors.holders(cast.school, date(2009, 8, 31)).filter(post="principal").exists()
    assert not selectors.holders(cast.school, ON).filter(post="principal").exists()
    with pytest.raises(XingtanError) as error:
        services.post_end(post=ended, version=2, day=date(2010, 1, 1), actor=ACTOR)
    assert codes(error) == ["people.ended"]
    services.post_appoint(person=cast.persons["principal"], to=Appointment(cast.school, "principal", ON), actor=ACTOR)
    assert verify("xishan") == ()


@pytest.mark.django_db
def test_a_post_entered_by_mistake_never_was(cast: Cast) -> None:
    post = cast.persons["principal"].posts.get()
    services.post_end(post=post, version=1, day=DAY, actor=ACTOR, reason="误录")
    assert list(selectors.posts_of(cast.persons["principal"])) == []


@pytest.mark.django_db
def test_the_second_of_two_people_on_one_record_is_told(cast: Cast) -> None:
    person = cast.persons["teacher"]
    services.person_change(person=person, version=1, name="吉老师", sex="男", actor=ACTOR)
    with pytest.raises(XingtanError) as error:
        services.person_change(person=person, version=1, name="别名", actor=ACTOR)
    assert [issue.code for issue in error.value.issues] == ["people.stale"]
    event = Event.objects.filter(action="person.change").get()
    assert (event.was, event.became) == ({"name": "𠮷老师", "sex": ""}, {"name": "吉老师", "sex": "男"})
    services.person_change(person=person, version=2, name="吉老师", sex="男", actor=ACTOR)
    assert Event.objects.filter(action="person.change").count() == 1  # nothing changed, nothing to tell


SEEN = {
    "director": 15, "inspector": 15, "town_officer": 6, "principal": 3, "principal_west": 3, "clerk": 0, "teacher": 0, "outsider": 1,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("login", SEEN)
def test_who_sees_whom(cast: Cast, login: str) -> None:
    assert policies.persons.visible(cast.accounts[login], policies.VIEW).count() == SEEN[login]


@pytest.mark.django_db
def test_a_person_without_a_post_belongs_to_the_root(cast: Cast) -> None:
    services.person_create(place=cast.place, name="无职", actor=ACTOR)
    assert policies.persons.visible(cast.accounts["director"], policies.VIEW).filter(name="无职").exists()
    assert not policies.persons.visible(cast.accounts["town_officer"], policies.VIEW).filter(name="无职").exists()


@pytest.mark.django_db
def test_lists_filter_search_and_export(cast: Cast, client_of: Clients) -> None:
    director = client_of("director")

    def names(**query: str) -> set[str]:
        text = director.get("/p/xishan/people/", query).content.decode().split("<main", 1)[1]
        return {person.name for person in cast.persons.values() if person.name in text}

    assert names(q="ys") == {"严师"}
    assert names(q="老师") == {"𠮷老师"}
    assert names(post="principal") == {"严师", "西门校"}
    assert names(org="XS-1") == {"陆入", "田乡", "严师", "𠮷老师", "籍东", "班东"}
    assert director.post("/p/xishan/people/?export=xlsx", {"reason": "核对", "to": "inside"}).content[:2] == b"PK"


@pytest.mark.django_db
def test_a_principal_enters_a_teacher_at_his_own_school_only(cast: Cast, client_of: Clients) -> None:
    principal = client_of("principal")
    form = {"name": "新教师", "sex": "女", "birth": "", "note": "", "org": "XS-11", "post": "teacher", "day": "2009-09-01", "basis": ""}
    done = principal.post("/p/xishan/people/new/", form, follow=True)
    assert "新教师" in done.content.decode()
    wrong = principal.post("/p/xishan/people/new/", {**form, "org": "XS-21"})
    assert wrong.status_code == 422
    assert Person.objects.filter(name="新教师").count() == 1


@pytest.mark.django_db
def test_forms_keep_what_was_typed_and_tell_the_second_editor(cast: Cast, client_of: Clients) -> None:
    statistician = client_of("statistician")
    url = f"/p/xishan/people/{cast.persons['teacher'].pk}/edit/"
    long = statistician.post(url, {"name": "长" * 5000, "version": "1"})
    assert long.status_code == 422
    assert "长" * 5000 in long.content.decode()
    assert "姓名有 5000 字，太长" in long.content.decode()
    statistician.post(url, {"name": "甲", "version": "1"})
    late = statistician.post(url, {"name": "乙", "version": "1"})
    assert "刚刚被别人改过" in late.content.decode()
    assert Person.objects.get(pk=cast.persons["teacher"].pk).name == "甲"


@pytest.mark.django_db
def test_a_post_is_ended_by_page(cast: Cast, client_of: Clients) -> None:
    post = cast.persons["teacher"].posts.get()
    url = f"/p/xishan/posts/{post.pk}/end/"
    assert client_of("principal").get(url).status_code == 404
    done = client_of("statistician").post(url, {"day": "2009-09-01", "reason": "调出", "version": "1"}, follow=True)
    assert "不在任" in done.content.decode()


@pytest.mark.django_db
def test_search_finds_persons_one_may_see(cast: Cast) -> None:
    from xingtan.apps.base.people.search import find
    from xingtan.ui.scope import Scope

    scope = Scope(cast.place, cast.county, None)
    hits, total = find(cast.accounts["director"], scope, "yans", 5)
    assert (list(hits), total) == ([], 0)
    hits, total = find(cast.accounts["director"], scope, "严", 5)
    assert [(hit.title, hit.detail) for hit in hits] == [("严师", "东溪中学 校长")]
    assert find(cast.accounts["clerk"], scope, "严", 5) == ([], 0)


@pytest.mark.django_db
def test_the_staff_register_fits_its_contract_and_moves_its_stamp(cast: Cast) -> None:
    from xingtan.apps.base.people.datasets import StaffSource
    from xingtan.warehouse import contracts

    source = StaffSource()
    (spec,) = source.datasets("xishan")
    stamp = source.version("xishan", "staff")
    table = source.table("xishan", "staff", "")
    assert table.schema == contracts.schema(spec)
    rows = {row["org"]: row for row in table.to_pylist() if row["post"] == "principal"}
    assert set(rows) == {"XS-11", "XS-21"}
    assert (rows["XS-11"]["valid_from"], rows["XS-11"]["valid_to"], rows["XS-11"]["sex__reason"]) == (DAY, FOREVER, "unknown")
    services.person_change(person=cast.persons["principal"], version=1, name="严师", sex="男", actor=ACTOR)
    assert source.version("xishan", "staff") != stamp
    assert table.num_rows == 15
    assert source.table("shiqiao", "staff", "").num_rows == 1
    post = cast.persons["principal"].posts.get()
    services.post_end(post=post, version=1, day=DAY, actor=ACTOR)
    assert source.table("xishan", "staff", "").num_rows == 14
