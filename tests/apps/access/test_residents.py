"""Grants at organisations that undoing an act takes away."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import ACTOR, Cast

from xingtan.apps.base.access.models import Grant
from xingtan.apps.base.access.rights import rights_of
from xingtan.apps.base.access.services import grant_give
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import OrgAct, Organisation
from xingtan.apps.base.orgs.previews import undo_preview
from xingtan.kernel.errors import XingtanError

ON = date(2009, 9, 1)


@pytest.fixture
def opened(cast: Cast) -> OrgAct:
    """A school with a headmaster by grant."""
    new = orgs.org_open(place=cast.place, code="XS-14", name="东溪三小", kind="central_primary", parent="XS-1", day=ON, actor=ACTOR)
    grant_give(actor=ACTOR, account=cast.account("teacher"), org=new, post="principal", valid_from=ON, reason="代管")
    return new.acts.get()


def test_undoing_shows_the_grants_and_refuses_without_a_home(cast: Cast, opened: OrgAct) -> None:
    seen = undo_preview(cast.place, opened, {})
    assert not seen.possible
    assert [str(issue.message) for issue in seen.issues] == ["“东溪三小”将不复存在，而那里有授权 1 条：𠮷老师"]
    with pytest.raises(XingtanError):
        orgs.act_undo(act=opened, actor=ACTOR)
    assert Organisation.objects.filter(code="XS-14").exists()


def test_grants_go_to_a_school_of_the_same_tier_with_an_event_each(cast: Cast, opened: OrgAct) -> None:
    orgs.act_undo(act=opened, actor=ACTOR, rehome={"XS-14": "XS-12"})
    assert [(right.org.code, right.post) for right in rights_of(cast.account("teacher")) if right.post == "principal"] == [
        ("XS-12", "principal")
    ]
    event = Event.objects.get(action="access.grant_rehome")
    assert ('"XS-14"' in event.before, '"XS-12"' in event.after) == (True, True)
    assert verify() == ()


def test_a_grant_that_is_there_already_is_not_held_twice(cast: Cast, opened: OrgAct) -> None:
    grant_give(actor=ACTOR, account=cast.account("teacher"), org=cast.org("XS-12"), post="principal", valid_from=ON, reason="试")
    orgs.act_undo(act=opened, actor=ACTOR, rehome={"XS-14": "XS-12"})
    spans = (
        Grant.objects.filter(account=cast.account("teacher"), post="principal")
        .order_by("pk")
        .values_list("org__code", "valid_from", "valid_to")
    )
    assert sum(start < end for _org, start, end in spans) == 1
    assert {org for org, _start, _end in spans} == {"XS-12"}


@pytest.mark.parametrize(("home", "code"), [("XS", "access.rehome_post"), ("XS-1", "access.rehome_post")])
def test_a_grant_never_goes_where_the_post_is_not(cast: Cast, opened: OrgAct, home: str, code: str) -> None:
    with pytest.raises(XingtanError) as refused:
        orgs.act_undo(act=opened, actor=ACTOR, rehome={"XS-14": home})
    assert [issue.code for issue in refused.value.issues] == [code]
    assert refused.value.issues[0].hint
    assert Organisation.objects.filter(code="XS-14").exists()


def test_a_grant_of_a_town_does_not_become_one_of_the_county(cast: Cast) -> None:
    town = orgs.org_open(place=cast.place, code="XS-3", name="南坪镇", kind="town", parent="XS", day=ON, actor=ACTOR)
    grant_give(actor=ACTOR, account=cast.account("clerk"), org=town, post="clerk", valid_from=ON, reason="试")
    act = town.acts.get()
    with pytest.raises(XingtanError) as refused:
        orgs.act_undo(act=act, actor=ACTOR, rehome={"XS-3": "XS"})
    assert [issue.code for issue in refused.value.issues] == ["access.rehome_tier"]
    orgs.act_undo(act=act, actor=ACTOR, rehome={"XS-3": "XS-2"})
    assert {right.org.code for right in rights_of(cast.account("clerk"))} == {"XS-1", "XS-2"}
