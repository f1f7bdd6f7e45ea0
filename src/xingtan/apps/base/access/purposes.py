"""Purposes: an account asks to read sealed fields for one, somebody else decides, and what was granted runs out by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.access import checks, rights
from xingtan.apps.base.access.explain import reaches
from xingtan.apps.base.access.models import Account, PurposeGrant
from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none, overseers
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T
from xingtan.pack.schema.trust import Purpose

DECIDE = "purpose.decide"
Listener = Callable[[PurposeGrant], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Call `listener(grant)` in the transaction in which a purpose was asked for, decided or ended: notices tell whom it concerns."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def purposes_of(place: Place) -> dict[str, Purpose]:
    """The purposes of the pack in force, by id."""
    pack = active_pack_or_none(place)
    return dict(pack.purposes) if pack else {}


def askable(account: Account, org: Organisation) -> list[Purpose]:
    """The purposes an account may ask for at an organisation."""
    return [one for one in purposes_of(org.place).values() if _may_ask(account, one, org)]


def _may_ask(account: Account, purpose: Purpose, org: Organisation) -> bool:
    above = set(overseers(org, timezone.localdate()).values_list("ancestor_id", flat=True))
    held = [right for right in rights.rights_of(account) if reaches(right, org, above)]
    return any(right.post in purpose.posts if purpose.posts else "sealed.reveal" in right.may for right in held)


def may_decide(account: Account, grant: PurposeGrant) -> bool:
    """Whether an account decides on what was asked: never the one who asked, nor another account of the same person."""
    asker = grant.account
    if account.pk == asker.pk or (account.person_id is not None and account.person_id == asker.person_id):
        return False
    purpose = purposes_of(grant.org.place).get(grant.purpose)
    above = set(overseers(grant.org, timezone.localdate()).values_list("ancestor_id", flat=True))
    held = [right for right in rights.rights_of(account) if DECIDE in right.may and reaches(right, grant.org, above)]
    return purpose is not None and any(not purpose.approver or right.post in purpose.approver for right in held)


def deciders(grant: PurposeGrant) -> list[Account]:
    """Everybody who may decide on what was asked."""
    return [one for one in rights.holders(DECIDE, grant.org) if may_decide(one, grant)]


@transaction.atomic
def purpose_ask(*, account: Account, purpose: str, org: Organisation, reason: str, days: int | None = None) -> PurposeGrant:
    """Ask to read sealed fields for a purpose at an organisation and below. Raises XingtanError with every fault."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    reason, known = reason.strip(), purposes_of(org.place).get(purpose)
    found = [*checks.reason_issues(reason), *_ask_issues(account, purpose, known, org, days)]
    if known is None or found:
        raise XingtanError(found)
    grant = PurposeGrant.objects.create(account=account, purpose=purpose, org=org, reason=reason, days=days or known.days)
    record(actor=account.actor, action="purpose.ask", place=org.place.slug, target=account, after=_told(grant), reason=reason)
    _tell(grant)
    return grant


def _ask_issues(account: Account, purpose: str, known: Purpose | None, org: Organisation, days: int | None) -> Iterable[Issue]:
    if known is None:
        names = "、".join(one.title for one in purposes_of(org.place).values())
        yield checks.fault("purpose_unknown", T("规则包里没有这个用途"), "purpose", T("可选的用途：%(names)s", names=names))
        return
    if not _may_ask(account, known, org):
        message = T("您在%(org)s的岗位不能申请“%(purpose)s”", org=org.name, purpose=known.title)
        yield checks.fault("purpose_post", message, "purpose", T("由有此岗位的人申请，或换一个用途"))
    if days is not None and not 1 <= days <= known.days:
        yield checks.fault("purpose_days", T("天数最多 %(days)s 天", days=known.days), "days", T("到期后可以再申请"))
    open_ones = PurposeGrant.objects.filter(account=account, purpose=purpose, org=org, state=PurposeGrant.State.ASKED)
    if open_ones.exists():
        yield checks.fault("purpose_asked", T("同样的申请正在等待批准"), "purpose", T("等候批准，不必再申请"))


@transaction.atomic
def purpose_decide(*, account: Account, grant: PurposeGrant, granted: bool, reason: str, days: int | None = None) -> PurposeGrant:
    """Grant what was asked, from today for at most the days asked, or refuse it. Raises XingtanError with every fault."""
    grant, reason = _locked(grant), reason.strip()
    if grant.state != PurposeGrant.State.ASKED:
        raise XingtanError.one("access.purpose_decided", T("这份申请已经处理过了"), T("打开最新的页面查看结果"))
    found = list(checks.reason_issues(reason))
    if not may_decide(account, grant):
        found.append(checks.fault("purpose_decider", T("这份申请不由您批准"), "", T("申请人自己不能批准；请由规则包写明的岗位批准")))
    if days is not None and not 1 <= days <= grant.days:
        found.append(checks.fault("purpose_days", T("天数最多 %(days)s 天", days=grant.days), "days"))
    if found:
        raise XingtanError(found)
    before, today = _told(grant), timezone.localdate()
    grant.state = PurposeGrant.State.GRANTED if granted else PurposeGrant.State.REFUSED
    if granted:
        grant.valid_from, grant.valid_to = today, today + timedelta(days=days or grant.days)
    _decided(grant, account, reason, before, "purpose.grant" if granted else "purpose.refuse")
    return grant


@transaction.atomic
def purpose_end(*, account: Account, grant: PurposeGrant, reason: str) -> PurposeGrant:
    """End a granted purpose at once: whoever holds it, or somebody who could have decided on it."""
    grant, reason = _locked(grant), reason.strip()
    found = list(checks.reason_issues(reason))
    if account.pk != grant.account_id and not may_decide(account, grant):
        found.append(checks.fault("purpose_decider", T("这份申请不由您批准"), "", T("请由申请人或批准的岗位收回")))
    today = timezone.localdate()
    if grant.state != PurposeGrant.State.GRANTED or grant.valid_to <= today:
        found.append(checks.fault("purpose_over", T("这项批准已经失效"), "", T("不必再收回")))
    if found:
        raise XingtanError(found)
    before = _told(grant)
    grant.state, grant.valid_to = PurposeGrant.State.ENDED, max(today, grant.valid_from)
    _decided(grant, account, reason, before, "purpose.end")
    return grant


def _decided(grant: PurposeGrant, account: Account, reason: str, before: dict[str, str], action: str) -> None:
    grant.decided_by, grant.decided, grant.decision = account, timezone.now(), reason
    grant.save()
    rights.forget()
    place = grant.org.place.slug
    record(actor=account.actor, action=action, place=place, target=grant.account, before=before, after=_told(grant), reason=reason)
    _tell(grant)


def _locked(grant: PurposeGrant) -> PurposeGrant:
    rows = PurposeGrant.objects.select_for_update(of=("self",)).select_related("account", "org__place")
    return rows.get(pk=grant.pk)


def _told(grant: PurposeGrant) -> dict[str, str]:
    granted = grant.state in {PurposeGrant.State.GRANTED, PurposeGrant.State.ENDED}
    return {
        "purpose": grant.purpose, "org": grant.org.code, "days": str(grant.days), "state": str(grant.state),
        "from": grant.valid_from.isoformat() if granted else "", "to": grant.valid_to.isoformat() if granted else "",
    }  # fmt: skip


def _tell(grant: PurposeGrant) -> None:
    for listener in _listeners:
        listener(grant)
