"""Why an account may do something at an organisation, or why it may not: told in sentences, from the same rights that decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.rights import ADMINISTRATION, Right, rights_of
from xingtan.apps.base.access.words import action_title
from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.base.orgs.selectors import active_pack, overseers
from xingtan.apps.base.people.models import Post
from xingtan.kernel.text import T, Text
from xingtan.ui.policy import Explanation


def explain(account: Account, action: str, org: Organisation, on: date) -> Explanation:
    """Explain whether an account may do `action` at `org` on a day. With several rights each one that reaches is named; without any,
    each that comes near."""
    closed = tuple(_shut(account))
    if closed:
        return Explanation(False, closed)
    rights = rights_of(account, on)
    above = set(overseers(org, on).values_list("ancestor_id", flat=True))
    reaching = tuple(_because(right) for right in rights if action in right.may and reaches(right, org, above))
    if account.is_administrator and action in ADMINISTRATION:
        reaching = (T("系统管理员在所有地区都有“%(action)s”权限", action=action_title(action)), *reaching)
    if reaching:
        return Explanation(True, reaching)
    return Explanation(False, (*_near(rights, action, org, above), *_over(account, action, on), *_lacking(account, action, org)))


def reaches(right: Right, org: Organisation, above: set[int]) -> bool:
    """Whether a right covers an organisation; `above` are the organisations over it, itself included."""
    return right.org.pk in above if right.scope == "subtree" else right.org.pk == org.pk and org.pk in above


def _shut(account: Account) -> Iterable[Text]:
    if not account.is_active:
        yield T("账号已停用，没有任何权限")
    if account.must_change_password:
        yield T("账号须先修改密码，在此之前没有任何权限")
    if account.is_demo and not settings.XINGTAN_DEMO:
        yield T("这是演示账号，这里不是演示环境，没有任何权限")


def _because(right: Right) -> Text:
    words = {"post": right.title, "at": right.org.name, "start": right.valid_from}
    if right.source == "post" and right.scope == "subtree":
        return T("自 %(start)s 起在%(at)s任“%(post)s”，该岗位有此权限，范围为本单位及下级", **words)
    if right.source == "post":
        return T("自 %(start)s 起在%(at)s任“%(post)s”，该岗位有此权限，范围为本单位", **words)
    if right.scope == "subtree":
        return T("自 %(start)s 起被授予%(at)s“%(post)s”的权限，范围为本单位及下级", **words)
    return T("自 %(start)s 起被授予%(at)s“%(post)s”的权限，范围为本单位", **words)


def _near(rights: tuple[Right, ...], action: str, org: Organisation, above: set[int]) -> Iterable[Text]:
    for right in rights:
        words = {"post": right.title, "at": right.org.name}
        if action in right.may:
            yield T("“%(post)s”（%(at)s）有此权限，但范围不包括%(org)s", **words, org=org.name)
        elif reaches(right, org, above):
            yield T("“%(post)s”（%(at)s）的范围包括%(org)s，但该岗位没有此权限", **words, org=org.name)


def _over(account: Account, action: str, on: date) -> Iterable[Text]:
    rows: list[Post | Grant] = [*Grant.objects.filter(account=account).select_related("org__place")]
    if account.person_id:
        rows.extend(Post.objects.filter(person_id=account.person_id).select_related("org__place"))
    for row in rows:
        post = active_pack(row.org.place).organisation.post(row.post)
        if post is None or action not in post.may:
            continue
        words = {"post": post.title, "at": row.org.name}
        if row.valid_from > on:
            yield T("“%(post)s”（%(at)s）有此权限，但 %(start)s 才开始", **words, start=row.valid_from)
        elif row.valid_to <= on:
            yield T("“%(post)s”（%(at)s）有此权限，但已于 %(end)s 结束", **words, end=row.valid_to)


def _lacking(account: Account, action: str, org: Organisation) -> Iterable[Text]:
    title = action_title(action)
    posts = [post.title for post in active_pack(org.place).organisation.posts if action in post.may]
    if account.place_id is not None and account.place_id != org.place_id:
        yield T("账号属于另一个地区，权限不跨地区")
    elif posts:
        yield T("没有在任岗位或授权给予“%(action)s”；规则包里有此权限的岗位是：%(posts)s", action=title, posts="、".join(posts))
    else:
        yield T("规则包里没有任何岗位有“%(action)s”权限", action=title)
