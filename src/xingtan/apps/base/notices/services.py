"""Verbs on notices. A notice says that something was done; the act itself wrote the audit event, so these write none."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.jobs.texts import text_pack
from xingtan.apps.base.notices.models import Notice
from xingtan.kernel.text import Text

TEXT_LENGTH = 500


@transaction.atomic
def notify(*, account: Account, text: Text, url: str = "") -> Notice:
    """Tell an account something, in the caller's transaction. `url` is an address of this house; anything else is dropped."""
    kept = text_pack(text)
    inside = url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/") else ""
    return Notice.objects.create(account=account, template=kept["template"][:TEXT_LENGTH], params=kept["params"], url=inside[:TEXT_LENGTH])


@transaction.atomic
def notices_read(*, account: Account, notices: Iterable[int] | None = None) -> int:
    """Mark an account's unread notices (all, or those of these ids) as read; returns how many."""
    rows = Notice.objects.filter(account=account, read=None)
    if notices is not None:
        rows = rows.filter(pk__in=list(notices))
    return rows.update(read=timezone.now())
