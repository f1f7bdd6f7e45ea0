"""Signing in: the password check and the wait that stops guessing. The counts live in the database, so they hold for all workers."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from xingtan.apps.base.access.checks import reason_issues
from xingtan.apps.base.access.models import Account, Throttle, normal_login
from xingtan.apps.base.audit.services import Actor, record
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

# Failures that cost nothing; from then on each one doubles the wait.
PAIR_FREE, LOGIN_FREE, PEER_FREE = 5, 30, 100
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# A name that is guessed at from many addresses is slowed, but its owner must not be shut out for long by strangers.
LONGEST_LOGIN_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)
PASSWORD_LONGEST = 256
SYSTEM = Actor.system("系统")
HINT = T("忘记密码时，请本单位的管理员发一个一次性链接，用它可以立即重设密码")


@dataclass(frozen=True, slots=True)
class Limit:
    """One count that a try raises: `free` failures cost nothing, then the wait doubles up to `longest`."""

    key: str
    free: int
    longest: timedelta
    name: str = ""  # of the login, where the count is about one

    def wait(self, count: int) -> timedelta | None:
        """Return how long to wait after the n-th failure."""
        over = count - self.free
        return None if over < 0 else min(FIRST_WAIT * 2 ** min(over, 12), self.longest)


def peer_of(request: HttpRequest) -> str:
    """Return the address of the other end of the connection; headers that anybody can write are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def sign_in_check(*, request: HttpRequest, login: str, password: str) -> Account:
    """Return the account whose password this is.

    Raises XingtanError (`access.locked`, `access.refused`) with a message that does not tell whether the account exists.
    """
    limits = _limits(login, peer_of(request))
    left = _begin(limits, login)
    account = authenticate(request, username=normal_login(login), password=password[: PASSWORD_LONGEST + 1])
    if isinstance(account, Account) and not (account.is_demo and not settings.XINGTAN_DEMO):
        _forget(limits)
        return account
    if left > 0:
        message = T("登录名或密码不对；再错 %(left)s 次将暂时锁定", left=left)
    else:
        message = T("登录名或密码不对；连续失败次数过多，已暂时锁定")
    raise XingtanError.one("access.refused", message, HINT)


@transaction.atomic
def unlock(*, account: Account, peer: str) -> None:
    """Forget the failures of an account, after its password was set anew from this address."""
    _forget(_limits(account.login, peer))


def locked_until(account: Account) -> datetime | None:
    """Until when somebody who tries to sign in to the account has to wait, wherever from; None when nobody has to."""
    names = [_key("login", name) for name in (account.login, f"code:{account.login}")]
    ends = Throttle.objects.filter(name__in=names, until__gt=timezone.now()).values_list("until", flat=True)
    return max((end for end in ends if end), default=None)


@transaction.atomic
def lift(*, actor: Actor, account: Account, reason: str) -> Account:
    """Forget every failure to sign in to an account, from whatever address: its manager vouches for the owner."""
    if issues := tuple(reason_issues(reason.strip())):
        raise XingtanError(issues)
    Throttle.objects.filter(name__in=[_key("login", name) for name in (account.login, f"code:{account.login}")]).delete()
    place = account.chain
    record(actor=actor, action="access.unlock", place=place, target=account, reason=reason.strip())
    return account


def code_try(*, account: Account, peer: str) -> tuple[tuple[Limit, ...], int]:
    """Count a try of a second factor as failed before it is looked at; returns the counts, and how many tries are left without a wait.

    Raises XingtanError while one must wait.
    """
    limits = _limits(f"code:{account.login}", peer)
    return limits, _begin(limits, account.login)


def code_right(limits: tuple[Limit, ...]) -> None:
    """The try was right after all."""
    _forget(limits)


def code_wrong(left: int) -> XingtanError:
    message = T("验证码不对；再错 %(left)s 次将暂时锁定", left=max(left, 0))
    return XingtanError.one("access.code", message, T("看准当前显示的 6 位数字，或用一个恢复码"))


@transaction.atomic
def tidy() -> int:
    """Drop counts that nobody added to for a day; returns how many."""
    return Throttle.objects.filter(last__lt=timezone.now() - FORGET_AFTER).delete()[0]


def _limits(login: str, peer: str) -> tuple[Limit, ...]:
    name = normal_login(login)[:200]
    own = _key("login", name)
    limits = [Limit(_key("pair", name, peer), PAIR_FREE, LONGEST_WAIT, own), Limit(own, LOGIN_FREE, LONGEST_LOGIN_WAIT, own)]
    # A local address is a proxy in front of us or this machine itself: it says nothing about who tries.
    if not is_loopback(peer):
        limits.append(Limit(_key("peer", peer), PEER_FREE, LONGEST_WAIT))
    return tuple(limits)


def _key(*parts: str) -> str:
    return salted_hmac("xingtan.access.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


@transaction.atomic
def _begin(limits: tuple[Limit, ...], login: str) -> int:
    """Count a try as failed before it is made, so that parallel guesses count one by one; returns how many are left without a wait.

    Raises XingtanError while one must wait: such a try is not looked at and does not count.
    """
    now = timezone.now()
    rows = {limit.key: _locked(limit, now) for limit in limits}
    ends = [row.until for row in rows.values() if row.until and row.until > now]
    if ends:
        raise _wait(max(ends) - now)
    for limit in limits:
        row = rows[limit.key]
        # what is a day old is forgotten, whether or not the daily tidying has come by
        row.count, row.last = (row.count if row.last > now - FORGET_AFTER else 0) + 1, now
        wait = limit.wait(row.count)
        row.until = now + wait if wait else None
        row.save()
    pair = rows[limits[0].key]
    if pair.count == PAIR_FREE:
        _tell_lock(login, pair.count)
    return PAIR_FREE - pair.count


def _locked(limit: Limit, now: datetime) -> Throttle:
    Throttle.objects.get_or_create(key=limit.key, defaults={"last": now, "name": limit.name})
    return Throttle.objects.select_for_update().get(key=limit.key)


def _forget(limits: tuple[Limit, ...]) -> None:
    """A try was right: the name starts anew, the address gets back only this one count."""
    Throttle.objects.filter(key__in=[limit.key for limit in limits[:2]]).delete()
    Throttle.objects.filter(key__in=[limit.key for limit in limits[2:]], count__gt=0).update(count=F("count") - 1, until=None)


def _tell_lock(login: str, count: int) -> None:
    account = Account.objects.select_related("place").filter(login=normal_login(login)[:64]).first()
    if account is not None:
        place = account.chain
        record(actor=SYSTEM, action="access.lock", place=place, target=account, after={"failures": count})


def _wait(left: timedelta) -> XingtanError:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return XingtanError.one("access.locked", T("登录失败次数过多，请 %(minutes)s 分钟后再试", minutes=minutes), HINT)
