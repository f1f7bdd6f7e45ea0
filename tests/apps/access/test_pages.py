"""The pages of accounts and grants, as their readers use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import cast as casting

from xingtan.apps.base.access import services
from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.audit.models import Event

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def boss(cast: casting.Cast) -> Client:
    """The browser of the installation's administrator."""
    account = Account(login="boss", display_name="管家", is_administrator=True)
    account.set_password("梨花院落溶溶月-42")
    account.save()
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def clerk(cast: casting.Cast) -> Account:
    return services.account_create(actor=casting.ACTOR, login="xin", display_name="新人", place=cast.place)


def text(answer) -> str:
    return answer.content.decode()


def test_list_shows_the_accounts_of_ones_place_and_exports_them(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    services.account_create(actor=casting.ACTOR, login="lin", display_name="邻人", place=cast.other)
    page = text(client_of("administrator").get(reverse("access:accounts")))
    assert "xin" in page
    assert "邻人" not in page
    assert "xin" not in text(client_of("administrator").get(reverse("access:accounts"), {"state": "closed"}))
    assert client_of("administrator").get(reverse("access:accounts"), {"export": "xlsx"}).status_code == 200


@pytest.mark.parametrize("login", ["director", "principal", "teacher", "clerk"])
def test_who_may_not_see_accounts_gets_none(cast: casting.Cast, client_of: Browser, clerk: Account, login: str) -> None:
    assert client_of(login).get(reverse("access:accounts")).status_code == 403
    assert client_of(login).get(reverse("access:account", args=[clerk.pk])).status_code == 404
    assert client_of(login).get(reverse("access:account_new")).status_code == 403


def test_neighbours_accounts_do_not_exist_for_us(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    for name in ("access:account", "access:account_edit"):
        assert client_of("outsider").get(reverse(name, args=[clerk.pk])).status_code == 404
    for name in ("access:account_link", "access:account_sessions"):
        assert client_of("outsider").post(reverse(name, args=[clerk.pk])).status_code == 404
    assert client_of("outsider").post(reverse("access:account_act", args=[clerk.pk, "deactivate"]), {"reason": "x"}).status_code == 404


def test_making_an_account_and_handing_over_the_link(cast: casting.Cast, client_of: Browser) -> None:
    browser = client_of("administrator")
    form = {"place": "xishan", "login": "Wang.Li", "display_name": "王丽", "person": "严师", "language": ""}
    answer = browser.post(reverse("access:account_new"), form)
    made = Account.objects.get(login="wang.li")
    assert answer["Location"] == reverse("access:account", args=[made.pk])
    assert not made.has_usable_password()
    page = text(browser.post(reverse("access:account_link", args=[made.pk])))
    address = page.split(">http://testserver")[1].split("<")[0]
    fresh = Client()
    assert fresh.post(address, {"new": "梨花院落溶溶月-42", "again": "梨花院落溶溶月-42"}).status_code == 302
    assert "校长" in text(fresh.get(reverse("access:me")))
    assert Event.objects.filter(place="xishan", action__startswith="access.").count() == 4


def test_a_place_manager_makes_no_administrators_and_no_strangers(cast: casting.Cast, client_of: Browser) -> None:
    browser = client_of("administrator")
    form = {"place": "shiqiao", "login": "mole", "display_name": "鼹鼠", "language": "", "administrator": "on"}
    answer = browser.post(reverse("access:account_new"), form)
    assert answer.status_code == 422
    browser.post(reverse("access:account_new"), {**form, "place": "xishan"})
    assert not Account.objects.get(login="mole").is_administrator


def test_wrong_accounts_keep_what_was_typed_and_tell_all(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    form = {"place": "xishan", "login": "XIN", "display_name": "名" * 100, "language": ""}
    answer = client_of("administrator").post(reverse("access:account_new"), form)
    page = text(answer)
    assert answer.status_code == 422
    assert "已有人使用" in page
    assert "显示名最多 64 个字" in page
    assert 'value="XIN"' in page


def test_closing_opening_and_holding_need_a_reason(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    browser = client_of("administrator")
    close = reverse("access:account_act", args=[clerk.pk, "deactivate"])
    assert browser.post(close, {"reason": " "}).status_code == 422
    browser.post(close, {"reason": "调离"})
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert Event.objects.get(action="access.account_deactivate").reason == "调离"
    browser.post(reverse("access:account_act", args=[clerk.pk, "activate"]), {"reason": "调回"})
    clerk.refresh_from_db()
    assert clerk.is_active


def test_a_person_is_named_and_namesakes_are_told_apart(cast: casting.Cast, client_of: Browser) -> None:
    browser = client_of("administrator")
    twin = casting.make_person(cast.school, "严师", "teacher")
    form = {"place": "xishan", "login": "yan", "display_name": "严师", "language": ""}
    page = text(browser.post(reverse("access:account_new"), {**form, "person": "严师"}))
    assert f"严师#{twin.pk}" in page
    assert f"严师#{cast.persons['principal'].pk}" in page
    assert "没有叫“无此人”的人" in text(browser.post(reverse("access:account_new"), {**form, "person": "无此人"}))
    assert "没有叫“石邻”的人" in text(browser.post(reverse("access:account_new"), {**form, "person": "石邻"})), "the neighbour's"
    browser.post(reverse("access:account_new"), {**form, "person": f"严师#{twin.pk}"})
    assert Account.objects.get(login="yan").person == twin
    start = text(browser.get(reverse("access:account_new"), {"person": cast.persons["principal"].pk}))
    assert f'value="严师#{cast.persons["principal"].pk}"' in start


def test_an_account_is_closed_by_post_only(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    client_of("administrator").get(reverse("access:account_act", args=[clerk.pk, "deactivate"]))
    assert client_of("administrator").get(reverse("access:account_link", args=[clerk.pk])).status_code == 405
    clerk.refresh_from_db()
    assert clerk.is_active


def test_giving_and_ending_a_grant_at_the_org_in_the_bar(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    browser = client_of("administrator")
    address = reverse("access:grant_new", args=["xishan", clerk.pk]) + "?org=XS-11"
    page = text(browser.get(address))
    assert "东溪中学" in page
    assert 'value="principal"' in page
    assert 'value="director"' not in page, "a school has no director"
    today = timezone.localdate().isoformat()
    assert browser.post(address, {"post": "director", "valid_from": today, "reason": "x"}).status_code == 422
    browser.post(address, {"post": "principal", "valid_from": today, "reason": "代管"})
    grant = Grant.objects.get(account=clerk)
    assert (grant.org.code, grant.post) == ("XS-11", "principal")
    assert "代管" in text(browser.get(reverse("access:account", args=[clerk.pk])))
    browser.post(reverse("access:grant_end", args=[grant.pk]), {"on": today, "reason": "回来了"})
    assert "收回：回来了" in text(browser.get(reverse("access:account", args=[clerk.pk])))


def test_grants_are_given_by_managers_only(cast: casting.Cast, client_of: Browser, clerk: Account) -> None:
    address = reverse("access:grant_new", args=["xishan", clerk.pk]) + "?org=XS-11"
    for login in ("director", "principal", "clerk"):
        assert client_of(login).get(address).status_code in {403, 404}
    assert client_of("outsider").get(address).status_code == 404
    grant = Grant.objects.get(account=cast.accounts["principal"])
    assert client_of("outsider").get(reverse("access:grant_end", args=[grant.pk])).status_code == 404
    assert client_of("principal").post(reverse("access:grant_end", args=[grant.pk]), {"on": "2026-01-01", "reason": "x"}).status_code == 404


def test_the_explanation_names_every_action(cast: casting.Cast, client_of: Browser, boss: Client) -> None:
    director = cast.accounts["director"]
    page = text(boss.get(reverse("access:explain", args=["xishan", director.pk]) + "?org=XS-11"))
    assert "查看台账" in page
    assert "该岗位没有此权限" in page
    mine = client_of("director").get(reverse("access:explain", args=["xishan", director.pk]) + "?org=XS-11")
    assert mine.status_code == 200
    other = cast.accounts["teacher"]
    assert client_of("director").get(reverse("access:explain", args=["xishan", other.pk])).status_code in {403, 404}


def test_demonstration_accounts_are_nobodys_to_change(boss: Client, clerk: Account) -> None:
    Account.objects.filter(pk=clerk.pk).update(is_demo=True)
    assert boss.post(reverse("access:account_link", args=[clerk.pk])).status_code == 403
    assert boss.post(reverse("access:account_act", args=[clerk.pk, "deactivate"]), {"reason": "x"}).status_code == 403


def test_markup_in_names_stays_text(cast: casting.Cast, client_of: Browser) -> None:
    made = services.account_create(actor=casting.ACTOR, login="x1", display_name="<img src=x onerror=1>", place=cast.place)
    browser = client_of("administrator")
    for address in (reverse("access:accounts"), reverse("access:account", args=[made.pk])):
        assert "<img src=x" not in text(browser.get(address))
