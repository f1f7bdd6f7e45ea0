"""What ends a session, and what a held account may still do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from xingtan.apps.base.access import services
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.services import Actor
from xingtan.kernel.errors import XingtanError

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("试验")
OLD, NEW = "梨花院落溶溶月-42", "柳絮池塘淡淡风-43"


@pytest.fixture
def account() -> Account:
    made = Account(login="wang.li", display_name="王丽")
    made.set_password(OLD)
    made.save()
    return made


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    assert client.get(reverse("access:me")).status_code == 200
    return client


def alive(client: Client) -> bool:
    return client.get(reverse("access:me")).status_code == 200


def test_changing_the_password_ends_the_other_sessions_only(account: Account) -> None:
    here, there = browser(account), browser(account)
    answer = here.post(reverse("access:password"), {"old": OLD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert alive(here)
    assert not alive(there)


@pytest.mark.parametrize(("old", "new", "says"), [("wrong", NEW, "原密码不对"), (OLD, OLD, "相同"), (OLD, "1234567", "10")])
def test_a_bad_change_keeps_the_old_password(account: Account, old: str, new: str, says: str) -> None:
    here = browser(account)
    answer = here.post(reverse("access:password"), {"old": old, "new": new, "again": new})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    account.refresh_from_db()
    assert account.check_password(OLD)


def test_ending_my_other_sessions_keeps_this_one(account: Account) -> None:
    here, there = browser(account), browser(account)
    here.post(reverse("access:sessions"))
    assert alive(here)
    assert not alive(there)


def test_closing_ends_sessions_for_good(account: Account) -> None:
    there = browser(account)
    services.account_deactivate(actor=ACTOR, account=account, reason="调离")
    assert not alive(there)
    services.account_activate(actor=ACTOR, account=account, reason="调回")
    assert not alive(there)


def test_a_held_account_can_only_change_its_password(account: Account) -> None:
    there = browser(account)
    services.password_demand(actor=ACTOR, account=account, reason="定期更换")
    for name in ("access:me", "access:accounts", "jobs:jobs", "notices:notices"):
        answer = there.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("access:password")
    assert there.get(reverse("access:me"), HTTP_HX_REQUEST="true")["HX-Redirect"] == reverse("access:password")
    assert there.get(reverse("access:password")).status_code == 200
    there.post(reverse("access:password"), {"old": OLD, "new": NEW, "again": NEW})
    assert alive(there)


def test_the_last_administrator_cannot_be_closed(account: Account) -> None:
    account.is_administrator = True
    account.save()
    with pytest.raises(XingtanError, match="最后一个"):
        services.account_deactivate(actor=ACTOR, account=account, reason="误操作")
    account.refresh_from_db()
    assert account.is_active


def test_every_page_needs_signing_in_but_the_door() -> None:
    for name in ("access:me", "access:password", "access:accounts", "access:account_new", "jobs:jobs", "notices:notices"):
        answer = Client().get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("access:sign_in"))
    assert Client().get(reverse("access:sign_in")).status_code == 200


def test_language_is_remembered_on_the_account_and_in_the_browser(account: Account) -> None:
    here = browser(account)
    here.post(reverse("access:language"), {"language": "zh-hant"})
    account.refresh_from_db()
    assert account.language == "zh-hant"
    assert here.cookies["django_language"].value == "zh-hant"
    here.post(reverse("access:language"), {"language": "xx"})
    account.refresh_from_db()
    assert account.language == "zh-hant"
