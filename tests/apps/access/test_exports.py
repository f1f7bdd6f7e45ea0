"""Lists of persons leave with who, when and why on the sheet and in the log; outside the county only with a purpose that permits it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from tests.apps.access.test_purposes import granted

from xingtan.apps.base.access import leaving
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.audit.services import Target
from xingtan.kernel.errors import XingtanError

URL = "/p/xishan/people/?export=xlsx&org=XS-11&q=籍"


def lines(response) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def test_the_reason_is_asked_for_and_stands_on_the_sheet_and_in_the_log(cast, client_of):
    client = client_of("principal")
    page = client.get(URL)
    assert "导出事由" in page.content.decode()
    assert client.post(URL, {"reason": "", "to": "inside"}).status_code == 422
    assert not Event.objects.filter(action__startswith="export.").exists()
    done = client.post(URL, {"reason": "开学核对", "to": "inside"})
    said = "\n".join(str(line[0]) for line in lines(done))
    for words in ("人员名册 · 东溪中学 · 共 1 行", "由 严师 于", "事由：开学核对", "条件：查找：籍", "不得向县外提供", "籍东"):
        assert words in said
    assert "no-store" in done["Cache-Control"]
    event = Event.objects.get(action="export.people")
    assert (event.actor_label, event.reason, event.target_label) == ("严师", "开学核对", "人员名册 · 东溪中学")
    assert event.became == {"rows": 1, "filter": "查找：籍", "to": "", "purpose": ""}


@pytest.mark.proves("G056")
def test_nothing_goes_outside_the_county_without_a_purpose_that_permits_it(cast, client_of):
    client = client_of("registrar")
    outside = {"reason": "县外学校来函", "to": "outside", "where": "石桥中学"}
    refused = client.post(URL, outside)
    assert refused.status_code == 422
    assert "不得向县外提供学生信息" in refused.content.decode()
    event = Event.objects.get(action="export.refused")
    assert (event.actor_label, event.reason, event.became["to"]) == ("籍东", "县外学校来函", "石桥中学")
    assert not Event.objects.filter(action="export.people").exists()
    granted(cast, "registrar", "registry_check")  # a purpose, but not one that permits it
    assert client.post(URL, outside).status_code == 422
    granted(cast, "registrar", "outside_transfer")
    assert client.post(URL, {**outside, "where": " "}).status_code == 422
    done = client.post(URL, outside)
    assert done.status_code == 200
    assert "准许向县外提供给：石桥中学" in "\n".join(str(line[0]) for line in lines(done))
    assert Event.objects.get(action="export.outside").became["purpose"] == "outside_transfer"
    assert Event.objects.get(action="export.people").became["to"] == "石桥中学"
    assert Event.objects.filter(action="export.refused").count() == 2


@pytest.mark.proves("G056")
def test_a_record_is_refused_too_where_the_purpose_does_not_reach(cast):
    granted(cast, "registrar", "outside_transfer")
    target = Target("people.person", "1", "甲")
    words = {"target": target, "to": "石桥中学", "reason": "转学"}
    assert leaving.require_outside(account=cast.accounts["registrar"], org=cast.school, **words).id == "outside_transfer"
    for login, code in (("registrar", "XS-21"), ("registrar_west", "XS-21"), ("principal", "XS-11")):
        with pytest.raises(XingtanError, match="不得向县外"):
            leaving.require_outside(account=cast.accounts[login], org=cast.orgs[code], **words)
    assert Event.objects.filter(action="export.refused").count() == 3


def test_who_may_not_see_the_list_takes_nothing_out(cast, client_of):
    assert client_of("teacher").post("/p/xishan/people/?export=xlsx", {"reason": "好奇", "to": "inside"}).status_code == 403
