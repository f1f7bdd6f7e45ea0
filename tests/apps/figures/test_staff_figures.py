"""Registers and ledgers of staff as a county keeps them: entered by the verbs and forms of the house, read as figures of the base pack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.cast import ACTOR

from xingtan import pack as packs
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.services import Appointment, person_create
from xingtan.apps.base.staff.services import employment, secondment, standing
from xingtan.apps.base.staff.services.employment import Terms
from xingtan.apps.base.staff.services.secondment import Loan, Verdict
from xingtan.apps.base.staff.services.standing import Paper, Title
from xingtan.apps.record.figures import selectors, services
from xingtan.apps.record.ledgers.services import record_create
from xingtan.kernel.period import Period

ON, TODAY, YEAR = date(2005, 9, 1), date(2015, 6, 1), Period.parse("2014")


@pytest.fixture
def county(db: None) -> Place:
    loaded = packs.load(packs.builtin_root() / "huinan", roots=[packs.builtin_root()])
    assert loaded.pack is not None
    place = orgs.place_create(slug="huinan", title="丁县", code="D", kind="county", actor=ACTOR)
    orgs.pack_enforce(place=place, pack=loaded.pack, actor=ACTOR)
    place = Place.objects.select_related("root", "pack_release").get(pk=place.pk)
    for code, name, kind in (("D-1", "丁县中学", "junior_school"), ("D-2", "丁县小学", "central_primary")):
        orgs.org_open(place=place, code=code, name=name, kind=kind, parent="D", day=date(2000, 1, 1), actor=ACTOR)
    return place


def org(place: Place, code: str) -> Organisation:
    return Organisation.objects.select_related("place").get(place=place, code=code)


def teacher(place: Place, name: str, code: str, birth: date, day: date = ON, **more: str) -> Person:
    person = person_create(place=place, name=name, birth=birth, first=Appointment(org(place, code), "teacher", day), actor=ACTOR)
    words = {"establishment": "在编", "category": "专任教师", "stage": "初中", "subject": "语文", "channel": "公开招聘", **more}
    employment.begin(person=person, terms=Terms(org(place, code), **words), day=day, actor=ACTOR)
    return person


def figures(place: Place, period: Period = YEAR, code: str = "D") -> dict[str, Any]:
    """Indicator → its value in the period (None: not known)."""
    services.snapshot_refresh(place=place)
    found = {line.indicator.id: line.now.figure.value.value for line in selectors.overview(place, org(place, code), period)}
    return {name: value if value is None else round(value, 4) for name, value in found.items()}


@pytest.fixture
def staffed(county: Place) -> Place:
    wen = teacher(county, "文静", "D-1", date(1962, 5, 4))
    shu = teacher(county, "舒远", "D-1", date(1988, 1, 1), date(2014, 9, 1), subject="数学", establishment="特岗", channel="特岗计划")
    yin = teacher(county, "殷悦", "D-2", date(1980, 1, 1), stage="小学", subject="音乐")
    papers = {wen: ("本科", "初级中学教师资格", "语文"), shu: ("中等职业", "小学教师资格", "语文"), yin: ("专科", "小学教师资格", "全科")}
    for person, (degree, certificate, subject) in papers.items():
        day = date(2002, 7, 1)
        standing.credential_add(person=person, paper=Paper("degree", degree), day=day, actor=ACTOR) if person is not shu else None
        if person is shu:
            day = date(2013, 7, 1)
            standing.credential_add(person=person, paper=Paper("degree", degree), day=day, actor=ACTOR)
        standing.credential_add(person=person, paper=Paper("certificate", certificate, subject), day=day, actor=ACTOR)
    for person, series, level in ((wen, "骨干教师", "县级"), (wen, "骨干教师", "州级"), (yin, "骨干教师", "县级"), (yin, "名师", "县级")):
        standing.title_award(person=person, title=Title(series, level), day=date(2010, 1, 1), actor=ACTOR)
    for person, team in ((wen, "研究型"), (shu, "起步型"), (yin, "经验型")):
        standing.team_join(person=person, team=team, day=date(2014, 9, 1), actor=ACTOR)
    return county


@pytest.mark.proves("G270", "G271", "G272", "G274", "G309", "G310")
def test_employment_degrees_and_titles_become_figures(staffed: Place) -> None:
    found = figures(staffed)
    assert found["staff_on_roll"] == 3
    assert found["staff_established"] == 2
    assert found["special_posts_filled"] == 1
    assert found["staff_recruited"] == 1
    assert found["qualification_rate"] == Decimal("0.6667")
    assert found["off_subject_rate"] == Decimal("0.3333")
    assert found["above_level_rate"] == Decimal("0.5")
    assert found["ageing_share"] == Decimal("0.3333")
    assert (found["backbone_holdings"], found["backbone_holders"], found["famous_teachers"]) == (3, 2, 1)
    assert figures(staffed, Period.parse("2013"))["staff_on_roll"] == 2
    assert figures(staffed, code="D-2")["backbone_holders"] == 1


@pytest.mark.proves("G277", "G278", "G279", "G280", "G281", "G282", "G284", "G285")
def test_secondments_of_every_kind_become_figures(staffed: Place) -> None:
    wen, yin = Person.objects.get(name="文静"), Person.objects.get(name="殷悦")
    here, there = org(staffed, "D-1"), org(staffed, "D-2")
    plans = (
        (wen, Loan("支教", here, there, contract="帮扶合同", programme="三百工程"), date(2014, 3, 1), date(2014, 7, 1)),
        (wen, Loan("省外支教", here, host_name="四川省黑水县", contract="协议"), date(2014, 9, 1), date(2015, 7, 1)),
        (yin, Loan("进城研修", there, here), date(2014, 9, 1), date(2015, 1, 20)),
        (yin, Loan("下派任职", there, here, role="校长"), date(2013, 9, 1), date(2014, 9, 1)),
    )
    for person, loan, start, end in plans:
        row = secondment.begin(person=person, loan=loan, day=start, until=end, actor=ACTOR)
        if loan.kind == "支教":
            secondment.evaluate(secondment=row, version=1, verdict=Verdict("优秀", date(2014, 7, 5)), actor=ACTOR)
    found = figures(staffed)
    assert (found["seconded_in_year"], found["seconded_now"]) == (3, 2)
    assert found["secondment_contract_rate"] == Decimal("0.6667")
    assert figures(staffed, Period.parse("2013"))["seconded_in_year"] == 1


LEDGERS: list[Any] = [
    pytest.param(ledger, texts, indicator, value, marks=pytest.mark.proves(row), id=row)
    for row, ledger, texts, indicator, value in (
        ("G269", "school_profile", {"org": "D-1", "period": "2014", "population": "12000", "rural": "1"}, "service_population", "12000"),
        ("G273", "teacher_recruitment",
         {"org": "D", "period": "2014", "channel": "公开招聘", "stage": "初中", "subject": "语文", "planned": "4", "examined": "30", "interviewed": "9", "hired": "3"},
         "recruitment_rate", "0.75"),
        ("G275", "teacher_recruitment",
         {"org": "D", "period": "2014", "channel": "优秀毕业生", "stage": "初中", "subject": "数学", "planned": "5"}, "recruitment_planned", "5"),
        ("G283", "liaison_officer", {"org": "D", "officer": "庚", "target": "丁县小学", "起": "2014-01-01"}, "liaison_units", "1"),
        ("G286", "school_pairing", {"org": "D-2", "partner": "丁县中学", "kind": "城乡", "起": "2012-09-01"}, "schools_paired", "1"),
        ("G287", "teaching_help", {"org": "D-2", "date": "2014-05-06", "kind": "送教下乡", "expert": "丙", "lessons": "2"}, "help_lessons", "2"),
        ("G288", "teaching_help", {"org": "D-2", "date": "2014-05-06", "kind": "送课下乡", "expert": "丁", "local": "戊", "lessons": "3", "work": "备课、上课、说课"},
         "help_experts", "1"),
        ("G289", "weak_school_help", {"org": "D-2", "period": "2014", "item": "课桌椅", "kind": "设施", "amount": "1.2万"}, "weak_school_funds", "12000"),
        ("G290", "office_hours", {"org": "D-1", "date": "2014-10-08", "session": "晚自习", "due": "20", "present": "17"}, "office_hours_rate", "0.85"),
        ("G311", "teacher_honour", {"org": "D-1", "date": "2014-09-10", "teacher": "文静", "honour": "全国优秀教师", "level": "全国"}, "teachers_honoured", "1"),
    )
]  # fmt: skip


@pytest.mark.parametrize(("ledger", "texts", "indicator", "value"), LEDGERS)
def test_a_row_of_each_ledger_of_staff_becomes_a_figure(
    county: Place, ledger: str, texts: dict[str, str], indicator: str, value: str
) -> None:
    record_create(actor=ACTOR, place=county, ledger=ledger, texts=texts, today=TODAY)
    assert figures(county)[indicator] == Decimal(value)


@pytest.mark.proves("G276")
def test_whether_recruited_teachers_are_titled_is_a_figure(staffed: Place) -> None:
    new = teacher(staffed, "引才", "D-1", date(1985, 1, 1), channel="引进")
    assert figures(staffed)["recruited_titled_share"] == 0
    standing.title_award(person=new, title=Title("名师", "县级"), day=date(2013, 1, 1), actor=ACTOR)
    assert figures(staffed)["recruited_titled_share"] == 1


def test_approved_posts_against_those_in_post_show_the_structure(staffed: Place) -> None:
    for texts in ({"subject": "语文", "posts": "1"}, {"subject": "数学", "posts": "2"}):
        row = {"org": "D-1", "stage": "初中", "起": "2012-09-01", **texts}
        record_create(actor=ACTOR, place=staffed, ledger="approved_posts", texts=row, today=TODAY)
    assert figures(staffed, code="D-1")["structural_vacancy"] == 2  # 舒远 is no holder of an established post
