"""One-time links: the only way a password comes into being."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access import links, services
from xingtan.apps.base.access.models import Account, Link
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Actor
from xingtan.kernel.errors import XingtanError

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("试验")
NEW = "梨花院落溶溶月-42"


@pytest.fixture
def account() -> Account:
    return services.account_create(actor=ACTOR, login="wang.li", display_name="王丽", place=None)


def redeem(path: str, new: str = NEW, again: str | None = None, client: Client | None = None):
    return (client or Client()).post(path, {"new": new, "again": new if again is None else again})


def test_a_new_account_has_no_password(account: Account) -> None:
    assert not account.has_usable_password()


def test_link_sets_the_password_signs_in_and_is_spent(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    client = Client()
    assert client.get(path).status_code == 200
    assert redeem(path, client=client).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert Client().get(path).status_code == 410
    assert redeem(path, "另一个足够长的密码-7").status_code == 410
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_looking_at_a_link_does_not_spend_it(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    for _ in range(3):
        assert Client().get(path).status_code == 200


def test_only_the_hash_is_stored(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    token = path.rstrip("/").rsplit("/", 1)[1]
    kept = Link.objects.get()
    assert token not in "".join(str(value) for value in vars(kept).values())
    assert not any(token in event.after + event.before for event in Event.objects.all())


def test_a_newer_link_voids_the_older(account: Account) -> None:
    first = links.link_issue(actor=ACTOR, account=account).path
    second = links.link_issue(actor=ACTOR, account=account).path
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_expired_link_is_dead(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    Link.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert redeem(path).status_code == 410
    account.refresh_from_db()
    assert not account.has_usable_password()


def test_closing_the_account_voids_its_links(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    services.account_deactivate(actor=ACTOR, account=account, reason="调离")
    assert redeem(path).status_code == 410
    services.account_activate(actor=ACTOR, account=account, reason="调回")
    assert redeem(path).status_code == 410


def test_dead_and_invented_links_look_alike(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    redeem(path)
    invented = reverse("access:link", args=["x" * 43])
    dead, made_up = Client().get(path), Client().get(invented)
    assert dead.status_code == made_up.status_code == 410
    assert "已作废" in dead.content.decode()


@pytest.mark.parametrize(("new", "says"), [("1234567890123", "数字"), ("short-7", "10"), ("wang.li.wang.li", "相似"), ("a" * 300, "256")])
def test_a_weak_password_is_refused_and_the_link_lives_on(account: Account, new: str, says: str) -> None:
    account.login = "wang.li.wang.li"
    account.save()
    path = links.link_issue(actor=ACTOR, account=account).path
    answer = redeem(path, new)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert redeem(path).status_code == 302


def test_two_different_passwords_are_refused(account: Account) -> None:
    path = links.link_issue(actor=ACTOR, account=account).path
    assert "两次输入的新密码不一样" in redeem(path, again="不一样的密码-42").content.decode()


def test_a_reset_ends_all_sessions(account: Account) -> None:
    old = Client()
    redeem(links.link_issue(actor=ACTOR, account=account).path, client=old)
    assert old.get(reverse("access:me")).status_code == 200
    redeem(links.link_issue(actor=ACTOR, account=account).path, "另一个足够长的密码-7")
    assert old.get(reverse("access:me")).status_code == 302


def test_purpose_follows_the_password(account: Account) -> None:
    links.link_issue(actor=ACTOR, account=account)
    account.set_password(NEW)
    account.save()
    links.link_issue(actor=ACTOR, account=account)
    assert sorted(Link.objects.values_list("purpose", flat=True)) == ["invitation", "reset"]


def test_no_links_for_closed_and_demonstration_accounts(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_demo=True)
    with pytest.raises(XingtanError, match="演示账号"):
        links.link_issue(actor=ACTOR, account=account)
    Account.objects.filter(pk=account.pk).update(is_demo=False, is_active=False)
    with pytest.raises(XingtanError, match="已停用"):
        links.link_issue(actor=ACTOR, account=account)


def test_first_administrator_is_invited_until_one_can_sign_in() -> None:
    first = services.administrator_invite(actor=ACTOR)
    assert not first.account.has_usable_password()
    second = services.administrator_invite(actor=ACTOR)
    assert first.account == second.account
    assert Client().get(first.path).status_code == 410
    redeem(second.path)
    with pytest.raises(XingtanError, match="已有能登录的系统管理员"):
        services.administrator_invite(actor=ACTOR)
