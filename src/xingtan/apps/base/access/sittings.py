"""The sessions of an account: how long one lasts, and the list from which its owner ends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from xingtan.apps.base.access.models import Account, Sitting
from xingtan.apps.base.audit.services import record

BEGAN, SEEN = "began", "seen"
NOTED_EVERY = 60  # seconds: a page does not write the session each time


def begin(sender: Any, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """A session was opened: note when, and from where."""
    if request is None or not isinstance(user, Account):
        return
    now = int(timezone.now().timestamp())
    request.session[BEGAN] = request.session[SEEN] = now
    if not request.session.session_key:
        request.session.save()
    kept(request, user)


def kept(request: HttpRequest, account: Account) -> None:
    """Write the session down, under its present key."""
    agent, peer = str(request.META.get("HTTP_USER_AGENT", ""))[:200], str(request.META.get("REMOTE_ADDR", ""))[:64]
    Sitting.objects.update_or_create(
        session_key=str(request.session.session_key), defaults={"account": account, "agent": agent.replace("\x00", ""), "peer": peer}
    )


def over(request: HttpRequest) -> bool:
    """Whether a session is too old, or nobody came by for too long; if not, its last visit is noted now and then."""
    now = int(timezone.now().timestamp())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if not isinstance(began, int) or not isinstance(seen, int):
        return True
    if now - began > settings.XINGTAN_SESSION_LONGEST or now - seen > settings.XINGTAN_SESSION_IDLE:
        return True
    if now - seen >= NOTED_EVERY:
        request.session[SEEN] = now
    return False


def listed(account: Account, request: HttpRequest) -> list[tuple[Sitting, bool, datetime]]:
    """The sessions that live: each with whether it is this one, and when it will end at the latest."""
    alive = set(Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True))
    longest = timedelta(seconds=settings.XINGTAN_SESSION_LONGEST)
    rows = [row for row in account.sittings.all() if row.session_key in alive and row.began + longest > timezone.now()]
    return [(row, row.session_key == request.session.session_key, row.began + longest) for row in rows]


@transaction.atomic
def sitting_end(*, account: Account, sitting: Sitting) -> None:
    """End one session of one's own."""
    Session.objects.filter(session_key=sitting.session_key).delete()
    place = account.chain
    record(actor=account.actor, action="access.session_end", place=place, target=account, after={"began": sitting.began.isoformat()})
    sitting.delete()


def tidy() -> int:
    """Drop what is known of sessions that are gone; returns how many."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return Sitting.objects.exclude(session_key__in=alive).delete()[0]
