"""What follows from posts and grants: by date, by reach, within one place; lists, objects and explanations agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import cast as casting

from xingtan.apps.base.access import policies, rights, services
from xingtan.apps.base.access.authority import Authority
from xingtan.apps.base.access.explain import explain
from xingtan.apps.base.access.models import Account, Grant
from xingtan.apps.base.access.rights import ADMINISTRATION, holders, org_scope, rights_of
from xingtan.apps.base.access.words import TITLES
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import FOREVER, Organisation
from xingtan.apps.base.people.models import Post
from xingtan.kernel.errors import XingtanError
from xingtan.pack.schema.organisation import ACTIONS
from xingtan.ui import policy

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


class OrgPolicy(policy.Policy[Organisation]):
    model = Organisation
    org = "pk"


def seen(account: Account, action: str) -> set[str]:
    return set(OrgPolicy().visible(account, action).values_list("code", flat=True))


def fresh(cast: casting.Cast, login: str = "neu", **more) -> Account:
    more = {"place": cast.place, **more}
    account = Account(login=login, display_name="新人", **more)
    account.set_unusable_password()
    account.save()
    return account


def test_every_action_has_words() -> None:
    assert set(TITLES) == set(ACTIONS)
    assert set(ACTIONS) >= ADMINISTRATION


def test_reach_follows_the_tree(cast: casting.Cast) -> None:
    assert seen(cast.accounts["director"], "ledger.view") == {code for code in cast.orgs if code.startswith("XS")}
    assert seen(cast.accounts["clerk"], "ledger.view") == {"XS-1", "XS-11", "XS-12", "XS-121"}
    assert seen(cast.accounts["principal"], "ledger.view") == {"XS-11"}
    assert seen(cast.accounts["teacher"], "org.view") == {"XS-12"}, "own means own: not the village school below"
    assert seen(cast.accounts["teacher"], "ledger.view") == set()
    assert seen(cast.accounts["outsider"], "ledger.view") == {"SQ", "SQ-1"}


def test_lists_objects_and_explanations_never_disagree(cast: casting.Cast) -> None:
    for account in cast.accounts.values():
        with rights.remembered():
            for action in ACTIONS:
                agree(account, action, cast)


def agree(account: Account, action: str, cast: casting.Cast) -> None:
    visible = seen(account, action)
    for code, org in cast.orgs.items():
        may = OrgPolicy().can_on(account, action, org)
        assert may == (code in visible)
        assert may == explain(account, action, org, TODAY).allowed, (account.login, action, code)


def test_holders_are_exactly_those_who_can(cast: casting.Cast) -> None:
    for action in ("ledger.view", "org.view", "access.manage"):
        for org in (cast.county, cast.school, cast.orgs["XS-121"], cast.orgs["SQ-1"]):
            expected = {account.login for account in cast.accounts.values() if OrgPolicy().can_on(account, action, org)}
            assert {account.login for account in holders(action, org)} == expected


def test_a_post_gives_rights_while_it_lasts(cast: casting.Cast) -> None:
    account = fresh(cast, person=cast.persons["principal"])
    assert seen(account, "ledger.write") == {"XS-11"}
    Post.objects.filter(person=cast.persons["principal"]).update(valid_to=TODAY)
    assert seen(account, "ledger.write") == set(), "the day of leaving is the first without"
    Post.objects.filter(person=cast.persons["principal"]).update(valid_from=TODAY + timedelta(days=1), valid_to=FOREVER)
    assert seen(account, "ledger.write") == set()
    assert seen(Account.objects.get(pk=account.pk), "ledger.write") == set()
    assert rights_of(account, TODAY + timedelta(days=1))


def test_a_grant_gives_rights_from_its_first_day_to_the_day_before_its_last(cast: casting.Cast) -> None:
    account = fresh(cast)
    start = TODAY - timedelta(days=3)
    grant = services.grant_give(actor=casting.ACTOR, account=account, org=cast.school, post="principal", valid_from=start, reason="代管")
    assert seen(account, "ledger.write") == {"XS-11"}
    assert not rights_of(account, start - timedelta(days=1))
    services.grant_end(actor=casting.ACTOR, grant=grant, on=TODAY, reason="到期")
    assert seen(account, "ledger.write") == set()
    assert rights_of(account, TODAY - timedelta(days=1))


def test_no_grant_crosses_places(cast: casting.Cast) -> None:
    account = fresh(cast)
    there = cast.orgs["SQ-1"]
    with pytest.raises(XingtanError, match="不能在其他地区授权"):
        services.grant_give(actor=casting.ACTOR, account=account, org=there, post="principal", valid_from=TODAY, reason="串门")
    Grant.objects.create(account=account, org=cast.orgs["SQ"], post="administrator", valid_from=date(2001, 1, 1), reason="绕过检查写入")
    assert all(seen(account, action) == set() for action in ACTIONS)
    assert not explain(account, "org.view", there, TODAY).allowed
    assert account not in holders("org.view", there)


def test_what_is_granted_at_an_org_ends_with_it_and_those_above_go_on_reading_its_past(cast: casting.Cast) -> None:
    orgs.org_close(org=cast.school, day=TODAY, actor=casting.ACTOR)
    school = cast.orgs["XS-11"] = Organisation.objects.select_related("place").get(code="XS-11")
    assert seen(cast.accounts["principal"], "ledger.view") == set()
    assert "XS-11" in seen(cast.accounts["director"], "ledger.view")
    assert "XS-11" in seen(cast.accounts["clerk"], "ledger.view"), "its town"
    assert "XS-11" not in seen(cast.accounts["principal_west"], "ledger.view")
    for login in ("director", "clerk", "principal", "outsider"):
        agree(cast.accounts[login], "ledger.view", cast)
    expected = {account.login for account in cast.accounts.values() if OrgPolicy().can_on(account, "ledger.view", school)}
    assert {account.login for account in holders("ledger.view", school)} == expected


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}, {"is_demo": True}])
def test_a_shut_account_has_no_rights(cast: casting.Cast, change: dict[str, bool]) -> None:
    account = cast.accounts["director"]
    Account.objects.filter(pk=account.pk).update(**change)
    account.refresh_from_db()
    assert all(not org_scope(account, action) for action in ACTIONS)
    assert account not in holders("ledger.view", cast.county)
    assert explain(account, "ledger.view", cast.county, TODAY).reasons


def test_an_administrator_keeps_the_house_but_reads_no_books(cast: casting.Cast) -> None:
    admin = fresh(cast, place=None, is_administrator=True)
    assert seen(admin, "org.manage") == set(cast.orgs)
    assert seen(admin, "ledger.view") == seen(admin, "figure.view") == seen(admin, "report.view") == set()
    assert admin in holders("access.manage", cast.school)


def test_nobody_may_nothing() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not Authority().granted(AnonymousUser(), "org.view")
    assert not Authority().granted(None, "org.view")


def test_rights_are_looked_up_once_a_request(cast: casting.Cast, django_assert_num_queries) -> None:
    account = cast.accounts["director"]
    with rights.remembered():
        rights_of(account)
        with django_assert_num_queries(0):
            for action in ACTIONS:
                org_scope(account, action)
        services.grant_give(actor=casting.ACTOR, account=account, org=cast.county, post="clerk", valid_from=TODAY, reason="代录")
        assert org_scope(account, "ledger.write"), "what was just given counts at once"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"post": "emperor"}, "没有岗位"),
        ({"post": "director"}, "没有“局长”这个岗位"),
        ({"reason": " "}, "请写明事由"),
        ({"valid_to": TODAY}, "应晚于"),
        ({"reason": "长" * 300}, "最多 200"),
        ({"reason": "a\u202eb"}, "不可见"),
    ],
)
def test_bad_grants_are_refused(cast: casting.Cast, facts: dict, says: str) -> None:
    good = {"org": cast.school, "post": "principal", "valid_from": TODAY, "reason": "代管"}
    with pytest.raises(XingtanError, match=says):
        services.grant_give(actor=casting.ACTOR, account=fresh(cast), **{**good, **facts})
    assert not Grant.objects.filter(account__login="neu").exists()


def test_all_faults_of_a_grant_come_at_once(cast: casting.Cast) -> None:
    account = fresh(cast, is_active=False)
    with pytest.raises(XingtanError) as refused:
        services.grant_give(
            actor=casting.ACTOR, account=account, org=cast.school, post="emperor", valid_from=TODAY, valid_to=TODAY, reason=""
        )
    assert {issue.where.field for issue in refused.value.issues} == {"account", "valid_to", "reason", "post"}


def test_the_same_grant_twice_is_refused(cast: casting.Cast) -> None:
    account = fresh(cast)
    facts = {"actor": casting.ACTOR, "account": account, "org": cast.school, "post": "principal", "reason": "代管"}
    first = services.grant_give(**facts, valid_from=TODAY)
    with pytest.raises(XingtanError, match="已有同样的授权"):
        services.grant_give(**facts, valid_from=TODAY + timedelta(days=9))
    services.grant_end(actor=casting.ACTOR, grant=first, on=TODAY, reason="给错了")
    services.grant_give(**facts, valid_from=TODAY)
    with pytest.raises(XingtanError, match="早于生效日期"):
        services.grant_end(actor=casting.ACTOR, grant=Grant.objects.first(), on=TODAY - timedelta(days=1), reason="x")


def test_explanations_name_the_post_the_reach_and_the_date(cast: casting.Cast) -> None:
    def told(login: str, action: str, org: str, account: Account | None = None) -> str:
        return " ".join(str(reason) for reason in explain(account or cast.accounts[login], action, cast.orgs[org], TODAY).reasons)

    assert "被授予溪山县“局长”的权限，范围为本单位及下级" in told("director", "ledger.view", "XS-121")
    assert "范围不包括西岭镇" in told("clerk", "ledger.view", "XS-2")
    assert "该岗位没有此权限" in told("director", "ledger.write", "XS-11")
    assert "规则包里有此权限的岗位是：系统管理员" in told("teacher", "access.manage", "XS-12")
    assert "范围不包括柳湾村小" in told("teacher", "org.view", "XS-121")
    ended = fresh(cast, person=cast.persons["principal"])
    Post.objects.filter(person=cast.persons["principal"]).update(valid_to=date(2020, 7, 1))
    assert "已于 2020-07-01 结束" in told("", "ledger.write", "XS-11", ended)


# -- who may give what


def test_a_manager_of_a_part_cannot_lift_anybody_above_himself(cast: casting.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack may give a principal `access.manage` over his school: he gives what he has there, not more, and elsewhere nothing."""
    principal = cast.accounts["principal"]
    real = rights._looked_up

    def with_access(account: Account, day: date) -> tuple[rights.Right, ...]:
        from dataclasses import replace

        found = real(account, day)
        return tuple(replace(r, may=r.may | {"access.view", "access.manage"}) for r in found) if account == principal else found

    monkeypatch.setattr(rights, "_looked_up", with_access)
    assert {post.id for post in policies.grants.givable(principal, cast.school)} == {
        "principal", "teacher", "registry_clerk", "homeroom_teacher", "aid_officer",
    }  # fmt: skip
    admin = cast.accounts["administrator"]
    assert {post.id for post in policies.grants.givable(admin, cast.county)} == {
        "administrator", "director", "statistician", "clerk", "inspector", "aid_officer", "auditor",
    }  # fmt: skip
    assert not policies.accounts.manageable(principal).exists(), "passwords are reset from the root only"


def test_managers_see_the_accounts_of_their_place_only(cast: casting.Cast) -> None:
    here, there = fresh(cast, "here"), fresh(cast, "there", place=cast.other)
    nowhere = fresh(cast, "nowhere", place=None, is_administrator=True)
    admin, outsider = cast.accounts["administrator"], cast.accounts["outsider"]
    assert set(policies.accounts.visible(admin, "access.view").filter(pk__in=[here.pk, there.pk, nowhere.pk])) == {here}
    assert set(policies.accounts.visible(outsider, "access.view").filter(pk__in=[here.pk, there.pk, nowhere.pk])) == {there}
    assert set(policies.accounts.visible(nowhere, "access.view").filter(pk__in=[here.pk, there.pk, nowhere.pk])) == {here, there, nowhere}
    assert not policies.accounts.visible(cast.accounts["director"], "access.view").exists()


def test_a_place_manager_does_not_touch_an_administrator(cast: casting.Cast) -> None:
    boss = fresh(cast, "boss", is_administrator=True)
    admin = cast.accounts["administrator"]
    assert boss in policies.accounts.visible(admin, "access.view")
    assert boss not in policies.accounts.manageable(admin)
