"""What must hold of accounts and grants. Every fault is returned, each with the form field it stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.orgs.models import FOREVER, Organisation, OrgSpell, Place
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.base.people.models import Person
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text

LOGIN = re.compile(r"[^\W_](?:[\w.@+-]{0,62}[^\W_])?")
DISPLAY_LENGTH = 64
REASON_LENGTH = 200


def control_characters(text: str) -> bool:
    """Whether a text holds characters that nobody sees."""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in text)


def fault(code: str, message: Text, field: str, hint: Text | None = None) -> Issue:
    return Issue(Severity.ERROR, f"access.{code}", message, Where(field=field), hint)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is entered about an account, tidied."""

    login: str
    display_name: str
    place: Place | None
    person: Person | None
    language: str


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A grant to be given; `valid_to` is the first day without it."""

    account: Account
    org: Organisation
    post: str
    valid_from: date
    valid_to: date
    reason: str


def login_issues(facts: AccountFacts) -> Iterable[Issue]:
    """Return the faults of a new login name."""
    if not LOGIN.fullmatch(facts.login):
        message = T("登录名只能用汉字、字母、数字和 . @ + - _，以汉字、字母或数字开头和结尾，最多 64 个字")
        yield fault("login_shape", message, "login")
    elif Account.objects.filter(login=facts.login).exists():
        yield fault("login_taken", T("登录名“%(login)s”已有人使用", login=facts.login), "login", T("请换一个，例如加上单位简称"))


def account_issues(facts: AccountFacts, known: Account | None = None) -> Iterable[Issue]:
    """Return the faults of an account's facts; `known` is the account being changed."""
    if not facts.display_name:
        yield fault("display_name_missing", T("请填写显示名"), "display_name")
    if len(facts.display_name) > DISPLAY_LENGTH or control_characters(facts.display_name):
        yield fault("display_name", T("显示名最多 %(most)s 个字，不能含不可见字符", most=DISPLAY_LENGTH), "display_name")
    if facts.language and facts.language not in dict(settings.LANGUAGES):
        yield fault("language", T("没有这种界面语言：%(language)s", language=facts.language), "language")
    if facts.person is not None:
        yield from _person_issues(facts.person, facts.place, known)


def _person_issues(person: Person, place: Place | None, known: Account | None) -> Iterable[Issue]:
    if place is None or person.place_id != place.pk:
        yield fault("person_place", T("%(person)s不是账号所属地区的人员", person=person.name), "person")
    other = Account.objects.filter(person=person).first()
    if other is not None and other != known:
        yield fault("person_taken", T("%(person)s已有账号 %(login)s", person=person.name, login=other.login), "person")


def grant_issues(facts: GrantFacts) -> tuple[Issue, ...]:
    """Return all faults of a grant. A grant stays within one place: the account's own, if it has one."""
    issues = [*reason_issues(facts.reason)]
    account, org = facts.account, facts.org
    if account.place_id is not None and account.place_id != org.place_id:
        return (*issues, fault("other_place", T("账号属于%(place)s，不能在其他地区授权", place=str(account.place)), "org"))
    if not account.is_active:
        issues.append(fault("inactive", T("账号“%(name)s”已停用，不能授权", name=account.display_name), "account", T("请先启用账号")))
    if facts.valid_to <= facts.valid_from:
        message = T("失效日期 %(end)s 应晚于生效日期 %(start)s", end=facts.valid_to, start=facts.valid_from)
        issues.append(fault("dates", message, "valid_to"))
    return (*issues, *_post_issues(facts), *_twice_issues(facts))


def _post_issues(facts: GrantFacts) -> Iterable[Issue]:
    """The post must be one of the place's pack, at an organisation that exists by then and is of a kind that has it."""
    rules = active_pack(facts.org.place).organisation
    rule = rules.post(facts.post)
    spell = OrgSpell.objects.filter(org=facts.org, valid_to__gt=facts.valid_from).order_by("valid_from").first()
    if spell is None:
        yield fault("org_closed", T("%(org)s在生效日期 %(start)s 已不存在", org=facts.org.name, start=facts.valid_from), "org")
    if rule is None:
        yield fault("post_unknown", T("规则包里没有岗位“%(post)s”", post=facts.post), "post")
    elif spell is not None and rule.at and spell.kind not in rule.at:
        kinds = "、".join(kind.title for kind in rules.kinds if kind.id in rule.at)
        message = T("%(org)s没有“%(post)s”这个岗位", org=facts.org.name, post=rule.title)
        yield fault("post_at", message, "post", T("有这个岗位的单位类型：%(kinds)s", kinds=kinds))


def _twice_issues(facts: GrantFacts) -> Iterable[Issue]:
    for grant in Grant.objects.filter(account=facts.account, org=facts.org, post=facts.post, valid_to__gt=facts.valid_from):
        if grant.valid_from < facts.valid_to and grant.valid_to > grant.valid_from:
            message = T("这个账号自 %(start)s 起已有同样的授权", start=grant.valid_from)
            yield fault("grant_twice", message, "post", T("请先收回原授权，或改正日期"))


def rehome_issues(grant: Grant, to: Organisation) -> Iterable[Issue]:
    """Return why a grant cannot go on at another organisation: no such post there, or another tier, where the same post reaches further."""
    rules = active_pack(to.place).organisation
    rule, tiers = rules.post(grant.post), {kind.id: kind.tier for kind in rules.kinds}
    params = {"name": grant.account.display_name, "post": rule.title if rule else grant.post, "org": to.name}
    hint = T("改归同一层级、设有这个岗位的组织，或先收回这项授权并另行授权")
    if rule is not None and rule.at and to.kind not in rule.at:
        yield fault("rehome_post", T("%(name)s的授权“%(post)s”不能改挂到%(org)s：那里没有这个岗位", **params), to.code, hint)
    elif tiers.get(to.kind) != tiers.get(grant.org.kind):
        yield fault("rehome_tier", T("%(name)s的授权“%(post)s”不能改挂到%(org)s：层级不同，权限范围会变", **params), to.code, hint)


def grant_end_issues(grant: Grant, on: date) -> Iterable[Issue]:
    """Return the faults of ending a grant on a day."""
    if on < grant.valid_from:
        yield fault("end_early", T("收回日期 %(on)s 早于生效日期 %(start)s", on=on, start=grant.valid_from), "on")
    if grant.valid_to != FOREVER and on >= grant.valid_to:
        yield fault("end_late", T("这项授权已定于 %(end)s 失效，只能改早", end=grant.valid_to), "on")


def reason_issues(reason: str) -> Iterable[Issue]:
    """Return the faults of a reason; acts on rights always need one."""
    if not reason:
        yield fault("reason_missing", T("请写明事由"), "reason")
    if len(reason) > REASON_LENGTH or control_characters(reason):
        yield fault("reason_long", T("事由最多 %(most)s 个字，不能含不可见字符", most=REASON_LENGTH), "reason")


def last_administrator_issues(account: Account) -> Iterable[Issue]:
    """Return why an account cannot be closed: nobody would be left to open it again."""
    others = Account.objects.filter(is_administrator=True, is_active=True, is_demo=False).exclude(pk=account.pk)
    if account.is_administrator and not account.is_demo and not any(one.has_usable_password() for one in others):
        yield fault("last_administrator", T("这是最后一个能登录的系统管理员，不能停用"), "reason", T("请先邀请另一位管理员"))


def old_password_issues(account: Account, old: str, new: str) -> Iterable[Issue]:
    """Return the faults of the old password given to change it."""
    if not account.check_password(old):
        yield fault("password_old", T("原密码不对"), "old")
    elif old == new:
        yield fault("password_same", T("新密码与原密码相同"), "new")
