"""The second factor: a code of six digits from an app (RFC 6238), or one of ten recovery codes."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.access import rights, signin
from xingtan.apps.base.access.checks import reason_issues
from xingtan.apps.base.access.models import Account, SecondFactor
from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.vault.index import blind
from xingtan.apps.base.vault.masks import Kind
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T

DIGITS, STEP, SKEW = 6, 30, 1  # a code of the step before or after is taken too: clocks differ
SECRET_BYTES, CODES = 20, 10
ISSUER = "杏坛"


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to be put into an app: as an address for the QR code, and in words."""

    uri: str
    words: str


def factor_of(account: Account) -> SecondFactor | None:
    """The factor in use; None before it was confirmed."""
    return SecondFactor.objects.filter(account=account, confirmed__isnull=False).first()


def wanted(account: Account) -> bool:
    """Whether the installation or a post the account holds asks for a second factor. Demonstration accounts have no password either."""
    if account.is_demo:
        return False
    asked = settings.XINGTAN_SECOND_FACTOR
    if asked == "all" or (asked == "administrators" and account.is_administrator):
        return True
    return any(right.guarded for right in rights.rights_of(account))


@transaction.atomic
def offer(account: Account) -> Offer:
    """A new secret, kept until it is confirmed; while a factor is in use, refused."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if factor_of(account) is not None:
        raise XingtanError.one("access.factor_there", T("已经启用动态验证码"), T("要换一部手机，先停用再启用"))
    found, _made = SecondFactor.objects.get_or_create(account=account)
    if not found.secret:
        found.secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        found.save()
    plain = found.secret.plain()
    words = " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    return Offer(_totp(plain).get_provisioning_uri(account.login, ISSUER), words)


@transaction.atomic
def confirm(*, account: Account, code: str) -> list[str]:
    """Take the factor into use with a first code; returns the recovery codes, which nobody can read again. Raises XingtanError."""
    found = SecondFactor.objects.select_for_update().filter(account=account, confirmed=None).first()
    step = _step(found, code) if found is not None and found.secret else None
    if found is None or step is None:
        message, hint = T("验证码不对"), T("核对手机的时间，看准当前显示的 6 位数字")
        raise XingtanError.one("access.code", message, hint, Where(field="code"))
    codes = [f"{secrets.randbelow(10**5):05d}-{secrets.randbelow(10**5):05d}" for _number in range(CODES)]
    found.confirmed, found.last_step, found.recovery = timezone.now(), step, [_hash(one) for one in codes]
    found.save()
    record(actor=account.actor, action="access.factor_on", place=account.chain, target=account)
    return codes


def pass_second(*, account: Account, code: str, peer: str) -> Account:
    """Let an account through with a code of its app or a recovery code, each good once. Raises XingtanError, and counts failures."""
    limits, left = signin.code_try(account=account, peer=peer)
    if not _spend(account, code):
        raise signin.code_wrong(left)
    signin.code_right(limits)
    return account


@transaction.atomic
def _spend(account: Account, code: str) -> bool:
    found = SecondFactor.objects.select_for_update().filter(account=account, confirmed__isnull=False).first()
    if found is None:
        return False
    step = _step(found, code)
    if step is not None and step > found.last_step:
        found.last_step = step
        found.save(update_fields=["last_step"])
        return True
    typed = _hash(code)
    if typed and any(hmac.compare_digest(typed, one) for one in found.recovery):
        found.recovery = [one for one in found.recovery if one != typed]
        found.save(update_fields=["recovery"])
        record(actor=account.actor, action="access.recovery_used", place=account.chain, target=account, after={"left": len(found.recovery)})
        return True
    return False


@transaction.atomic
def remove(*, actor: Actor, account: Account, reason: str) -> Account:
    """Take the factor away: its owner, or a manager for whoever lost the telephone."""
    if issues := tuple(reason_issues(reason.strip())):
        raise XingtanError(issues)
    if SecondFactor.objects.filter(account=account).delete()[0]:
        record(actor=actor, action="access.factor_off", place=account.chain, target=account, reason=reason.strip())
    return account


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 - what every app speaks


def _step(factor: SecondFactor, code: str) -> int | None:
    """The time step of which this is the code, now or one beside; None for none."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdigit():
        return None
    totp, now = _totp(factor.secret.plain()), int(timezone.now().timestamp()) // STEP
    steps = range(now - SKEW, now + SKEW + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate(step * STEP), typed.encode())), None)


def _hash(code: str) -> str:
    """Keyed: ten digits would be found by trying."""
    return blind(Kind.OTHER, "recovery", "".join(char for char in code if char.isdigit()))
