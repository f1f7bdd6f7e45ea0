"""Purposes: asked by one, decided by another, run out by themselves; and what they open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.cast import ACTOR, Cast, make_account

from xingtan.apps.base.access import purposes, rights, unmask
from xingtan.apps.base.access.models import PurposeGrant
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.notices.models import Notice
from xingtan.apps.base.people import services
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.services import Appointment
from xingtan.kernel.errors import XingtanError

ID, PHONE, HOME = "220523199912310014", "13804350001", "溪山县东溪镇柳湾村三社十二号"


def codes(caught: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    return [issue.code for issue in caught.value.issues]


def asked(cast: Cast, login: str = "registrar", purpose: str = "registry_check", code: str = "XS-11", **more: object) -> PurposeGrant:
    return purposes.purpose_ask(account=cast.accounts[login], purpose=purpose, org=cast.orgs[code], reason="核对新生学籍", **more)


def granted(
    cast: Cast, login: str = "registrar", purpose: str = "registry_check", by: str = "director", code: str = "XS-11"
) -> PurposeGrant:
    return purposes.purpose_decide(account=cast.accounts[by], grant=asked(cast, login, purpose, code), granted=True, reason="同意")


@pytest.fixture
def person(cast) -> Person:
    more = {"id_number": ID, "phone": PHONE, "address": HOME}
    return services.person_create(place=cast.place, name="甲师", actor=ACTOR, first=Appointment(cast.school, "teacher"), **more)


def test_who_may_ask_and_for_what(cast):
    assert {one.id for one in purposes.askable(cast.accounts["registrar"], cast.school)} == {
        "contact_guardian", "registry_check", "outside_transfer",
    }  # fmt: skip
    assert purposes.askable(cast.accounts["registrar"], cast.orgs["XS-21"]) == []
    assert purposes.askable(cast.accounts["teacher"], cast.orgs["XS-12"]) == []
    with pytest.raises(XingtanError) as caught:
        asked(cast, "homeroom", "registry_check", days=999)
    assert codes(caught) == ["access.purpose_post", "access.purpose_days"]
    with pytest.raises(XingtanError) as caught:
        asked(cast, purpose="curiosity")
    assert codes(caught) == ["access.purpose_unknown"]
    asked(cast)
    with pytest.raises(XingtanError) as caught:
        asked(cast)
    assert codes(caught) == ["access.purpose_asked"]


def test_another_person_decides_and_never_oneself(cast):
    own = asked(cast, "principal")
    with pytest.raises(XingtanError) as caught:
        purposes.purpose_decide(account=cast.accounts["principal"], grant=own, granted=True, reason="同意")
    assert codes(caught) == ["access.purpose_decider"]
    second = make_account("again", "严师", cast.county, "director")
    second.person, cast.accounts["principal"].person = cast.persons["principal"], cast.persons["principal"]
    cast.accounts["principal"].save()
    own.refresh_from_db()
    assert not purposes.may_decide(second, own)
    for login in ("statistician", "registrar", "principal_west", "inspector", "administrator"):
        assert not purposes.may_decide(cast.accounts[login], own)
    done = purposes.purpose_decide(account=cast.accounts["director"], grant=own, granted=True, reason="同意", days=7)
    assert (done.valid_to - done.valid_from).days == 7
    with pytest.raises(XingtanError) as caught:
        purposes.purpose_decide(account=cast.accounts["director"], grant=own, granted=False, reason="反悔")
    assert codes(caught) == ["access.purpose_decided"]


def test_only_the_posts_the_purpose_names_decide(cast):
    aid = purposes.purpose_ask(account=cast.accounts["principal"], purpose="aid_review", org=cast.school, reason="评定")
    assert [one.login for one in purposes.deciders(aid)] == ["director"]
    check = asked(cast)
    assert {one.login for one in purposes.deciders(check)} == {"director", "principal"}


def test_both_are_told(cast):
    grant = asked(cast)
    assert set(Notice.objects.values_list("account__login", flat=True)) == {"director", "principal"}
    purposes.purpose_decide(account=cast.accounts["principal"], grant=grant, granted=False, reason="不需要")
    assert Notice.objects.latest("pk").account == cast.accounts["registrar"]


def test_the_steps_stand_in_the_log(cast):
    grant = granted(cast)
    purposes.purpose_end(account=cast.accounts["registrar"], grant=grant, reason="已核对完")
    found = list(Event.objects.filter(action__startswith="purpose.").order_by("sequence").values_list("action", "actor_label", "reason"))
    assert found == [("purpose.ask", "籍东", "核对新生学籍"), ("purpose.grant", "方正", "同意"), ("purpose.end", "籍东", "已核对完")]


def opened(cast: Cast, person: Person, login: str = "registrar", field: str = "id_number", purpose: str = "registry_check") -> str:
    rights.forget()
    return unmask.reveal(account=cast.accounts[login], row=person, field=field, purpose=purpose, reason="核对新生学籍")


def test_a_field_is_opened_for_a_granted_purpose_and_every_time_is_told(cast, person):
    with pytest.raises(PermissionDenied):
        opened(cast, person)
    granted(cast)
    assert (opened(cast, person), opened(cast, person, field="phone")) == (ID, PHONE)
    event = Event.objects.filter(action="sealed.reveal").first()
    assert (event.actor_label, event.target_id, event.target_label, event.reason) == ("籍东", str(person.pk), "甲师", "核对新生学籍")
    assert event.became == {"field": "phone", "kind": "phone", "purpose": "registry_check"}
    assert Event.objects.filter(action="sealed.reveal").count() == 2
    assert not Event.objects.filter(after__contains=PHONE).exists()


def test_a_reason_is_wanted(cast, person):
    granted(cast)
    with pytest.raises(XingtanError):
        unmask.reveal(account=cast.accounts["registrar"], row=person, field="phone", purpose="registry_check", reason=" ")
    assert not Event.objects.filter(action="sealed.reveal").exists()


def test_a_purpose_runs_out_and_can_be_taken_back(cast, person):
    grant = granted(cast)
    today = timezone.localdate()
    PurposeGrant.objects.filter(pk=grant.pk).update(valid_from=today - timedelta(days=90), valid_to=today)
    with pytest.raises(PermissionDenied):
        opened(cast, person)
    other = granted(cast)
    assert opened(cast, person)
    purposes.purpose_end(account=cast.accounts["director"], grant=other, reason="收回")
    with pytest.raises(PermissionDenied):
        opened(cast, person)


def test_a_purpose_reaches_its_organisation_and_below_only(cast):
    west = services.person_create(place=cast.place, name="西师", actor=ACTOR, phone=PHONE, first=Appointment(cast.orgs["XS-21"], "teacher"))
    granted(cast)
    with pytest.raises(PermissionDenied):
        opened(cast, west, field="phone")
    granted(cast, "aid_officer", "aid_review", code="XS-2")
    assert opened(cast, west, "aid_officer", "phone", "aid_review") == PHONE


def test_the_rule_of_a_field_goes_before_the_rule_of_its_kind(cast, person):
    pack = purposes.active_pack_or_none(cast.place)
    assert unmask.sight(pack, "person", "address", "address").id == "home"
    assert unmask.sight(pack, "pupil", "health", "health").id == "health"
    assert unmask.sight(pack, "person", "phone", "phone") is None
    granted(cast, "aid_officer", "aid_review", code="XS")
    assert opened(cast, person, "aid_officer", "id_number", "aid_review") == ID
    with pytest.raises(PermissionDenied):
        opened(cast, person, "aid_officer", "address", "aid_review")
    judged = unmask.judge(cast.accounts["aid_officer"], person, "address")
    assert any(not holds and "只准这些岗位" in str(text) for holds, text in judged.reasons)


def test_rights_end_with_the_post_even_if_the_purpose_goes_on(cast, person):
    granted(cast)
    cast.accounts["registrar"].grants.update(valid_to=date(2002, 1, 1))
    with pytest.raises(PermissionDenied):
        opened(cast, person)


def test_no_purpose_crosses_places(cast, person):
    grant = granted(cast)
    PurposeGrant.objects.filter(pk=grant.pk).update(account=cast.accounts["outsider"])
    with pytest.raises(PermissionDenied):
        opened(cast, person, "outsider")


def test_the_pages_from_asking_to_the_log(cast, client_of, person):
    registrar, director = client_of("registrar"), client_of("director")
    page = registrar.get(f"/p/xishan/people/{person.pk}/").content.decode()
    assert "显示全部" not in page
    address = f"/p/xishan/reveal/people.person/{person.pk}/phone/"
    assert "没有获准用途“核对学籍”" in registrar.get(address).content.decode()
    assert registrar.post(address, {"purpose": "registry_check", "reason": "核对"}).status_code == 403
    sent = registrar.post("/p/xishan/purposes/ask/?org=XS-11", {"purpose": "registry_check", "reason": "核对新生学籍"})
    grant = PurposeGrant.objects.get()
    assert sent.url == f"/p/xishan/purposes/{grant.pk}/"
    assert "等您批准" in director.get("/p/xishan/purposes/").content.decode()
    assert registrar.post(sent.url, {"reason": "自批"}).status_code == 403
    assert director.post(sent.url, {"reason": ""}).status_code == 422
    assert director.post(sent.url, {"reason": "同意", "days": "30"}).status_code == 302
    page = registrar.get(f"/p/xishan/people/{person.pk}/").content.decode()
    assert address in page
    assert PHONE not in page
    assert registrar.get(address).status_code == 200
    assert registrar.post(address, {"purpose": "registry_check", "reason": ""}).status_code == 422
    shown = registrar.post(address, {"purpose": "registry_check", "reason": "核对新生学籍"})
    assert PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    log = client_of("auditor").get("/p/xishan/audit/?action=sealed.reveal").content.decode()
    assert "查看甲师的敏感信息" in log
    assert "籍东" in log
    assert registrar.post(f"/p/xishan/purposes/{grant.pk}/end/", {"reason": "已核对完"}).status_code == 302
    assert "显示全部" not in registrar.get(f"/p/xishan/people/{person.pk}/").content.decode()


def test_a_page_that_is_not_the_readers_is_not_there(cast, client_of, person):
    grant = granted(cast)
    for login, status in (("registrar_west", 404), ("teacher", 404), ("auditor", 200), ("principal", 200), ("outsider", 404)):
        assert client_of(login).get(f"/p/xishan/purposes/{grant.pk}/").status_code == status
    for address in ("people.person/0/phone", f"people.person/{person.pk}/name", f"orgs.place/{cast.place.pk}/slug"):
        assert client_of("registrar").get(f"/p/xishan/reveal/{address}/").status_code == 404
    assert client_of("teacher").get(f"/p/xishan/reveal/people.person/{person.pk}/phone/").status_code == 404


def test_the_page_says_why_for_each_field(cast, client_of, person):
    granted(cast)
    address = f"/p/xishan/why/people.person/{person.pk}/"
    page = client_of("registrar").get(address).content.decode()
    for words in ("籍东能看什么", "范围为本单位及下级", "用途“核对学籍”已由方正批准", "全部，每次查看都有记录"):
        assert words in page, words
    assert PHONE not in page
    assert ID not in page
    west = client_of("registrar_west").get(address).content.decode()
    assert "甲师" not in west
    assert "但范围不包括东溪中学" in west or "没有在任岗位" in west
    manager = client_of("administrator")
    other = manager.get(f"{address}?account={cast.accounts['teacher'].pk}").content.decode()
    assert "𠮷老师能看什么" in other
    assert "不可以" in other
    assert client_of("registrar").get(f"{address}?account={cast.accounts['teacher'].pk}").status_code == 403
    assert client_of("outsider").get(address).status_code == 404
