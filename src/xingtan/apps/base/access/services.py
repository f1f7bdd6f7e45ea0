"""Verbs on accounts and grants. What needs a password goes through one-time links (`links`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction

from xingtan.apps.base.access import checks, links, rights
from xingtan.apps.base.access.models import Account, Grant, new_stamp, normal_login
from xingtan.apps.base.audit.services import Actor, record
from xingtan.apps.base.orgs.models import FOREVER, Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T

ADMINISTRATOR_LOGIN = "admin"


@transaction.atomic
def account_create(
    *,
    actor: Actor,
    login: str,
    display_name: str,
    place: Place | None,
    person: Person | None = None,
    language: str = "",
    administrator: bool = False,
) -> Account:
    """Make an account without a password; send its owner a one-time link (`links.link_issue`). Raises XingtanError with every fault."""
    facts = checks.AccountFacts(normal_login(login), display_name.strip(), place, person, language)
    _refuse((*checks.login_issues(facts), *checks.account_issues(facts)))
    account = Account(
        login=facts.login, display_name=facts.display_name, place=place, person=person, language=language, is_administrator=administrator
    )
    account.set_unusable_password()
    account.save()
    record(actor=actor, action="access.account_create", place=account.chain, target=account, after=_told(account))
    return account


@transaction.atomic
def account_change(*, actor: Actor, account: Account, display_name: str, person: Person | None, language: str) -> Account:
    """Change name, person and language of an account. Raises XingtanError with every fault."""
    account = _locked(account)
    facts = checks.AccountFacts(account.login, display_name.strip(), account.place, person, language)
    _refuse(checks.account_issues(facts, known=account))
    before = _told(account)
    account.display_name, account.person, account.language = facts.display_name, person, language
    after = _told(account)
    if after != before:
        account.save()
        record(actor=actor, action="access.account_change", place=account.chain, target=account, before=before, after=after)
    return account


@transaction.atomic
def account_deactivate(*, actor: Actor, account: Account, reason: str) -> Account:
    """Close an account: its sessions end at once, its links are void. The last active administrator is refused."""
    account, reason = _locked(account), reason.strip()
    _refuse((*checks.reason_issues(reason), *checks.last_administrator_issues(account)))
    account.is_active, account.session_stamp = False, new_stamp()
    account.save(update_fields=["is_active", "session_stamp"])
    links.links_void(account=account)
    rights.forget()
    record(actor=actor, action="access.account_deactivate", place=account.chain, target=account, reason=reason)
    return account


@transaction.atomic
def account_activate(*, actor: Actor, account: Account, reason: str) -> Account:
    """Open a closed account again. Sessions from before stay ended."""
    account, reason = _locked(account), reason.strip()
    _refuse(checks.reason_issues(reason))
    account.is_active = True
    account.save(update_fields=["is_active"])
    record(actor=actor, action="access.account_activate", place=account.chain, target=account, reason=reason)
    return account


@transaction.atomic
def password_change(*, account: Account, old: str, new: str) -> Account:
    """Change one's own password; all other sessions end. Raises XingtanError when the old one is wrong or the new one too weak."""
    account = _locked(account)
    _refuse(checks.old_password_issues(account, old, new))
    links.password_refuse(new, account)
    links.password_store(account, new)
    record(actor=account.actor, action="access.password_set", place=account.chain, target=account, after={"by": "change"})
    return account


@transaction.atomic
def sessions_end(*, actor: Actor, account: Account) -> Account:
    """End every session of an account. The caller signs the present one in again when it is the account's own."""
    account = _locked(account)
    account.session_stamp = new_stamp()
    account.save(update_fields=["session_stamp"])
    record(actor=actor, action="access.sessions_end", place=account.chain, target=account)
    return account


@transaction.atomic
def password_demand(*, actor: Actor, account: Account, reason: str) -> Account:
    """Make an account change its password before anything else; until then it has no rights."""
    account, reason = _locked(account), reason.strip()
    _refuse(checks.reason_issues(reason))
    account.must_change_password = account.has_usable_password()
    account.save(update_fields=["must_change_password"])
    rights.forget()
    record(actor=actor, action="access.password_demand", place=account.chain, target=account, reason=reason)
    return account


@transaction.atomic
def signed_in(*, account: Account, by: str) -> None:
    """Write into the log that somebody signed in: `by` password, link or demonstration button."""
    record(actor=account.actor, action="access.sign_in", place=account.chain, target=account, after={"by": by})


@transaction.atomic
def language_set(*, account: Account, language: str) -> None:
    """Remember the language an account chose for its pages."""
    if language in dict(settings.LANGUAGES):
        Account.objects.filter(pk=account.pk).update(language=language)


@transaction.atomic
def grant_give(
    *, actor: Actor, account: Account, org: Organisation, post: str, valid_from: date, valid_to: date = FOREVER, reason: str
) -> Grant:
    """Give an account the rights of a post at an organisation. Raises XingtanError with every fault."""
    account = _locked(account)
    facts = checks.GrantFacts(account, org, post, valid_from, valid_to, reason.strip())
    _refuse(checks.grant_issues(facts))
    rights.forget()
    grant = Grant.objects.create(account=account, org=org, post=post, valid_from=valid_from, valid_to=valid_to, reason=facts.reason)
    record(actor=actor, action="access.grant_give", place=org.place.slug, target=account, after=_grant_told(grant), reason=facts.reason)
    return grant


@transaction.atomic
def grant_end(*, actor: Actor, grant: Grant, on: date, reason: str) -> Grant:
    """End a grant: `on` is the first day without it; today ends it at once. Raises XingtanError with every fault."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("account", "org__place").get(pk=grant.pk)
    reason = reason.strip()
    _refuse((*checks.grant_end_issues(grant, on), *checks.reason_issues(reason)))
    before = _grant_told(grant)
    grant.valid_to, grant.end_reason = on, reason
    grant.save()
    rights.forget()
    record(
        actor=actor,
        action="access.grant_end",
        place=grant.org.place.slug,
        target=grant.account,
        before=before,
        after=_grant_told(grant),
        reason=reason,
    )
    return grant


@transaction.atomic
def grants_rehome(*, org: Organisation, to: Organisation, actor: Actor) -> int:
    """Say that all grants at one organisation were at another one: used when undoing an act takes the first one away. Returns how many.

    Raises XingtanError, one issue a grant, where the post does not exist at the other organisation: rights must not change unseen.
    """
    grants = list(Grant.objects.select_for_update(of=("self",)).filter(org=org).select_related("account", "org").order_by("pk"))
    _refuse(issue for grant in grants for issue in checks.rehome_issues(grant, to))
    for grant in grants:
        there = Grant.objects.filter(
            account=grant.account, org=to, post=grant.post, valid_from__lt=grant.valid_to, valid_to__gt=grant.valid_from
        )
        if there.exists():
            grant.valid_to = grant.valid_from  # held there already: nobody holds one grant twice
        before, grant.org = _grant_told(grant), to
        grant.save(update_fields=["org", "valid_to"])
        record(
            actor=actor, action="access.grant_rehome", place=to.place.slug, target=grant.account, before=before, after=_grant_told(grant)
        )
    rights.forget()
    return len(grants)


@transaction.atomic
def administrator_invite(*, actor: Actor) -> links.Issued:
    """Make the installation's first administrator, or a new link while that one has not set a password yet.

    Raises XingtanError once an administrator can sign in: from then on administrators invite each other.
    """
    able = [one for one in Account.objects.filter(is_administrator=True, is_active=True, is_demo=False) if one.has_usable_password()]
    if able:
        raise XingtanError.one(
            "access.administrator_exists",
            T("已有能登录的系统管理员：%(login)s", login=able[0].login),
            T("请由这位管理员在“账号”页邀请其他人"),
        )
    account = Account.objects.filter(login=ADMINISTRATOR_LOGIN, is_administrator=True, is_active=True).first()
    if account is None:
        account = account_create(actor=actor, login=ADMINISTRATOR_LOGIN, display_name="系统管理员", place=None, administrator=True)
    return links.link_issue(actor=actor, account=account)


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("place", "person").get(pk=account.pk)


def _told(account: Account) -> dict[str, str]:
    return {
        "login": account.login,
        "display_name": account.display_name,
        "person": str(account.person_id or ""),
        "language": account.language,
        "administrator": "yes" if account.is_administrator else "",
    }


def _grant_told(grant: Grant) -> dict[str, str]:
    ends = grant.valid_to.isoformat() if grant.valid_to != FOREVER else ""
    return {"org": grant.org.code, "post": grant.post, "from": grant.valid_from.isoformat(), "to": ends}


def _refuse(issues: Iterable[Issue]) -> None:
    found = tuple(issues)
    if found:
        raise XingtanError(found)
