"""The demonstration home: one account a post, without passwords, for people who sit at this very machine."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.services import grant_give
from xingtan.apps.base.access.signin import SYSTEM, is_loopback, peer_of
from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Organisation, OrgSpell, Place
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.pack.schema.organisation import Post

ADMINISTRATOR = "demo-administrator"
# A request that came through a proxy carries one of these; then the loopback peer is the proxy, not the person.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")


def offered(request: HttpRequest) -> bool:
    """Whether this request may sign in by a demonstration button: a demonstration home, asked from this machine, by no proxy."""
    return bool(settings.XINGTAN_DEMO) and is_loopback(peer_of(request)) and not any(name in request.META for name in FORWARDED)


@transaction.atomic
def demo_accounts(*, place: Place) -> tuple[Account, ...]:
    """Make the demonstration accounts of a place, one a post of its pack, and the administrator's. A second call changes nothing.

    A post without an organisation of its kind gets none. Raises XingtanError outside a demonstration home.
    """
    if not settings.XINGTAN_DEMO:
        raise XingtanError.one("access.demo", T("这里不是演示环境，不建立演示账号"), T("演示环境由 make run 首次运行时建立"))
    day = timezone.localdate()
    spells = OrgSpell.objects.on(day).filter(org__place=place).select_related("org").order_by("org__code")
    # the root first: a post that may stand anywhere is shown where it reaches farthest
    seats = sorted(((spell.org, spell.kind) for spell in spells), key=lambda seat: seat[0].pk != place.root_id)
    made = [_administrator()]
    for post in active_pack(place).organisation.posts:
        org = next((org for org, kind in seats if not post.at or kind in post.at), None)
        if org is not None:
            made.append(_holder(place, org, post, day))
    return tuple(made)


def demo_choices() -> QuerySet[Account]:
    """Return the accounts that the sign-in page offers as buttons: the administrator, then each place's posts in the pack's order."""
    return Account.objects.filter(is_demo=True, is_active=True).select_related("place").order_by("place__slug", "pk")


def _administrator() -> Account:
    account, new = Account.objects.get_or_create(
        login=ADMINISTRATOR,
        defaults={"display_name": "系统管理员", "is_demo": True, "is_administrator": True, "password": make_password(None)},
    )
    if new:
        record(actor=SYSTEM, action="access.demo_account", place="", target=account, after={"login": account.login})
    return account


def _holder(place: Place, org: Organisation, post: Post, day: date) -> Account:
    account, new = Account.objects.get_or_create(
        login=f"demo-{place.slug}-{post.id}",
        defaults={"display_name": post.title, "is_demo": True, "place": place, "password": make_password(None)},
    )
    if new:
        record(actor=SYSTEM, action="access.demo_account", place=place.slug, target=account, after={"login": account.login})
    if not Grant.objects.on(day).filter(account=account, post=post.id).exists():
        grant_give(actor=SYSTEM, account=account, org=org, post=post.id, valid_from=day, reason="演示")
    return account
