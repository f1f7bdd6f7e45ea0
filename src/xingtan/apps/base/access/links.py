"""One-time links: the only way a password comes into being. The token is shown once; the database keeps its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, is_password_usable
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from xingtan.apps.base.access import signin
from xingtan.apps.base.access.models import Account, Link, LinkPurpose, PastPassword, new_stamp
from xingtan.apps.base.audit.services import Actor, record
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

REMEMBERED = 5  # passwords that may not come back, the present one among them
LIFETIME = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Issued:
    """A link as it is handed over: `path` holds the secret and is never stored or logged."""

    account: Account
    path: str
    expires: datetime


@transaction.atomic
def link_issue(*, actor: Actor, account: Account) -> Issued:
    """Make a one-time link for an active account: an invitation before its first password, a reset afterwards.

    Older links of the account are void. Raises XingtanError for accounts that are inactive or of the demonstration.
    """
    account = Account.objects.select_for_update(of=("self",)).select_related("place").get(pk=account.pk)
    if not account.is_active:
        raise XingtanError.one("access.inactive", T("账号“%(name)s”已停用，不能发链接", name=account.display_name), T("请先启用账号"))
    if account.is_demo:
        raise XingtanError.one("access.demo", T("演示账号没有密码，不能发链接"))
    purpose = LinkPurpose.RESET if account.has_usable_password() else LinkPurpose.INVITATION
    now = timezone.now()
    links_void(account=account)
    token = secrets.token_urlsafe(32)
    Link.objects.create(account=account, purpose=purpose, token_hash=_hash(token), expires=now + LIFETIME[purpose])
    told = {"purpose": purpose.value, "expires": (now + LIFETIME[purpose]).isoformat()}
    record(actor=actor, action="access.link_issue", place=account.chain, target=account, after=told)
    return Issued(account, reverse("access:link", kwargs={"token": token}), now + LIFETIME[purpose])


def link_open(token: str) -> Link | None:
    """Return the link that a token opens, if it is neither spent nor expired and its account is active."""
    found = Link.objects.select_related("account__place").filter(token_hash=_hash(token), spent=None, expires__gt=timezone.now()).first()
    return found if found and found.account.is_active else None


@transaction.atomic
def link_redeem(*, token: str, password: str, peer: str = "") -> Account:
    """Set the password by a one-time link and spend the link; failures and other sessions of the account end.

    Raises XingtanError when the link is not valid (any more) or the password is too weak; a weak password does not spend the link.
    """
    link = link_open(token)
    if link is None:
        raise link_dead()
    password_refuse(password, link.account)
    if not Link.objects.filter(pk=link.pk, spent=None).update(spent=timezone.now()):
        raise link_dead()
    account = Account.objects.select_for_update(of=("self",)).get(pk=link.account_id)
    password_store(account, password)
    signin.unlock(account=account, peer=peer)
    place = link.account.chain
    record(actor=account.actor, action="access.password_set", place=place, target=account, after={"by": link.purpose})
    return account


def links_void(*, account: Account) -> None:
    """Spend all open links of an account."""
    Link.objects.filter(account=account, spent=None).update(spent=timezone.now())


def password_refuse(password: str, account: Account, field: str = "new") -> None:
    """Raise XingtanError with every reason why a password is too weak."""
    if len(password) > signin.PASSWORD_LONGEST:
        raise XingtanError((_weak(T("密码最多 %(most)s 个字", most=signin.PASSWORD_LONGEST), field),))
    if any(check_password(password, old) for old in [account.password, *_past(account)] if is_password_usable(old)):
        raise XingtanError((_weak(T("这个密码用过，最近 %(count)s 个密码不能再用", count=REMEMBERED), field),))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise XingtanError(tuple(_weak(T("%(reason)s", reason=message), field) for message in error.messages)) from error


def password_store(account: Account, password: str) -> None:
    """Keep a new password (argon2). Every session of the account ends."""
    _remember(account)
    account.set_password(password)
    account.session_stamp = new_stamp()
    account.must_change_password = False
    account.save(update_fields=["password", "session_stamp", "must_change_password"])


def _past(account: Account) -> list[str]:
    return list(account.past_passwords.values_list("password", flat=True)[: REMEMBERED - 1]) if account.pk else []


def _remember(account: Account) -> None:
    """Keep the hash of the password that ends now; the oldest ones are forgotten."""
    if account.has_usable_password():
        PastPassword.objects.create(account=account, password=account.password)
        kept = account.past_passwords.values_list("pk", flat=True)[: REMEMBERED - 1]
        account.past_passwords.exclude(pk__in=list(kept)).delete()


def link_dead() -> XingtanError:
    return XingtanError.one("access.link", T("这个链接已经用过、已经过期或已作废"), T("请管理员重新发一个一次性链接"))


def _weak(message: Text, field: str) -> Issue:
    return Issue(Severity.ERROR, "access.password_weak", message, Where(field=field))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
