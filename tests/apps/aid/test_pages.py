"""The pages of aid: a whole walk by two people, faulty sheets, the notice everybody may read, what nobody may."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.aid.world import actor, apply, decided, on_file, proposed

from xingtan.apps.base.access.purposes import purpose_ask, purpose_decide
from xingtan.apps.base.audit.models import Event
from xingtan.apps.desks.aid import services
from xingtan.apps.desks.aid.models import Award, Run

HERE = "?org=XS&period=2009"


def at(name, **values):
    return reverse(f"aid:{name}", kwargs={"place": "xishan", **values})


def text(answer):
    return answer.content.decode()


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("a.xlsx", target.getvalue())


def test_the_list_says_what_the_rules_give_today(cast, client_of):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "李四", verified="")
    page = text(client_of("aid_officer").get(at("index") + HERE))
    assert "寄宿生生活补助" in page
    assert page.count("625") >= 2


def test_a_scheme_explains_itself_and_every_row(cast, client_of):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "李四", verified="")
    page = text(client_of("aid_officer").get(at("scheme", scheme="boarder_subsidy") + HERE))
    for words in ("在校寄宿", "初中寄宿生补助", "不与 非寄宿困难学生补助 同时享受", "王小明", "未定：已核准（缺：已核准）", "提出审批"):
        assert words in page
    assert "提出审批" not in text(client_of("director").get(at("scheme", scheme="boarder_subsidy") + HERE)), (
        "who may not put forward has no button"
    )


def test_a_school_sees_its_own_applicants_only(cast, client_of):
    apply(cast, "A1", "王小明")
    apply(cast, "B1", "西岭生", org="XS-21")
    page = text(client_of("principal").get(at("scheme", scheme="boarder_subsidy") + "?org=XS-11&period=2009"))
    assert "王小明" in page
    assert "西岭生" not in page


def test_two_people_take_an_application_to_payment(cast, client_of):
    apply(cast, "A1", "王小明")
    officer, director = client_of("aid_officer"), client_of("director")
    answer = officer.post(at("propose", scheme="boarder_subsidy") + HERE)
    run = Run.objects.get()
    assert answer.headers["Location"] == at("run", pk=run.pk)
    assert "审批" not in [link for link in ("审批",) if at("approve", pk=run.pk) in text(officer.get(at("run", pk=run.pk)))]
    assert director.post(at("approve", pk=run.pk), {"note": "同意"}).status_code == 302
    today = timezone.localdate()
    assert officer.post(at("publish", pk=run.pk), {"first": today.isoformat(), "days": 5}).status_code == 302
    run.refresh_from_db()
    seen = text(Client().get(reverse("aid:notice", kwargs={"token": run.token})))
    assert "王○○" in seen
    assert "王小明" not in seen
    refused = officer.post(at("payment", pk=run.pk))
    assert refused.status_code == 422
    assert "公示未满" in text(refused)
    Run.objects.update(notice_from=today - timedelta(days=9), notice_to=today)
    assert Client().get(reverse("aid:notice", kwargs={"token": run.token})).status_code == 404, "when the days are over it is gone"
    award = run.awards.get()
    payees = sheet(
        ["序号", "单位", "姓名", "证件号码", "开户行", "账号"], [award.pk, "", "", "11010519491231002X", "农信社", "6228480402564890018"]
    )
    assert officer.post(at("payees", pk=run.pk), {"file": payees}).status_code == 302
    made = officer.post(at("payment", pk=run.pk))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(made) if made.streaming else made.content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert "王小明" in cells
    assert "110●●●●●●●●●●●●●2X" in cells
    assert "6228480402564890018" not in cells
    results = sheet(["序号", "结果", "付款日期", "说明"], [award.pk, "成功", "2009-12-20", ""])
    assert officer.post(at("results", pk=run.pk), {"file": results}).status_code == 302
    award.refresh_from_db()
    assert award.state == Award.State.PAID
    actions = [event.action for event in Event.objects.filter(action__startswith="aid.").order_by("sequence")]
    assert actions == ["aid.propose", "aid.approve", "aid.publish", "aid.payees", "aid.payment", "aid.results"]


def test_plain_numbers_leave_only_for_a_purpose_that_was_granted(cast, client_of):
    apply(cast, "A1", "王小明")
    run = decided(cast)
    today = timezone.localdate()
    Run.objects.update(notice_from=today - timedelta(days=9), notice_to=today)
    award = run.awards.get()
    services.payees_set(run=run, actor=actor(cast, "aid_officer"), payees=[payee(award)])
    officer, asked = client_of("aid_officer"), {"purpose": "aid_payment", "reason": "送银行代发"}
    assert officer.post(at("payment", pk=run.pk), {"purpose": "aid_payment"}).status_code == 422, "a reason is wanted"
    assert officer.post(at("payment", pk=run.pk), asked).status_code == 403
    assert not Event.objects.filter(action="aid.payment").exists(), "what was refused has not left the house"
    grant = purpose_ask(
        account=cast.accounts["aid_officer"], purpose="aid_payment", org=cast.orgs["XS"], reason="本学期发放寄宿生补助，送银行代发"
    )
    purpose_decide(account=cast.accounts["director"], grant=grant, granted=True, reason="按时发放")
    made = officer.post(at("payment", pk=run.pk), asked)
    assert made.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(made) if made.streaming else made.content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert {"11010519491231002X", "6228480402564890018"} <= set(cells)
    assert any("送银行代发" in cell for cell in cells), "who and why stands on the sheet"
    assert Event.objects.filter(action="sealed.reveal").count() == 2, "one for every number"


def payee(award):
    from xingtan.apps.desks.aid.sheets import Payee

    return Payee(award.pk, "11010519491231002X", "农信社", "6228480402564890018")


def test_every_fault_of_a_sheet_is_told_at_once_and_nothing_is_kept(cast, client_of):
    apply(cast, "A1", "王小明")
    apply(cast, "A2", "李四")
    run = decided(cast)
    first, second = run.awards.order_by("pk")
    rows = [
        ["序号", "证件号码", "开户行", "账号"],
        [first.pk, "110105194912310021", "农信社", "6228480402564890018"],
        [second.pk, "11010519491231002X", "", "abc"],
        [999999, "11010519491231002X", "农信社", "6228480402564890018"],
        [first.pk, "11010519491231002X", "农信社", "6228480402564890018"],
    ]
    answer = client_of("aid_officer").post(at("payees", pk=run.pk), {"file": sheet(*rows)})
    page = text(answer)
    assert answer.status_code == 422
    for words in ("校验码不合", "缺开户行", "账号应是 8 到 30 位数字", "999999", "已在第 2 行出现过"):
        assert words in page
    assert "110105194912310021" not in page, "a sealed number is not repeated in a message"
    assert {bool(one.account) for one in run.awards.all()} == {False}


def test_an_account_that_the_spreadsheet_has_spoiled_is_found(cast, client_of):
    apply(cast, "A1", "王小明")
    run = decided(cast)
    rows = [["序号", "证件号码", "开户行", "账号"], [run.awards.get().pk, "11010519491231002X", "农信社", 6228480402564890018]]
    answer = client_of("aid_officer").post(at("payees", pk=run.pk), {"file": sheet(*rows)})
    assert "后几位已经丢失" in text(answer)


@pytest.mark.parametrize("data", [b"", b"no sheet", b"PK\x03\x04broken"])
def test_a_file_that_is_no_sheet_is_refused_with_a_remedy(cast, client_of, data):
    apply(cast, "A1", "王小明")
    run = decided(cast)
    answer = client_of("aid_officer").post(at("payees", pk=run.pk), {"file": SimpleUploadedFile("a.xlsx", data)})
    assert answer.status_code == 422


def test_who_is_not_reached_stands_first(cast, client_of):
    on_file(cast, "A1", "王小明")
    on_file(cast, "A9", "无人管")
    apply(cast, "A1", "王小明")
    page = text(client_of("aid_officer").get(at("coverage") + HERE))
    assert page.index("无○○") < page.index("王○○")
    assert "脱贫户" not in page
    assert "无人管" not in page, "what the pack calls sensitive is shown in full for a purpose only"
    assert "未受助 1 人" in page


def test_the_preview_leaves_as_a_spreadsheet_without_formulas(cast, client_of):
    apply(cast, "A1", "=1+1")
    officer, address = client_of("aid_officer"), at("scheme", scheme="boarder_subsidy") + HERE + "&a-export=xlsx"
    assert "事由" in text(officer.get(address)), "the reason is asked first"
    answer = officer.post(address, {"reason": "核对名单", "to": "inside"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = {str(cell.value): cell.data_type for row in book.active.iter_rows() for cell in row}
    assert cells["=1+1"] == "s", "a name that begins with = stays a text"
    assert any("核对名单" in cell for cell in cells), "why stands on the sheet"
    assert Event.objects.get(action="export.aid").reason == "核对名单"
    assert client_of("inspector").get(address).status_code == 403, "who only reads takes nothing out"


def test_somebody_from_the_neighbour_finds_nothing(cast, client_of):
    apply(cast, "A1", "王小明")
    run = proposed(cast)
    assert client_of("outsider").get(at("run", pk=run.pk)).status_code == 404
