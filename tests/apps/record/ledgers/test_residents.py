"""Rows at organisations that undoing an act takes away: shown, refused or re-homed, in every version."""

from __future__ import annotations

from datetime import date

import pytest
from tests.apps.record.imports.helpers import csv, read, take
from tests.cast import ACTOR, Cast

from xingtan.apps.base.audit.verify import verify
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.acts import New
from xingtan.apps.base.orgs.models import OrgAct, Organisation
from xingtan.apps.base.orgs.previews import undo_preview
from xingtan.apps.record.ledgers import services
from xingtan.apps.record.ledgers.models import NilReturn, Record
from xingtan.apps.record.ledgers.selectors import current, versions
from xingtan.kernel.errors import XingtanError

ON, TODAY = date(2008, 9, 1), date(2009, 12, 31)


def merged(cast: Cast) -> OrgAct:
    into = New("XS-30", "联合中学", "junior_school", "XS-1")
    return orgs.orgs_merge(sources=[cast.org("XS-11"), cast.org("XS-21")], into=into, day=ON, actor=ACTOR)


def entered(cast: Cast, period: str = "2008-2009", **said: str) -> Record:
    texts = {"org": "XS-30", "period": period, "stage": "初中", "pupils": "600", "dropouts": "2", **said}
    return services.record_create(actor=ACTOR, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


def test_undoing_a_merger_after_later_entries_is_refused_with_what_would_lose_its_home(cast: Cast) -> None:
    act = merged(cast)
    first = entered(cast)
    texts = {"org": "XS-30", "period": "2008-2009", "stage": "初中", "pupils": "601", "dropouts": "2"}
    services.record_change(actor=ACTOR, record=first, seen=first.pk, texts=texts, today=TODAY)
    services.nil_return(actor=ACTOR, place=cast.place, ledger="enrolment", org=Organisation.objects.get(code="XS-30"), period="2007-2008")
    with pytest.raises(XingtanError) as refused:
        orgs.act_undo(act=act, actor=ACTOR)
    said = sorted(str(issue.message) for issue in refused.value.issues)
    assert {issue.code for issue in refused.value.issues} == {"orgs.homeless"}
    assert ["的记录 1 条" in said[0], "的零报告 1 条" in said[1]] == [True, True], said
    assert Record.objects.filter(org__code="XS-30").count() == 2


def test_a_previewed_rehoming_takes_all_versions_nil_returns_and_uploads_along(cast: Cast) -> None:
    act = merged(cast)
    first = entered(cast)
    texts = {"org": "XS-30", "period": "2008-2009", "stage": "初中", "pupils": "601", "dropouts": "2"}
    services.record_change(actor=ACTOR, record=first, seen=first.pk, texts=texts, today=TODAY)
    new = Organisation.objects.get(code="XS-30")
    services.nil_return(actor=ACTOR, place=cast.place, ledger="enrolment", org=new, period="2007-2008")
    take(read(cast, csv("XS-30,2009-2010,初中,580,1")))
    seen = undo_preview(cast.place, act, {"XS-30": "XS-11"})
    assert seen.possible
    assert {str(one.what): one.count for affected in seen.affected for one in affected.residents} == {
        "台账《在校生》的记录": 2, "台账《在校生》的零报告": 1,
    }  # fmt: skip
    orgs.act_undo(act=act, actor=ACTOR, rehome={"XS-30": "XS-11"})
    assert not Organisation.objects.filter(code="XS-30").exists()
    now = current(cast.place, "enrolment").order_by("period")
    assert [(row.org.code, row.period, row.data["pupils"], row.version) for row in now] == [
        ("XS-11", "2008-2009", "601", 3), ("XS-11", "2009-2010", "580", 2),
    ]  # fmt: skip
    assert [row.data["pupils"] for row in versions(first)] == ["600", "601", "601"]
    assert versions(first)[-1].reason == "联合中学 → 东溪中学"
    assert [(nil.org.code, nil.withdrawn) for nil in NilReturn.objects.all()] == [("XS-11", None)]
    assert verify() == ()
    with pytest.raises(XingtanError, match="相同的记录已经有了"):
        entered(cast, org="XS-11")


def test_rehoming_onto_an_organisation_that_has_such_a_row_is_refused_row_by_row(cast: Cast) -> None:
    entered(cast, org="XS-11", period="2008-2009")
    act = merged(cast)
    entered(cast)
    with pytest.raises(XingtanError) as refused:
        orgs.act_undo(act=act, actor=ACTOR, rehome={"XS-30": "XS-11"})
    (issue,) = refused.value.issues
    assert (issue.code, issue.where.field) == ("record.rehome_twin", "XS-11")
    assert "2008-2009 初中" in str(issue.message)
    assert issue.hint
    assert Organisation.objects.filter(code="XS-30").exists()
    assert current(cast.place, "enrolment").filter(org__code="XS-30").count() == 1


def test_staged_rows_of_an_import_do_not_come_into_force_by_rehoming(cast: Cast) -> None:
    from xingtan.apps.record.imports import services as imports

    act = merged(cast)
    entered(cast)
    source = imports.import_confirm(actor=ACTOR, source=read(cast, csv("XS-30,2009-2010,初中,580,1")))

    class Killed(BaseException):
        pass

    def die(_done: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        imports.import_run(actor=ACTOR, source=source, today=TODAY, step=die)
    orgs.act_undo(act=act, actor=ACTOR, rehome={"XS-30": "XS-11"})
    assert [row.period for row in current(cast.place, "enrolment")] == ["2008-2009"]


def test_the_page_offers_the_organisations_that_undoing_opens_again(cast: Cast, client_of) -> None:
    act = merged(cast)
    entered(cast)
    statistician = client_of("statistician")
    page = f"/p/xishan/org-acts/{act.pk}/"
    shown = statistician.get(page).content.decode()
    assert "台账《在校生》的记录" in shown
    assert "东溪中学（XS-11）" in shown
    done = statistician.post(page, {"reason": "误并", "home_XS-30": "XS-11", "confirm": "1"}, follow=True)
    assert "已撤回，组织恢复原状" in done.content.decode()
    assert current(cast.place, "enrolment").get().org.code == "XS-11"
