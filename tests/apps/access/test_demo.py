"""The demonstration's buttons open only in a demonstration home, only to whoever sits at the machine itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast as casting

from xingtan.apps.base.access import demo, signin
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.access.rights import org_scope
from xingtan.kernel.errors import XingtanError

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(cast: casting.Cast, settings) -> Account:
    settings.XINGTAN_DEMO = True
    demo.demo_accounts(place=cast.place)
    return Account.objects.get(login="demo-xishan-director")


def press(account: Account, peer: str = "127.0.0.1", **headers: str) -> tuple[int, bool]:
    client = Client(REMOTE_ADDR=peer, **headers)
    answer = client.post(reverse("access:demo"), {"account": account.pk})
    return answer.status_code, "_auth_user_id" in client.session


def test_one_button_a_post_and_they_work(director: Account) -> None:
    page = Client(REMOTE_ADDR="127.0.0.1").get(reverse("access:sign_in")).content.decode()
    for title in ("系统管理员", "局长", "统计员", "校长", "教师"):
        assert title in page
    assert page.count('name="account"') == Account.objects.filter(is_demo=True).count() == 13
    assert press(director) == (302, True)
    assert press(director, "::1") == (302, True)
    assert press(director, "::ffff:127.0.0.1") == (302, True)


@pytest.mark.parametrize("peer", ["192.168.1.7", "10.0.0.1", "203.0.113.9", "", "localhost", "127.0.0.1.evil.example", "::2"])
def test_other_peers_are_refused(director: Account, peer: str) -> None:
    assert press(director, peer) == (404, False)
    assert "演示环境" not in Client(REMOTE_ADDR=peer).get(reverse("access:sign_in")).content.decode()


@pytest.mark.parametrize("header", demo.FORWARDED)
def test_through_a_proxy_nothing_opens(director: Account, header: str) -> None:
    assert press(director, "127.0.0.1", **{header: "127.0.0.1"}) == (404, False)


def test_a_forged_header_does_not_make_a_peer_local(director: Account) -> None:
    assert press(director, "203.0.113.9", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_REAL_IP="127.0.0.1") == (404, False)


def test_ordinary_accounts_have_no_button(cast: casting.Cast, director: Account) -> None:
    assert press(cast.accounts["administrator"]) == (404, False)


def test_outside_a_demonstration_home_nothing_opens_and_no_right_is_left(director: Account, settings) -> None:
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.post(reverse("access:demo"), {"account": director.pk})
    assert org_scope(director, "ledger.view")
    settings.XINGTAN_DEMO = False
    assert press(director) == (404, False)
    assert not org_scope(director, "ledger.view")
    director.set_password("梨花院落溶溶月-42")
    director.save()
    answer = client.post(reverse("access:sign_in"), {"login": director.login, "password": "梨花院落溶溶月-42"})
    assert answer.status_code in {302, 422}
    fresh = Client()
    fresh.post(reverse("access:sign_in"), {"login": director.login, "password": "梨花院落溶溶月-42"})
    assert "_auth_user_id" not in fresh.session


def test_making_them_twice_changes_nothing(cast: casting.Cast, director: Account) -> None:
    before = list(Account.objects.values_list("login", flat=True))
    demo.demo_accounts(place=cast.place)
    assert list(Account.objects.values_list("login", flat=True)) == before


def test_none_are_made_outside_a_demonstration_home(cast: casting.Cast, settings) -> None:
    settings.XINGTAN_DEMO = False
    with pytest.raises(XingtanError, match="不是演示环境"):
        demo.demo_accounts(place=cast.place)


@pytest.mark.parametrize(
    ("address", "local"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("", False), ("x", False)]
)
def test_loopback(address: str, local: bool) -> None:
    assert signin.is_loopback(address) is local
