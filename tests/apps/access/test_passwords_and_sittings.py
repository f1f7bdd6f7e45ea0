"""Passwords that are guessed first, the last five, how long a session lasts, and the list of one's own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from xingtan.apps.base.access import links, sittings
from xingtan.apps.base.access.habits import HabitValidator
from xingtan.apps.base.access.models import Account, PastPassword
from xingtan.apps.base.audit.models import Event
from xingtan.kernel.errors import XingtanError

pytestmark = pytest.mark.django_db
PASSWORD = "梨花院落溶溶月-42"


@pytest.fixture
def account() -> Account:
    made = Account(login="wang.li", display_name="王丽")
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.mark.parametrize(
    "bad",
    [
        "wangli19800203", "WangLi1980", "wl19800203", "lihua19991231", "zhangwei_20010101", "woaini1314520", "woaini521", "jiaoyuju2026",
        "xuexiao123456", "laoshi8888", "1qaz2wsx3edc", "qwertyuiop12", "admin@2026", "Passw0rd2026", "abcabcabcabc", "88888888aa",
        "王丽19800203", "wang.li2026", "zxcvbnm12345", "9876543210",
    ],
)  # fmt: skip
def test_a_habit_is_refused(account, bad):
    with pytest.raises(ValidationError):
        HabitValidator().validate(bad, account)


@pytest.mark.parametrize("good", [PASSWORD, "correct horse battery", "t7#Kq!vZ2mPx", "xingtan de shu hen gao", "柳絮池塘淡淡风-43"])
def test_others_pass(account, good):
    HabitValidator().validate(good, account)


def test_the_last_five_passwords_do_not_come_back(account):
    used = [PASSWORD, *(f"第{word}个好长好长的口令啊" for word in "一二三四五")]
    for new in used[1:]:
        links.password_refuse(new, account)
        links.password_store(account, new)
    for old in used[1:]:
        with pytest.raises(XingtanError, match="这个密码用过"):
            links.password_refuse(old, account)
    links.password_refuse(used[0], account)  # the sixth before may
    assert PastPassword.objects.count() == 4


def browser(account: Account) -> Client:
    client = Client(headers={"user-agent": "Firefox"})
    client.post(reverse("access:sign_in"), {"login": account.login, "password": PASSWORD})
    return client


def aged(client: Client, **marks: int) -> None:
    session = client.session
    for name, seconds in marks.items():
        session[name] -= seconds
    session.save()


def alive(client: Client) -> bool:
    return client.get(reverse("access:me")).status_code == 200


def test_a_session_ends_when_nobody_comes_by_and_at_the_latest(account, settings):
    idle, old, busy = browser(account), browser(account), browser(account)
    aged(idle, seen=settings.XINGTAN_SESSION_IDLE + 1)
    aged(old, began=settings.XINGTAN_SESSION_LONGEST + 1)
    aged(busy, seen=settings.XINGTAN_SESSION_IDLE - 5)
    assert not alive(idle)
    assert "_auth_user_id" not in idle.session
    assert not alive(old)
    assert alive(busy)
    aged(busy, seen=settings.XINGTAN_SESSION_IDLE - 5)
    assert alive(busy), "a visit begins the time anew"


def test_a_session_without_its_marks_is_over(account):
    client = browser(account)
    session = client.session
    del session["began"]
    session.save()
    assert not alive(client)


def test_one_sees_ones_sessions_and_ends_one(account):
    here, there = browser(account), browser(account)
    page = here.get(reverse("access:me")).content.decode()
    assert page.count("Firefox") == 2
    other = next(row for row, mine, _end in sittings.listed(account, there) if row.session_key == there.session.session_key)
    assert here.post(reverse("access:session_end", args=[other.pk])).status_code == 302
    assert alive(here)
    assert not alive(there)
    assert Event.objects.filter(action="access.session_end").count() == 1
    stranger = Account(login="other", display_name="别人")
    stranger.set_password(PASSWORD)
    stranger.save()
    mine = account.sittings.get()
    assert browser(stranger).post(reverse("access:session_end", args=[mine.pk])).status_code == 404
    assert alive(here)


def test_the_list_follows_a_changed_password(account):
    here = browser(account)
    here.post(reverse("access:password"), {"old": PASSWORD, "new": "柳絮池塘淡淡风-43", "again": "柳絮池塘淡淡风-43"})
    account.refresh_from_db()
    assert "本次登录" in here.get(reverse("access:me")).content.decode()


def test_every_page_comes_with_a_strict_policy(account):
    for page in (browser(account).get(reverse("access:me")), Client().get(reverse("access:sign_in"))):
        policy = page["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
            assert part in policy


def test_the_deployment_check_is_clean_behind_tls(tmp_path):
    env = {**os.environ, "XINGTAN_BEHIND_TLS": "1", "XINGTAN_HOSTS": "edu.example.cn", "XINGTAN_HOME": str(tmp_path), "PYTHONPATH": "src"}
    line = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", "--settings", "xingtan.config.settings"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout
