"""Who may see and manage accounts and grants."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.orgs.models import Organisation, OrgEdge, OrgSpell
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.people.models import Post as PersonPost
from xingtan.pack.schema.organisation import Post
from xingtan.ui.policy import Policy, can_at, granted, reach


class GrantPolicy(Policy[Grant]):
    """A grant is seen and given by whoever looks after the organisation it is given at."""

    model = Grant
    org = "org"

    def givable(self, account: Account, org: Organisation) -> list[Post]:
        """The posts whose rights an account may give at an organisation: who manages the whole place gives any; who manages a part of it
        gives only what he himself may do there, so that nobody lifts himself or a friend above his own rights."""
        spell = OrgSpell.objects.on(timezone.localdate()).filter(org=org).first()
        posts = [post for post in active_pack(org.place).organisation.posts if spell and (not post.at or spell.kind in post.at)]
        if org.place.root_id and can_at(account, "access.manage", org.place.root_id):
            return posts
        rights = rights_of(account)
        above = set(OrgEdge.objects.on(timezone.localdate()).filter(descendant=org).values_list("ancestor_id", flat=True))
        deep = {action for right in rights if right.scope == "subtree" and right.org.pk in above for action in right.may}
        here = deep | {action for right in rights if right.org.pk == org.pk for action in right.may}
        return [post for post in posts if set(post.may) <= (deep if post.scope == "subtree" else here)]


class AccountPolicy(Policy[Account]):
    """Accounts of a place are looked after from its root organisation; those without a place are the administrators' alone.

    Who holds the right over a part of the place sees the accounts that have a post or grant there, and may give grants there; but not
    reset passwords, for the same account may have rights elsewhere.
    """

    model = Account
    org = "place__root"

    def visible(self, account: Any, action: str, rows: QuerySet[Account] | None = None) -> QuerySet[Account]:
        start = Account.objects.all() if rows is None else rows
        scope = granted(account, action)
        if scope.everywhere:
            return start
        today = timezone.localdate()
        posts = PersonPost.objects.on(today).filter(reach(scope, "org")).values("person")
        grants_there = Grant.objects.on(today).filter(reach(scope, "org")).values("account")
        ours = reach(scope, "place__root") | Q(person__in=posts) | Q(pk__in=grants_there)
        return start.filter(ours, place__in=scope.place_ids) if scope else start.none()

    def can_on(self, account: Any, action: str, row: Account) -> bool:
        return self.visible(account, action).filter(pk=row.pk).exists()

    def manageable(self, account: Account) -> QuerySet[Account]:
        """The accounts whose password, name and state an account may change: never administrators' (but by administrators) nor the
        demonstration's."""
        scope = granted(account, "access.manage")
        rows = Account.objects.filter(is_demo=False)
        return rows if scope.everywhere else rows.filter(reach(scope, "place__root"), place__in=scope.place_ids, is_administrator=False)

    def require_manage(self, account: Account, row: Account) -> None:
        """Raise PermissionDenied unless the account may manage the other one."""
        if not self.manageable(account).filter(pk=row.pk).exists():
            raise PermissionDenied("access.manage")


accounts = AccountPolicy()
grants = GrantPolicy()
