"""From applications to money: proposed by one, approved by another, made public, paid; and everything that must not happen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.apps.aid.world import FULL, SCHEME, TODAY, YEAR, actor, apply, decided, on_file, proposed

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.verify import verify
from xingtan.apps.desks.aid import selectors, services
from xingtan.apps.desks.aid.models import Award, Run
from xingtan.apps.desks.aid.notices import notice_of
from xingtan.apps.desks.aid.sheets import Payee, Result
from xingtan.apps.record.figures import services as figures
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.ledgers.services import record_change, record_withdraw
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period
from xingtan.kernel.stating import stated


def codes(error: pytest.ExceptionInfo[XingtanError]) -> list[str]:
    return [issue.code for issue in error.value.issues]


def figure(cast, indicator, org="XS", period=YEAR):
    figures.snapshot_refresh(place=cast.place)
    found = book(cast.place).table([org], [Period.parse(period)], [indicator]).get(indicator, org, period)
    return stated(found.value)[0]


@pytest.mark.proves("G181")
def test_a_run_keeps_what_the_rules_gave_and_why(cast):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "李四", verified="")
    apply(cast, "A3", "张三", household="一般")
    apply(cast, "B1", "赵六", org="XS-21", stage="小学")
    run = proposed(cast)
    assert selectors.sums(run) == selectors.Sums(2, 1, 1, Decimal(2), Decimal(1125), Decimal(0), 0)
    open_one = run.awards.get(outcome="待定")
    assert [str(text) for text in selectors.verdict_words(open_one)] == ["未定：已核准（缺：已核准）"]
    assert {one.state for one in run.awards.all()} == {Award.State.PROPOSED}
    assert figure(cast, "award_decided") in (None, 0)


def test_nobody_approves_what_he_put_forward(cast):
    apply(cast, "A1", "王小明")
    run = proposed(cast)
    with pytest.raises(XingtanError) as refused:
        services.run_approve(run=run, actor=actor(cast, "aid_officer"), posts={"director"})
    assert codes(refused) == ["aid.same_person"]
    with pytest.raises(XingtanError) as refused:
        services.run_approve(run=run, actor=actor(cast, "inspector"), posts={"inspector"})
    assert codes(refused) == ["aid.post"]
    assert services.run_approve(run=run, actor=actor(cast, "director"), posts={"director"}).state == Run.State.DECIDED


def test_those_whom_it_concerns_are_told(cast):
    from xingtan.apps.base.notices.models import Notice

    apply(cast, "A1", "王小明")
    run = proposed(cast)
    told = Notice.objects.filter(url=selectors.address(run))
    assert {one.account for one in told} == {cast.accounts["director"]}
    services.run_approve(run=run, actor=actor(cast, "director"), posts={"director"})
    assert {one.account for one in told.all()} == {cast.accounts["director"], cast.accounts["aid_officer"]}


def test_only_the_entitled_come_into_force(cast):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "李四", verified="")
    run = decided(cast)
    assert list(run.awards.order_by("pk").values_list("state", flat=True)) == ["核准", "拟定"]
    assert figure(cast, "award_decided") == Decimal("625")


def test_what_changed_since_cannot_be_approved(cast):
    row = apply(cast, "A1", "王小明")
    run = proposed(cast)
    texts = {"org": "XS-11", "period": YEAR, "number": "A1", "pupil": "王小明", **FULL, "household": "一般"}
    record_change(actor=actor(cast, "principal"), record=row, seen=row.pk, texts=texts, today=TODAY)
    with pytest.raises(XingtanError) as refused:
        services.run_approve(run=run, actor=actor(cast, "director"), posts={"director"})
    assert codes(refused) == ["aid.changed"]
    back = services.run_refuse(run=run, actor=actor(cast, "director"), reason="申请改过")
    assert back.state == Run.State.REFUSED


def test_a_decided_award_does_not_move_when_its_application_is_withdrawn(cast):
    row = apply(cast, "A1", "王小明")
    decided(cast)
    record_withdraw(actor=actor(cast, "principal"), records=[row], reason="误录")
    assert figure(cast, "award_decided") == Decimal("625")
    assert figure(cast, "award_amount") == Decimal("625")


def test_a_second_run_takes_only_what_nobody_has_decided(cast):
    apply(cast, "A1", "王小明")
    first = decided(cast)
    with pytest.raises(XingtanError) as refused:
        proposed(cast)
    assert codes(refused) == ["aid.nobody"]
    apply(cast, "A2", "李四")
    second = proposed(cast)
    assert [one.first for one in second.awards.all()] != [one.first for one in first.awards.all()]
    assert second.awards.count() == 1
    with pytest.raises(XingtanError) as refused:
        proposed(cast)
    assert codes(refused) == ["aid.open"]


@pytest.mark.proves("G186")
def test_an_award_goes_on_for_its_years_without_a_new_application(cast):
    apply(cast, "A1", "王小明")
    decided(cast)
    second = proposed(cast, "2010")
    again = second.awards.get()
    assert (again.year, again.outcome, again.amount) == (2, "合格", Decimal(625))
    services.run_approve(run=second, actor=actor(cast, "director"), posts={"director"})
    with pytest.raises(XingtanError) as refused:
        proposed(cast, "2011")
    assert codes(refused) == ["aid.nobody"], "two years, and no third"


def test_whoever_applies_anew_is_assessed_anew(cast):
    apply(cast, "A1", "王小明")
    decided(cast)
    apply(cast, "A1", "王小明", period="2010", household="一般")
    with pytest.raises(XingtanError) as refused:
        proposed(cast, "2010")
    assert codes(refused) == ["aid.nobody"]


def test_nobody_holds_two_schemes_that_exclude_each_other(cast):
    apply(cast, "A1", "王小明")
    run = proposed(cast)
    assert run.awards.get().outcome == "合格", "the greater amount is kept"
    with pytest.raises(XingtanError) as refused:
        proposed(cast, scheme="day_subsidy")
    assert codes(refused) == ["aid.nobody"]
    assert figure(cast, "award_amount") == Decimal("625")


@pytest.mark.proves("G189")
def test_coverage_says_how_many_are_reached(cast):
    for number, name in (("A1", "王小明"), ("A2", "李四"), ("A3", "张三"), ("A4", "无申请")):
        on_file(cast, number, name, household="低保户")
    apply(cast, "A1", "王小明", household="低保户")
    apply(cast, "A2", "李四", household="低保户", boarding="否")
    apply(cast, "A3", "张三", household="低保户", verified="")
    assert figure(cast, "aid_coverage") == Decimal("0.25")


def paid(cast):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "欧阳娜娜")
    run = decided(cast)
    first, second = run.awards.order_by("pk")
    return run, first, second


@pytest.mark.proves("G188")
def test_nothing_is_paid_before_the_notice_has_run_and_every_objection_is_answered(cast):
    run, first, second = paid(cast)
    results = [Result(first.pk, True, date(2009, 12, 20), ""), Result(second.pk, False, None, "户名不符")]
    with pytest.raises(XingtanError) as refused:
        services.results_record(run=run, actor=actor(cast, "aid_officer"), results=results)
    assert codes(refused) == ["aid.unpublished"]
    today = timezone.localdate()
    run = services.notice_publish(run=run, actor=actor(cast, "aid_officer"), first=today, days=5)
    assert [one.code for one in selectors.obstacles(run)] == ["aid.notice"]
    objection = services.objection_add(run=run, actor=actor(cast, "aid_officer"), text="王家不困难", received=today)
    Run.objects.filter(pk=run.pk).update(notice_from=today - timedelta(days=9), notice_to=today - timedelta(days=4))
    run.refresh_from_db()
    assert [one.code for one in selectors.obstacles(run)] == ["aid.objections"]
    services.objection_answer(objection=objection, actor=actor(cast, "director"), answer="已入户核实，符合条件")
    assert selectors.obstacles(run) == []
    assert services.results_record(run=run, actor=actor(cast, "aid_officer"), results=results) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.paid_on, second.state, second.note) == ("已付", date(2009, 12, 20), "退回", "户名不符")
    assert (figure(cast, "award_paid"), figure(cast, "award_decided"), figure(cast, "award_amount")) == (625, 625, 625)


def test_what_pays_is_sealed_at_rest_and_told_to_nobody(cast):
    from django.db import connection

    run, first, _second = paid(cast)
    services.payees_set(
        run=run, actor=actor(cast, "aid_officer"), payees=[Payee(first.pk, "11010519491231002X", "农信社", "6228480402564890018")]
    )
    first.refresh_from_db()
    assert (str(first.id_number), str(first.account), bool(first.account)) == ("110●●●●●●●●●●●●●2X", "●●", True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, account FROM aid_award WHERE id = %s", [first.pk])
        stored = cursor.fetchone()
    assert "11010519491231002X" not in str(stored)
    assert "6228480402564890018" not in str(stored)
    told = " ".join(f"{event.before} {event.after} {event.reason}" for event in Event.objects.filter(place="xishan"))
    assert "11010519491231002X" not in told
    assert "6228480402564890018" not in told
    assert "王小明" not in " ".join(f"{event.after}" for event in Event.objects.filter(action__startswith="aid."))
    assert list(verify("xishan")) == []


def test_the_notice_shows_the_least(cast):
    run, _first, _second = paid(cast)
    from xingtan.apps.base.orgs.selectors import active_pack

    notice = notice_of(run, active_pack(cast.place))
    assert notice.headings == ("单位", "姓名", "档次")
    assert notice.rows == (("东溪中学", "王○○", "初中"), ("东溪中学", "欧阳○○", "初中"))
    everything = f"{notice}"
    for secret in ("A1", "王小明", "脱贫户", "娜"):
        assert secret not in everything


def test_a_stopped_award_counts_nowhere(cast):
    run, first, _second = paid(cast)
    services.award_stop(award=first, actor=actor(cast, "aid_officer"), reason="已转学")
    assert figure(cast, "award_amount") == Decimal("625")
    assert selectors.payable(run).count() == 1


def test_reasons_are_wanted(cast):
    apply(cast, "A1", "王小明")
    run = proposed(cast)
    with pytest.raises(XingtanError) as refused:
        services.run_refuse(run=run, actor=actor(cast, "director"), reason=" ")
    assert codes(refused) == ["aid.reason"]
    with pytest.raises(XingtanError) as refused:
        services.run_withdraw(run=run, actor=actor(cast, "director"), reason="x")
    assert codes(refused) == ["aid.not_yours"]
    services.run_withdraw(run=run, actor=actor(cast, "aid_officer"), reason="漏了一人")
    assert proposed(cast).scheme == SCHEME, "once it is withdrawn, it may be put forward again"
