"""Data of persons leaving the house: every file is told in the log, and nothing goes outside the place without a purpose that permits it.

G056: no school gives data of pupils to schools outside the county. A pack permits it for a purpose (`permits: [outside]`), which somebody
asks for and another person grants; without one the system refuses, and the attempt is in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from xingtan.apps.base.access import checks
from xingtan.apps.base.access.models import Account, PurposeGrant
from xingtan.apps.base.access.purposes import purposes_of
from xingtan.apps.base.access.rights import FOR
from xingtan.apps.base.audit.services import Target, record
from xingtan.apps.base.orgs.models import Organisation
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T
from xingtan.pack.schema.trust import Purpose
from xingtan.ui.policy import can_at

OUTSIDE = "outside"


def permitting(account: Account, org: Organisation) -> Purpose | None:
    """The purpose, granted to the account for this organisation, that lets data of persons go outside the place; None for none."""
    for purpose in purposes_of(org.place).values():
        if OUTSIDE in purpose.permits and can_at(account, FOR + purpose.id, org.pk):
            return purpose
    return None


def require_outside(*, account: Account, org: Organisation, target: models.Model | Target, to: str, reason: str) -> Purpose:
    """Let data of `target` go to `to`, outside the place; returns the purpose that permits it and writes `export.outside`.

    Raises XingtanError when nothing permits it, having written `export.refused`. Call it before the transaction of the act itself: a
    transaction that ends with the refusal would take the event with it.
    """
    if issues := tuple(checks.reason_issues(reason.strip())):
        raise XingtanError(issues)
    purpose = permitting(account, org)
    after = {"to": to, "org": org.code, "purpose": purpose.id if purpose else ""}
    with transaction.atomic():
        action = "export.outside" if purpose else "export.refused"
        record(actor=account.actor, action=action, place=org.place.slug, target=target, after=after, reason=reason.strip())
    if purpose is None:
        titles = "、".join(one.title for one in purposes_of(org.place).values() if OUTSIDE in one.permits)
        hint = T("先申请准许县外移交的用途：%(titles)s", titles=titles) if titles else T("规则包没有准许县外移交的用途")
        raise XingtanError.one("export.outside", T("不得向县外提供学生信息，这次没有导出，已记入操作记录"), hint)
    return purpose


@transaction.atomic
def exported(*, account: Account, org: Organisation, kind: str, title: str, reason: str, after: Mapping[str, Any]) -> None:
    """Write that a list of persons was taken out as a file."""
    target = Target(f"export.{kind}", org.code, f"{title} · {org.name}")
    record(actor=account.actor, action=f"export.{kind}", place=org.place.slug, target=target, after=after, reason=reason)


def ends(account: Account, org: Organisation, purpose: Purpose) -> str:
    """Until when the permission lasts, for the sheet."""
    held = PurposeGrant.objects.on(timezone.localdate()).filter(account=account, purpose=purpose.id, org__place=org.place)
    found = held.order_by("-valid_to").values_list("valid_to", flat=True).first()
    return found.isoformat() if found else ""
