"""What is read of notices: everybody reads their own and nobody else's."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.notices.models import Notice
from xingtan.kernel.text import T, Text


def notices_of(account: Account) -> QuerySet[Notice]:
    return Notice.objects.filter(account=account)


def unread_count(account: Any) -> int:
    """How many notices somebody has not read; 0 for nobody."""
    return Notice.objects.filter(account=account, read=None).count() if isinstance(account, Account) else 0


def text_of(notice: Notice) -> Text:
    return T(notice.template, **notice.params)
