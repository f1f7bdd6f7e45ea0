"""Verbs on persons and their posts. Each is one transaction and one audit event; each refuses with all its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Q

from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .checks import post_faults
from .identity import Particulars
from .models import Person, Post
from .particulars import draft, fill, keep, told


@dataclass(frozen=True, slots=True)
class Appointment:
    """A post to be taken up: which, where, from when (until when), on what authority."""

    org: Organisation
    post: str
    day: date = EVER
    until: date = FOREVER
    basis: str = ""


@transaction.atomic
def person_create(
    *,
    place: Place,
    name: str,
    actor: Actor,
    sex: str = "",
    birth: date | None = None,
    note: str = "",
    first: Appointment | None = None,
    **more: Unpack[Particulars],
) -> Person:
    """Enter a person, with the first post if given. Two persons may bear one name, never one identity number.

    Birth and sex that are not stated are taken from a resident identity number.
    """
    person, issues = draft(place, {"name": name, "sex": sex, "birth": birth, "note": note}, more)
    if first is not None:
        issues += _appointment_faults(person, first)
    if issues:
        raise XingtanError(issues)
    keep(person, force_insert=True)
    after = told(person)
    if first is not None:
        after |= _post_told(_appoint(person, first))
    record(actor=actor, action="person.create", place=place.slug, target=person, after=after)
    return person


@transaction.atomic
def person_change(
    *,
    person: Person,
    version: int,
    actor: Actor,
    name: str,
    sex: str = "",
    birth: date | None = None,
    note: str = "",
    **more: Unpack[Particulars],
) -> Person:
    """Change what is known of a person. `version` is the one the change was made from: a change made meanwhile is never overwritten.

    A particular that is not named stays; an empty text clears it.
    """
    locked = Person.objects.select_for_update(of=("self",)).select_related("place").get(pk=person.pk)
    if locked.version != version:
        raise _stale(locked.name)
    before = told(locked)
    if issues := fill(locked, {"name": name, "sex": sex, "birth": birth, "note": note}, more):
        raise XingtanError(issues)
    if before != told(locked):
        _kept(locked, before, actor)
    return locked


def _kept(person: Person, before: Mapping[str, Any], actor: Actor) -> None:
    person.version += 1
    keep(person)
    after = told(person)
    changed = [key for key in after if after[key] != before[key]]
    record(
        actor=actor, action="person.change", place=person.place.slug, target=person,
        before={key: before[key] for key in changed}, after={key: after[key] for key in changed},
    )  # fmt: skip


@transaction.atomic
def post_appoint(*, person: Person, to: Appointment, actor: Actor) -> Post:
    """Put a person into a post from a day on. Refused when the post does not exist there or the person already holds it."""
    Person.objects.select_for_update().get(pk=person.pk)
    if issues := _appointment_faults(person, to):
        raise XingtanError(issues)
    post = _appoint(person, to)
    record(actor=actor, action="post.appoint", place=person.place.slug, target=person, after=_post_told(post), reason=to.basis)
    return post


@transaction.atomic
def post_end(*, post: Post, version: int, day: date, actor: Actor, reason: str = "") -> Post:
    """End a post on `day`, the first day without it. On its first day: it was entered by mistake and never was in force."""
    locked = Post.objects.select_for_update().select_related("person__place", "org").get(pk=post.pk)
    if locked.version != version:
        raise _stale(locked.person.name)
    if locked.valid_to != FOREVER and locked.valid_to <= day:
        message = T("这一任职已于%(day)s结束", day=day_text(locked.valid_to))
        raise XingtanError.one("people.ended", message, T("不必再结束"), Where(field="day"))
    if day < locked.valid_from:
        message = T("免职日期早于任职日期%(day)s", day=day_text(locked.valid_from))
        raise XingtanError.one("people.before", message, T("填任职日期或以后的日子"), Where(field="day"))
    before = _post_told(locked)
    locked.valid_to, locked.version = day, locked.version + 1
    locked.save(update_fields=["valid_to", "version"])
    slug = locked.person.place.slug
    record(actor=actor, action="post.end", place=slug, target=locked.person, before=before, after=_post_told(locked), reason=reason)
    return locked


@transaction.atomic
def posts_rehome(*, org: Organisation, to: Organisation, actor: Actor) -> int:
    """Say that all posts of one organisation were at another one: used when undoing an act takes the first one away. Returns how many."""
    posts = list(Post.objects.select_for_update(of=("self",)).filter(org=org).select_related("person").order_by("pk"))
    names = [post.person.name for post in posts]
    if not names:
        return 0
    for post in posts:
        there = Post.objects.filter(person=post.person, org=to, post=post.post, valid_from__lt=post.valid_to, valid_to__gt=post.valid_from)
        if there.exists():
            post.valid_to = post.valid_from  # held there already: nobody holds one post twice
        post.org, post.version = to, post.version + 1
        post.save(update_fields=["org", "valid_to", "version"])
    record(
        actor=actor, action="post.rehome", place=to.place.slug, target=to,
        before={"org": org.code, "persons": names}, after={"org": to.code, "persons": names},
    )  # fmt: skip
    return len(names)


def _appoint(person: Person, to: Appointment) -> Post:
    basis = to.basis.strip()[:200]
    return Post.objects.create(person=person, org=to.org, post=to.post, valid_from=to.day, valid_to=to.until, basis=basis)


def _appointment_faults(person: Person, to: Appointment) -> list[Issue]:
    found = post_faults(person.place, to.org, to.post, to.day)
    if to.until <= to.day:
        found.append(error("people.span", T("任职日期不早于免职日期"), Where(field="until"), T("核对两个日期")))
    if person.pk is None:
        return found
    same = Post.objects.filter(Q(valid_from__lt=to.until, valid_to__gt=to.day), person=person, org=to.org, post=to.post)
    if same.exists():
        message = T("%(name)s在“%(org)s”已任此职", name=person.name, org=to.org.name)
        found.append(error("people.twice", message, Where(field="post"), T("先结束原来的任职，或改日期")))
    return found


def _stale(name: str) -> XingtanError:
    message = T("%(name)s的资料刚刚被别人改过，您的修改没有保存", name=name)
    return XingtanError.one("people.stale", message, T("打开最新的资料，核对后再改"))


def _post_told(post: Post) -> Mapping[str, Any]:
    return {
        "post": post.post, "org": post.org.code, "org_name": post.org.name,
        "from": post.valid_from.isoformat(), "to": post.valid_to.isoformat(), "basis": post.basis,
    }  # fmt: skip
