"""The second factor: taken into use with a first code, asked after the password, each code good once, recovery and the manager's help."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access import second
from xingtan.apps.base.access.models import Account, SecondFactor
from xingtan.apps.base.audit.models import Event

pytestmark = pytest.mark.django_db
PASSWORD = "梨花院落溶溶月-42"


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test turns."""
    now = [datetime(2026, 3, 2, 8, 0, tzinfo=UTC)]
    monkeypatch.setattr(second.timezone, "now", lambda: now[0])
    return now


@pytest.fixture
def account() -> Account:
    made = Account(login="wang.li", display_name="王丽")
    made.set_password(PASSWORD)
    made.save()
    return made


def code(account: Account, at: datetime | None = None) -> str:
    secret = SecondFactor.objects.get(account=account).secret.plain()
    when = int((at or timezone.now()).timestamp())
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(when).decode()


def enabled(account: Account) -> list[str]:
    second.offer(account)
    return second.confirm(account=account, code=code(account))


def password(client: Client) -> str:
    return client.post(reverse("access:sign_in"), {"login": "wang.li", "password": PASSWORD}).url


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    known = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: second._totp(secret).generate(at).decode() for at in known} == known


def test_from_the_picture_to_signing_in(account):
    here = Client()
    here.force_login(account)
    page = here.get(reverse("access:second")).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert here.post(reverse("access:second"), {"code": "000000"}).status_code == 422
    assert second.factor_of(account) is None
    done = here.post(reverse("access:second"), {"code": code(account)}).content.decode()
    codes = re.findall(r"\d{5}-\d{5}", done)
    assert len(codes) == len(set(codes)) == 10
    raw = str(SecondFactor.objects.values("recovery").get())
    assert not any(one in raw or one.replace("-", "") in raw for one in codes)
    client = Client()
    assert password(client) == reverse("access:sign_in_code")
    assert not inside(client)
    assert client.get(reverse("access:me")).status_code == 302
    assert client.post(reverse("access:sign_in_code"), {"code": codes[0]}).status_code == 302
    assert inside(client)
    assert Event.objects.filter(action="access.recovery_used").get().became == {"left": 9}
    again = Client()
    password(again)
    assert again.post(reverse("access:sign_in_code"), {"code": codes[0]}).status_code == 422, "a recovery code is good once"


def test_a_code_is_good_once_and_for_a_short_time(account, clock):
    enabled(account)
    used = code(account, clock[0])
    assert not second._spend(account, used), "the code that confirmed it"
    clock[0] = clock[0].replace(minute=5)
    now = code(account, clock[0])
    assert second._spend(account, now)
    assert not second._spend(account, now)
    clock[0] = clock[0].replace(minute=10)
    late = code(account, clock[0])
    clock[0] = clock[0].replace(minute=12)
    assert not second._spend(account, late)


def test_guessing_codes_is_stopped_and_the_manager_lifts_it(cast, account, client_of):
    Account.objects.filter(pk=account.pk).update(place=cast.place)
    codes = enabled(account)
    client = Client()
    password(client)
    for _try in range(5):
        assert client.post(reverse("access:sign_in_code"), {"code": "000000"}).status_code == 422
    page = client.post(reverse("access:sign_in_code"), {"code": codes[0]}).content.decode()
    assert "分钟后再试" in page
    assert not inside(client)
    admin = client_of("administrator")
    seen = admin.get(reverse("access:account", args=[account.pk])).content.decode()
    assert "锁定中" in seen
    assert admin.post(reverse("access:account_act", args=[account.pk, "unlock"]), {"reason": "本人来电"}).status_code == 302
    assert "锁定中" not in admin.get(reverse("access:account", args=[account.pk])).content.decode()
    assert client.post(reverse("access:sign_in_code"), {"code": codes[0]}).status_code == 302
    assert Event.objects.get(action="access.unlock").reason == "本人来电"


def test_a_lost_telephone_is_the_managers_matter(cast, account, client_of):
    Account.objects.filter(pk=account.pk).update(place=cast.place)
    enabled(account)
    url = reverse("access:account_act", args=[account.pk, "factor"])
    assert client_of("auditor").post(url, {"reason": "手机丢失"}).status_code in (403, 404)
    assert client_of("administrator").post(url, {"reason": "手机丢失"}).status_code == 302
    client = Client()
    assert password(client) != reverse("access:sign_in_code")
    assert inside(client)
    assert Event.objects.get(action="access.factor_off").reason == "手机丢失"


def test_its_owner_takes_it_away_with_the_password_only(account):
    enabled(account)
    here = Client()
    here.force_login(account)
    here.post(reverse("access:second_off"), {"password": "别的"})
    assert second.factor_of(account) is not None
    here.post(reverse("access:second_off"), {"password": PASSWORD})
    assert second.factor_of(account) is None


@pytest.mark.parametrize(
    ("setting", "administrator", "held"),
    [("all", False, True), ("administrators", True, True), ("administrators", False, False), ("", True, False)],
)
def test_who_must_have_one_is_held_until_it_is_there(account, settings, setting, administrator, held):
    settings.XINGTAN_SECOND_FACTOR = setting
    Account.objects.filter(pk=account.pk).update(is_administrator=administrator)
    client = Client()
    client.force_login(Account.objects.get(pk=account.pk))
    answer = client.get(reverse("access:me"))
    assert (answer.status_code == 302 and answer.url == reverse("access:second")) == held
    if held:
        second.confirm(account=account, code=code(account)) if second.offer(account) else None
        assert client.get(reverse("access:me")).status_code == 200


def test_a_post_may_ask_for_one(cast, client_of, monkeypatch):
    from xingtan.apps.base.access import rights
    from xingtan.pack.schema.organisation import Post

    real = rights._rights
    monkeypatch.setattr(
        rights, "_rights", lambda source, rows: [replace(one, guarded=one.post == "principal") for one in real(source, rows)]
    )
    assert client_of("principal").get(reverse("access:me")).status_code == 302
    assert client_of("director").get(reverse("access:me")).status_code == 200
    assert Post.model_fields["second_factor"].default is False


def test_the_second_step_does_not_wait_for_ever(account):
    enabled(account)
    client = Client()
    password(client)
    session = client.session
    session["access.pending"] = {**session["access.pending"], "at": 0}
    session.save()
    assert client.post(reverse("access:sign_in_code"), {"code": code(account)}).url == reverse("access:sign_in")
    assert Client().get(reverse("access:sign_in_code")).url == reverse("access:sign_in")
