from __future__ import annotations

import io
import re
from datetime import date

import docx
import pytest
from django.utils import timezone

from xingtan.apps.base.orgs.models import OrgAct
from xingtan.apps.base.orgs.services import act_undo, org_open
from xingtan.apps.face.reports import services
from xingtan.apps.face.reports.models import Report
from xingtan.apps.record.ledgers.services import record_change, record_create
from xingtan.kernel.errors import XingtanError

PERIOD = "2008-2009"
TODAY = date(2009, 9, 1)


@pytest.fixture
def row(cast):
    texts = {"org": "XS-11", "period": PERIOD, "stage": "初中", "pupils": "300", "dropouts": "6"}
    return record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=TODAY)


@pytest.fixture
def draft(cast, row) -> Report:
    return services.report_draft(
        place=cast.place, org=cast.county, template="annual", period=PERIOD, actor=cast.accounts["statistician"].actor
    )


def change(cast, row, pupils: str) -> None:
    texts = {"org": "XS-11", "period": PERIOD, "stage": "初中", "pupils": pupils, "dropouts": "6"}
    record_change(actor=cast.accounts["statistician"].actor, record=row, seen=row.pk, texts=texts, today=TODAY)


def read(client, report: Report, **query: str) -> str:
    return client.get(f"/p/xishan/reports/{report.pk}/", query).content.decode()


def test_a_draft_keeps_every_figure_with_its_origin(draft):
    told = [(one.indicator, one.org, one.text, one.status) for one in draft.figures.all()]
    assert ("pupils", "XS", "〔缺，至少300人〕", "unknown") in told, "other schools owe their return"
    assert ("pupils", "XS-1", "300人", "known") in told
    assert ("dropout_rate", "XS", "2.00%", "partial") in told
    assert not re.search(r"\d", re.sub("\ue000\\d+\ue001", "", draft.body)), "the text itself types no number"


def test_a_page_links_every_figure_and_keeps_what_was_printed(cast, client_of, draft, row):
    change(cast, row, "400")
    html = read(client_of("director"), draft)
    assert "/p/xishan/indicators/pupils/?org=XS" in html
    assert ">300人</a>" in html
    services.report_refresh(report=draft, actor=cast.accounts["statistician"].actor)
    assert ">400人</a>" in read(client_of("director"), draft)


def test_an_issued_report_never_changes_and_its_figures_lead_to_the_frozen_snapshot(cast, client_of, draft, row):
    actor = cast.accounts["director"].actor
    issued = services.report_issue(report=draft, actor=actor)
    change(cast, row, "999")
    html = read(client_of("director"), issued)
    assert f"snapshot={issued.snapshot}" in html
    figure = client_of("director").get("/p/xishan/indicators/pupils/", {"org": "XS", "period": PERIOD, "snapshot": issued.snapshot})
    assert ">300人<" in figure.content.decode()
    assert issued.title in figure.content.decode(), "the figure says where it is used"
    for act in (services.report_refresh, services.report_issue):
        with pytest.raises(XingtanError):
            act(report=issued, actor=actor)


def test_a_withdrawn_report_stays_readable_with_its_reason(cast, client_of, draft):
    actor = cast.accounts["director"].actor
    issued = services.report_issue(report=draft, actor=actor)
    services.report_withdraw(report=issued, actor=actor, reason="数据有误")
    html = read(client_of("director"), issued)
    assert "数据有误" in html
    assert "已废止" in html


def test_files_carry_the_same_figures(cast, client_of, draft):
    client = client_of("director")
    word = client.get(f"/p/xishan/reports/{draft.pk}/file/docx/")
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(b"".join(word))).paragraphs)
    assert "东溪镇300人" in text
    assert "〔部分" in text
    assert "一、规模" in text
    assert "（一）控辍" in text
    pdf = client.get(f"/p/xishan/reports/{draft.pk}/file/pdf/")
    assert b"".join(pdf).startswith(b"%PDF-")
    assert client.get(f"/p/xishan/reports/{draft.pk}/file/exe/").status_code == 404


def test_traditional_characters_change_the_text_and_not_the_figures(client_of, draft):
    html = read(client_of("director"), draft, script="zh-hant")
    assert "規模" in html
    assert "輟學率" in html
    assert ">300人</a>" in html


def test_who_may_not_issue_gets_no_button_and_no_way(cast, client_of, draft):
    client = client_of("inspector")
    assert "印发并封存" not in read(client, draft)
    assert client.post(f"/p/xishan/reports/{draft.pk}/issue/").status_code == 403
    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT


def test_the_frame_is_edited_and_the_numbers_are_not(cast, client_of, draft):
    client = client_of("statistician")
    data = {"title": "新标题", "issuer": "溪山县教育局", "number": "溪教发〔2009〕1号", "addressee": "", "date": "", "copy_to": "甲；乙"}
    assert client.post(f"/p/xishan/reports/{draft.pk}/frame/", data).status_code == 302
    html = read(client, draft)
    assert "新标题" in html
    assert "溪教发〔2009〕1号" in html
    assert ">300人</a>" in html


def test_an_unknown_template_names_those_there_are(cast, row):
    with pytest.raises(XingtanError) as refused:
        services.report_draft(place=cast.place, org=cast.county, template="none", period=PERIOD, actor=cast.accounts["statistician"].actor)
    assert "annual" in str(refused.value.issues[0].hint)


def test_undoing_an_act_whose_organisation_has_reports_is_refused_with_their_list(cast):
    actor = cast.accounts["statistician"].actor
    new = org_open(
        place=cast.place, code="XS-99", name="新设小学", kind="complete_primary", parent="XS-1", day=date(2009, 1, 1), actor=actor
    )
    for title in ("第一份", "第二份"):
        Report.objects.create(
            place=cast.place, org=new, template="annual", title=title, period=PERIOD, made_by_label="统计员", refreshed=timezone.now()
        )
    with pytest.raises(XingtanError) as refused:
        act_undo(act=OrgAct.objects.latest("pk"), actor=actor)
    said = [str(issue.message) for issue in refused.value.issues]
    assert said == ["报告“第一份”记在将不复存在的组织上", "报告“第二份”记在将不复存在的组织上"]
    assert all(issue.hint for issue in refused.value.issues)
    assert Report.objects.filter(org=new).count() == 2
