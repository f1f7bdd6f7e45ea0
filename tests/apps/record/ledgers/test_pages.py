"""The pages of a ledger: what they show, what they keep, what they hide."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.record.ledgers import policies, services
from xingtan.apps.record.ledgers.models import Draft, Record
from xingtan.apps.record.ledgers.selectors import current
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.pack.schema.ledger import Visible

ACTOR = Actor.system("试验")
URL = "/p/xishan/ledgers/enrolment/"


@pytest.fixture
def row(cast):
    return create(cast)


def create(cast, **changed):
    texts = {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "80余", "dropouts": "2", **changed}
    return services.record_create(actor=ACTOR, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1))


def typed(**changed):
    return {"org": "XS-11", "period": "2008-2009", "stage": "初中", "pupils": "300", "dropouts": "2", **changed}


def test_bounds_are_shown_as_words_and_each_reader_sees_his_own_schools(cast, client_of, row):
    create(cast, org="XS-21", stage="小学", pupils="约240")
    whole = client_of("statistician").get(URL).content.decode()
    assert "80余" in whole
    assert "约240" in whole
    own = client_of("principal").get(URL).content.decode()
    assert "80余" in own
    assert "约240" not in own


def test_a_wrong_form_keeps_what_was_typed_and_says_all_at_once(cast, client_of):
    page = client_of("statistician").post(f"{URL}new/", typed(stage="", pupils="许多", dropouts="-1"))
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="许多"' in text
    for word in ("不能空着", "不是数", "小于下限"):
        assert text.count(word) == 2  # beside the field, and in the summary on top
    assert Record.objects.count() == 0


def test_two_people_on_one_record_in_the_browser(cast, client_of, row):
    first, second = client_of("statistician"), client_of("town_officer")
    edit = f"{URL}{row.pk}/edit/"
    assert first.post(edit, typed(pupils="301", seen=row.pk)).status_code == 302
    page = second.post(edit, typed(pupils="305", seen=row.pk))
    text = page.content.decode()
    assert page.status_code == 422
    assert "季述" in text
    assert "对方改成了“301”" in text
    assert 'value="305"' in text
    now = current(cast.place, "enrolment").get()
    assert f'name="seen" value="{now.pk}"' in text
    assert second.post(edit, typed(pupils="305", seen=now.pk)).status_code == 302
    assert current(cast.place, "enrolment").get().data["pupils"] == "305"


def test_nobody_writes_for_an_organisation_that_is_not_his(cast, client_of):
    assert client_of("principal").post(f"{URL}new/", typed(org="XS-21")).status_code == 403
    assert Record.objects.count() == 0


def test_drafts_come_back_and_go_with_the_saving(cast, client_of):
    browser = client_of("statistician")
    browser.post(f"{URL}draft/", {"first": "0", "pupils": "12", "org": "XS-11"})
    assert 'value="12"' in browser.get(f"{URL}new/").content.decode()
    browser.post(f"{URL}new/", typed())
    assert Draft.objects.count() == 0


def test_export_is_exactly_what_is_seen_with_who_and_when_above(cast, client_of, row):
    create(cast, org="XS-21", stage="小学", pupils="1240")
    data = client_of("statistician").get(f"{URL}?f_stage=小学&export=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    flat = [value for line in rows for value in line if value is not None]
    assert any("季述" in str(value) for value in flat)
    assert any("学段：小学" in str(value) for value in flat)
    assert 1240 in flat
    assert "80余" not in flat


def test_the_template_has_headings_dropdowns_and_an_explanation_and_can_be_imported_back(cast, client_of):
    book = openpyxl.load_workbook(io.BytesIO(client_of("clerk").get(f"{URL}template/").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["单位", "期间", "学段", "在校生数（人）", "辍学人数（人）", "存疑"]
    assert len(sheet.data_validations.dataValidation) >= 2
    assert "填写说明" in book.sheetnames


def test_many_are_withdrawn_only_with_a_reason(cast, client_of, row):
    browser = client_of("statistician")
    assert browser.post(f"{URL}withdraw/", {"row": row.pk}).status_code == 200
    assert browser.post(f"{URL}withdraw/", {"row": row.pk, "reason": " "}).status_code == 422
    assert current(cast.place, "enrolment").count() == 1
    assert browser.post(f"{URL}withdraw/", {"row": row.pk, "reason": "重复"}).status_code == 302
    assert current(cast.place, "enrolment").count() == 0


def test_personal_columns_are_hidden_from_whom_they_must_be(cast, row):
    shape = shape_of(cast.place, "enrolment")
    ledger = shape.ledger.model_copy(update={"visible": Visible(sensitive=("dropouts",))})
    shape = type(shape)(shape.place, shape.pack, ledger, shape.layout)
    assert policies.Sight(shape).hides("dropouts")
    assert not policies.Sight(shape).hides("pupils")


def test_a_row_of_another_place_does_not_exist(cast, client_of, row):
    assert client_of("outsider").get(f"{URL}{row.pk}/").status_code == 404


def test_a_form_without_an_organisation_asks_for_it(cast, client_of):
    page = client_of("statistician").post(f"{URL}new/", typed(org=""))
    assert page.status_code == 422
    assert "请选择单位" in page.content.decode()
