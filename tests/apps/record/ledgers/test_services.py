"""Single rows: versions, two people on one record, keys, doubt, nil returns, stamps."""

from __future__ import annotations

import json
import threading
from datetime import date

import pytest
from django.db import connection, connections

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.selectors import active_pack
from xingtan.apps.record.ledgers import services
from xingtan.apps.record.ledgers.conflicts import ConflictError
from xingtan.apps.record.ledgers.models import NilReturn, PeriodStamp, Record
from xingtan.apps.record.ledgers.selectors import current, owing, present, versions
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period

ANNA, BO = Actor.system("安"), Actor.system("博")
TODAY = date(2009, 12, 31)


def texts(**changed):
    return {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "300", "dropouts": "2", **changed}


def create(cast, **changed):
    return services.record_create(actor=ANNA, place=cast.place, ledger="enrolment", texts=texts(**changed), today=TODAY)


def change(record, actor=ANNA, seen=None, **changed):
    return services.record_change(actor=actor, record=record, seen=seen or record.pk, texts=texts(**changed), today=TODAY, reason="更正")


def test_a_change_makes_a_version_and_keeps_the_old_one(cast):
    first = create(cast)
    second = change(first, pupils="302")
    assert (second.version, second.first, second.supersedes_id) == (2, first.pk, first.pk)
    assert [row.data["pupils"] for row in versions(first)] == ["300", "302"]
    assert current(cast.place, "enrolment").get().pk == second.pk
    event = Event.objects.get(action="record.change")
    before, after = json.loads(event.before), json.loads(event.after)
    assert (before["data"]["pupils"], after["data"]["pupils"], event.reason) == ("300", "302", "更正")


def test_saving_without_a_change_writes_nothing(cast):
    first = create(cast)
    assert change(first).pk == first.pk
    assert Record.objects.count() == 1


def test_two_people_on_one_record_see_both_versions_and_nothing_is_lost(cast):
    seen = create(cast)
    change(seen, actor=ANNA, pupils="302")
    with pytest.raises(ConflictError) as refused:
        change(seen, actor=BO, seen=seen.pk, pupils="305", dropouts="3")
    head, *cells = refused.value.issues
    assert "安" in str(head.message)
    assert "第 2 版" in str(head.message)
    assert [(issue.where.field, str(issue.message)) for issue in cells] == [("pupils", "对方改成了“302”")]
    assert current(cast.place, "enrolment").get().data["pupils"] == "302"
    theirs = refused.value.theirs
    assert change(theirs, actor=BO, seen=theirs.pk, pupils="305", dropouts="3").version == 3


def test_all_faults_of_a_form_at_once_beside_their_fields(cast):
    with pytest.raises(XingtanError) as refused:
        create(cast, org="没有的", period="去年", stage="", pupils="许多", dropouts="-1")
    assert {issue.where.field: issue.code for issue in refused.value.issues} == {
        "org": "org.unknown", "period": "row.period", "stage": "key.blank", "pupils": "cell.number", "dropouts": "cell.min",
    }  # fmt: skip


def test_a_masked_value_cannot_be_part_of_a_key(cast):
    for mask in ("××", "不详"):
        with pytest.raises(XingtanError) as refused:
            services.record_create(
                actor=ANNA, place=cast.place, ledger="funds", texts={"period": "2009", "item": mask, "amount": "1"}, today=TODAY
            )
        (issue,) = refused.value.issues
        assert issue.code == "key.masked"
        assert issue.hint


def test_one_key_counts_once_and_a_withdrawn_row_makes_room(cast):
    first = create(cast)
    with pytest.raises(XingtanError, match="相同的记录已经有了"):
        create(cast, pupils="301")
    with pytest.raises(XingtanError, match="原因"):
        services.record_withdraw(actor=ANNA, records=[first], reason="")
    assert services.record_withdraw(actor=ANNA, records=[first], reason="重复") == 1
    assert present(first) is None
    assert [row.status for row in versions(first)] == ["active", "withdrawn"]
    create(cast, pupils="5")
    assert current(cast.place, "enrolment").get().data["pupils"] == "5"


def test_checks_refuse_and_undecided_ones_do_not(cast):
    with pytest.raises(XingtanError, match="辍学人数多于在校生数"):
        create(cast, pupils="3", dropouts="10余")
    create(cast, pupils="20余", dropouts="22")  # may be: 20余 is more than 20, and nobody knows how much


def test_doubt_and_its_settling_are_versions(cast):
    first = create(cast)
    doubted = services.record_doubt(actor=ANNA, record=first, why="与名册不符")
    assert current(cast.place, "enrolment").get().doubt == "与名册不符"
    settled = services.record_settle(actor=ANNA, record=doubted, why="已核对")
    assert (settled.version, settled.doubt) == (3, "")


def test_a_nil_return_is_stated_once_refused_beside_rows_and_ends_with_a_row(cast):
    for _ in range(2):
        services.nil_return(actor=ANNA, place=cast.place, ledger="enrolment", org=cast.school, period="2008-2009")
    assert NilReturn.objects.count() == 1
    create(cast)
    assert NilReturn.objects.get().withdrawn
    with pytest.raises(XingtanError, match="已经有记录"):
        services.nil_return(actor=ANNA, place=cast.place, ledger="enrolment", org=cast.school, period="2008-2009")


@pytest.mark.parametrize(
    ("owes", "first"),
    [(("junior_school", "nine_year_school"), ["XS-11", "XS-21"]), (("school",), ["XS-11", "XS-12", "XS-121", "XS-21", "XS-22"])],
)
def test_who_still_owes(cast, owes, first):
    pack = active_pack(cast.place)
    ledger = pack.ledgers["enrolment"]
    ledger = ledger.model_copy(update={"due": ledger.due.model_copy(update={"from_": owes})})

    def who():
        found = owing(place=cast.place, pack=pack, ledger=ledger, period=Period.parse("2008-2009"), orgs=cast.place.organisations)
        return [org.code for org in found]

    assert who() == first
    create(cast)
    services.nil_return(actor=ANNA, place=cast.place, ledger="enrolment", org=cast.org("XS-21"), period="2008-2009")
    assert who() == [code for code in first if code not in {"XS-11", "XS-21"}]


def test_stamps_move_only_where_rows_moved(cast):
    create(cast)
    create(cast, period="2007-2008")
    before = dict(PeriodStamp.objects.values_list("partition", "stamp"))
    change(current(cast.place, "enrolment").get(period="2008-2009"), pupils="301")
    after = dict(PeriodStamp.objects.values_list("partition", "stamp"))
    assert before["2007-2008"] == after["2007-2008"]
    assert before["2008-2009"] < after["2008-2009"]


@pytest.mark.django_db(transaction=True)
def test_two_processes_writing_one_key_at_once_leave_one_row(cast):
    barrier, outcome = threading.Barrier(2), []

    def write() -> None:
        try:
            barrier.wait()
            create(cast)
            outcome.append("made")
        except XingtanError:
            outcome.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["made", "refused"], connection.vendor
    assert current(cast.place, "enrolment").count() == 1


def test_the_log_names_rows_by_ledger_organisation_period_and_key(cast):
    row = create(cast)
    services.record_doubt(actor=ANNA, record=row, why="与名册不符")
    labels = list(Event.objects.filter(action__startswith="record.").values_list("target_label", flat=True))
    assert labels == ["在校生 · 东溪中学 · 2008—2009学年 · 初中"] * 2
    services.nil_return(actor=ANNA, place=cast.place, ledger="enrolment", org=cast.org("XS-21"), period="2008-2009")
    assert Event.objects.get(action="nil.state").target_label == "在校生 · 西岭九年一贯制学校 · 2008—2009学年"
