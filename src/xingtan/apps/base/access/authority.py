"""What `ui.policy` asks: this is the one source of every policy in the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from xingtan.apps.base.access import explain, rights
from xingtan.apps.base.access.models import Account
from xingtan.apps.base.orgs.models import Organisation
from xingtan.kernel.text import T
from xingtan.ui.policy import Explanation, OrgScope


class Authority:
    """Grants from posts and direct grants, judged today."""

    def granted(self, account: Any, action: str) -> OrgScope:
        """Return where the account may do `action` today; nobody who is not signed in may do anything."""
        return rights.org_scope(account, action) if _is_account(account) else OrgScope()

    def holders(self, action: str, org_id: int) -> Sequence[Account]:
        return rights.holders(action, Organisation.objects.select_related("place").get(pk=org_id))

    def explain(self, account: Any, action: str, org: Organisation) -> Explanation:
        if not _is_account(account):
            return Explanation(False, (T("没有登录"),))
        return explain.explain(account, action, org, timezone.localdate())


def _is_account(account: Any) -> bool:
    # request.user is a lazy wrapper: isinstance looks through it
    return isinstance(account, Account) and account.pk is not None
