"""What an account may do today: the rights of its posts and direct grants, by date, as far as the organisation exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from xingtan.apps.base.access.models import Account, Grant, PurposeGrant
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack, overseers, pack_read_along
from xingtan.apps.base.people.models import Post
from xingtan.pack.schema.organisation import Post as PostRule
from xingtan.ui.policy import OrgScope

# An administrator keeps the installation: places, packs, accounts, posts. What schools recorded is not theirs to read or change.
ADMINISTRATION = frozenset({
    "org.view", "org.manage", "people.view", "people.manage", "access.view", "access.manage", "audit.view", "pack.view", "pack.activate",
    "snapshot.manage", "job.view",
})  # fmt: skip


# Two more words that a policy may ask for in the place of an action: `post:principal`, where the account holds that post, and
# `purpose:contact_guardian`, where it was granted that purpose. So whatever reaches a row by an action reaches it by them.
AS, FOR = "post:", "purpose:"
_DIGEST = F("org__place__pack_release__hash")


@dataclass(frozen=True, slots=True)
class Right:
    """One post or direct grant in force: what it allows, where, how far, and since when."""

    source: Literal["post", "grant"]
    source_id: int
    place: Place
    org: Organisation
    post: str
    title: str
    may: frozenset[str]
    scope: Literal["subtree", "own"]
    valid_from: date
    valid_to: date
    guarded: bool = False  # the post asks for a second factor


_memory: ContextVar[dict[tuple[int, date], tuple[Right, ...]] | None] = ContextVar("xingtan_rights", default=None)

_scopes: ContextVar[dict[tuple[int, date | None, str], OrgScope] | None] = ContextVar("xingtan_scopes", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within a request, look an account's rights up once; services that change rights call `forget`."""
    token, scopes = _memory.set({}), _scopes.set({})
    try:
        yield
    finally:
        _memory.reset(token)
        _scopes.reset(scopes)


def forget() -> None:
    for memory in (_memory.get(), _scopes.get()):
        if memory is not None:
            memory.clear()


def rights_of(account: Account, on: date | None = None) -> tuple[Right, ...]:
    """Return every right in force on a day (today). An inactive account, or one that must first change its password, has none."""
    if shut(account):
        return ()
    day = on or timezone.localdate()
    memory = _memory.get()
    if memory is None:
        return _looked_up(account, day)
    if (account.pk, day) not in memory:
        memory[account.pk, day] = _looked_up(account, day)
    return memory[account.pk, day]


def shut(account: Account) -> bool:
    """Whether an account has no rights at all for now. A demonstration account has none in a home that is not for demonstration."""
    return not account.is_active or account.must_change_password or (account.is_demo and not settings.XINGTAN_DEMO)


def org_scope(account: Account, action: str, on: date | None = None) -> OrgScope:
    """Return where an account may do an action on a day (today)."""
    if account.is_administrator and action in ADMINISTRATION and not shut(account):
        return OrgScope(place_ids=frozenset(Place.objects.values_list("pk", flat=True)), everywhere=True)
    memory = _scopes.get()
    if memory is None or shut(account):
        return _reaching(account, on, action)
    if (account.pk, on, action) not in memory:
        memory[account.pk, on, action] = _reaching(account, on, action)
    return memory[account.pk, on, action]


def _reaching(account: Account, on: date | None, action: str) -> OrgScope:
    if action.startswith(FOR):
        return _granted_for(account, on, action.removeprefix(FOR))
    post = action.removeprefix(AS) if action.startswith(AS) else None
    rights = [right for right in rights_of(account, on) if (action in right.may if post is None else right.post == post)]
    return OrgScope(
        place_ids=frozenset(right.place.pk for right in rights),
        subtree=frozenset(right.org.pk for right in rights if right.scope == "subtree"),
        own=frozenset(right.org.pk for right in rights if right.scope == "own"),
        seats=tuple((right.place, right.org) for right in rights),
    )


def _granted_for(account: Account, on: date | None, purpose: str) -> OrgScope:
    """Where a purpose was granted to the account: at the organisation and below."""
    if shut(account):
        return OrgScope()
    held = PurposeGrant.objects.on(on or timezone.localdate()).filter(account=account, purpose=purpose, state=PurposeGrant.State.GRANTED)
    orgs = [grant.org for grant in held.select_related("org__place") if account.place_id in {None, grant.org.place_id}]
    return OrgScope(place_ids=frozenset(org.place_id for org in orgs), subtree=frozenset(org.pk for org in orgs))


def holders(action: str, org: Organisation, on: date | None = None) -> list[Account]:
    """Return the accounts that may do an action at an organisation on a day (today), by login name."""
    day = on or timezone.localdate()
    rules = [rule for rule in active_pack(org.place).organisation.posts if action in rule.may]
    at = _seats(org, rules, day)
    granted = Q(pk__in=Grant.objects.on(day).filter(at).values("account")) if at else Q(pk__in=())
    posted = Q(person__in=Post.objects.on(day).filter(at).values("person")) if at else Q(pk__in=())
    reach = granted | posted | (Q(is_administrator=True) if action in ADMINISTRATION else Q(pk__in=()))
    own_place = Q(place=None) | Q(place=org.place)
    found = Account.objects.filter(reach, own_place, is_active=True, must_change_password=False).order_by("login")
    return [account for account in found if not shut(account)]


def _seats(org: Organisation, rules: list[PostRule], day: date) -> Q:
    """The posts at this organisation, and those above it that reach down to it."""
    above = overseers(org, day).values("ancestor")
    subtree = [rule.id for rule in rules if rule.scope == "subtree"]
    own = [rule.id for rule in rules if rule.scope == "own"]
    return (Q(post__in=subtree, org__in=above) | Q(post__in=own, org=org, org__in=above)) if rules else Q()


def _looked_up(account: Account, day: date) -> tuple[Right, ...]:
    grants = Grant.objects.on(day).filter(account=account).select_related("org__place").annotate(digest_read=_DIGEST)
    posts: Iterable[Post] = ()
    if account.person_id:
        posts = Post.objects.on(day).filter(person_id=account.person_id).select_related("org__place").annotate(digest_read=_DIGEST)
    found = [*_rights("post", posts), *_rights("grant", grants)]
    # An account of a place has no rights elsewhere, whatever the tables say: no grant crosses roots.
    return tuple(right for right in found if account.place_id in {None, right.place.pk})


def _rights(source: Literal["post", "grant"], rows: Iterable[Post] | Iterable[Grant]) -> Iterable[Right]:
    rules: dict[int, dict[str, PostRule]] = {}
    for row in rows:
        place = row.org.place
        place.digest_read = row.digest_read or ""  # type: ignore[union-attr]
        if place.pk not in rules:
            pack = pack_read_along(place)
            rules[place.pk] = {rule.id: rule for rule in pack.organisation.posts} if pack else {}
        rule = rules[place.pk].get(row.post)
        if rule is not None:
            may, dates = frozenset[str](rule.may), (row.valid_from, row.valid_to)
            yield Right(source, row.pk, place, row.org, row.post, rule.title, may, rule.scope, *dates, guarded=rule.second_factor)
