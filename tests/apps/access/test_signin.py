"""Attacks on the sign-in page, and what must not be learnt from it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access import signin
from xingtan.apps.base.access.models import Account, Throttle
from xingtan.apps.base.audit.models import Event

pytestmark = pytest.mark.django_db
PASSWORD = "梨花院落溶溶月-42"
WRONG = "柳絮池塘淡淡风-42"


@pytest.fixture
def account() -> Account:
    return make_account()


def make_account(login: str = "wang.li") -> Account:
    made = Account(login=login, display_name="王丽")
    made.set_password(PASSWORD)
    made.save()
    return made


def attempt(login: str, password: str, client: Client | None = None, peer: str = "10.1.1.1", **headers: str):
    client = client or Client()
    return client.post(reverse("access:sign_in"), {"login": login, "password": password}, REMOTE_ADDR=peer, **headers)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def later(**span: float) -> None:
    """Let time pass for the counts."""
    for row in Throttle.objects.all():
        row.until = row.until - timedelta(**span) if row.until else None
        row.last -= timedelta(**span)
        row.save()


def test_right_password_opens_and_is_logged(account: Account) -> None:
    client = Client()
    answer = attempt("wang.li", PASSWORD, client)
    assert answer.status_code == 302
    assert signed_in(client)
    assert Event.objects.filter(action="access.sign_in", target_id=str(account.pk)).count() == 1


def test_password_is_kept_as_argon2(account: Account) -> None:
    assert account.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("typed", ["WANG.LI", " wang.li ", "ｗａｎｇ．ｌｉ"])
def test_login_is_found_however_it_is_typed(account: Account, typed: str) -> None:
    client = Client()
    attempt(typed, PASSWORD, client)
    assert signed_in(client)


def test_unknown_closed_and_passwordless_accounts_answer_alike(account: Account) -> None:
    closed, empty = make_account("closed"), make_account("empty")
    closed.is_active = False
    closed.save()
    empty.set_unusable_password()
    empty.save()
    pages = [attempt(login, WRONG).content.decode().replace(login, "X") for login in ("wang.li", "closed", "empty", "nobody")]
    pages = [page.split("<main")[1].split("</main>")[0] for page in pages]
    strip = [page.split('name="csrfmiddlewaretoken"')[0] + page.split('name="next"')[1] for page in pages]
    assert len(set(strip)) == 1
    assert "登录名或密码不对" in strip[0]


def test_right_password_of_a_closed_account_does_not_open(account: Account) -> None:
    account.is_active = False
    account.save()
    client = Client()
    assert attempt("wang.li", PASSWORD, client).status_code == 422
    assert not signed_in(client)


def test_guessing_is_stopped_and_the_wait_grows(account: Account) -> None:
    for _ in range(signin.PAIR_FREE):
        assert attempt("wang.li", WRONG).status_code == 422
    client = Client()
    answer = attempt("wang.li", PASSWORD, client)  # even the right one must wait now
    assert "请 1 分钟后再试" in answer.content.decode()
    assert not signed_in(client)
    waits = []
    for _ in range(4):
        row = Throttle.objects.exclude(until=None).order_by("-until").first()
        assert row is not None
        assert row.until is not None
        waits.append(round((row.until - timezone.now()).total_seconds() / 60))
        later(seconds=(row.until - timezone.now()).total_seconds() + 1)
        attempt("wang.li", WRONG)
    assert waits == [1, 2, 4, 8]


def test_waiting_out_lets_the_owner_in_and_forgets(account: Account) -> None:
    for _ in range(signin.PAIR_FREE):
        attempt("wang.li", WRONG)
    later(minutes=2)
    client = Client()
    attempt("wang.li", PASSWORD, client)
    assert signed_in(client)
    assert attempt("wang.li", WRONG).content.decode().count("再错 4 次") >= 1


def test_a_stranger_elsewhere_does_not_lock_out_the_owner(account: Account) -> None:
    for _ in range(signin.PAIR_FREE + 3):
        attempt("wang.li", WRONG, peer="203.0.113.9")
    client = Client()
    attempt("wang.li", PASSWORD, client, peer="10.1.1.1")
    assert signed_in(client)


def test_many_addresses_on_one_name_are_slowed(account: Account) -> None:
    for number in range(signin.LOGIN_FREE):
        attempt("wang.li", WRONG, peer=f"203.0.113.{number}")
    assert "分钟后再试" in attempt("wang.li", PASSWORD, peer="198.51.100.1").content.decode()


def test_one_address_on_many_names_is_slowed() -> None:
    for number in range(signin.PEER_FREE):
        signin_try(f"name{number}", "203.0.113.9")
    assert "分钟后再试" in attempt("another", WRONG, peer="203.0.113.9").content.decode()
    assert "登录名或密码不对" in attempt("another", WRONG, peer="203.0.113.10").content.decode()


def signin_try(login: str, peer: str) -> None:
    """Count a try without the costly hash."""
    signin._begin(signin._limits(login, peer), login)


def test_forwarded_headers_do_not_make_a_new_address(account: Account) -> None:
    for number in range(signin.PAIR_FREE):
        attempt("wang.li", WRONG, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}", HTTP_X_REAL_IP=f"198.51.100.{number}")
    answer = attempt("wang.li", PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert "分钟后再试" in answer.content.decode()


def test_lock_of_a_known_account_is_logged_of_an_unknown_not(account: Account) -> None:
    for _ in range(signin.PAIR_FREE):
        attempt("wang.li", WRONG)
        attempt("nobody", WRONG)
    assert [event.target_id for event in Event.objects.filter(action="access.lock")] == [str(account.pk)]


def test_what_was_typed_is_not_kept() -> None:
    attempt("我的密码误输在这里", WRONG)
    kept = " ".join(row.key for row in Throttle.objects.all())
    assert Throttle.objects.count() == 3
    assert "密码" not in kept


def test_a_megabyte_password_is_not_hashed(account: Account) -> None:
    began = timezone.now()
    assert attempt("wang.li", "a" * 1_000_000).status_code == 422
    assert (timezone.now() - began).total_seconds() < 3


@pytest.mark.parametrize("login", ["\x00", "' OR 1=1 --", "𠮷" * 200, "<script>alert(1)</script>"])
def test_odd_names_are_just_wrong(login: str) -> None:
    answer = attempt(login, WRONG)
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_house(account: Account, asked: str) -> None:
    answer = Client().post(reverse("access:sign_in"), {"login": "wang.li", "password": PASSWORD, "next": asked})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert not answer["Location"].startswith("javascript")


def test_session_key_changes_at_sign_in(account: Account) -> None:
    client = Client()
    client.get(reverse("access:sign_in"))
    session = client.session
    session["mark"] = 1
    session.save()
    before = session.session_key
    attempt("wang.li", PASSWORD, client)
    assert client.session.session_key != before


def test_sign_out_needs_a_form_and_ends_the_session(account: Account) -> None:
    client = Client()
    attempt("wang.li", PASSWORD, client)
    assert client.get(reverse("access:sign_out")).status_code == 405
    client.post(reverse("access:sign_out"))
    assert not signed_in(client)


def test_cross_site_posts_are_refused(account: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    assert attempt("wang.li", PASSWORD, client).status_code == 403


def test_a_piece_of_a_page_sends_the_whole_page_to_the_door() -> None:
    answer = Client().get(reverse("access:me"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == reverse("access:sign_in")


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_count_one_by_one(account: Account) -> None:
    outcomes: list[bool] = []

    def guess() -> None:
        try:
            signin_try("wang.li", "10.1.1.1")
            outcomes.append(True)
        except Exception:
            outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == signin.PAIR_FREE
