"""Sensitive columns of a ledger: sealed where they are kept, masked where they are shown, opened for a purpose, absent from snapshots."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from tests.apps.record.imports.helpers import csv, issues, read, take
from tests.cast import ACTOR, PACKS, Cast

from xingtan.apps.base.access import purposes, unmask
from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.orgs.services import pack_activate
from xingtan.apps.base.vault import keyring
from xingtan.apps.record.imports.models import Finding
from xingtan.apps.record.ledgers import services, settle
from xingtan.apps.record.ledgers.datasets import LedgerSource
from xingtan.apps.record.ledgers.models import Draft, Record
from xingtan.apps.record.ledgers.selectors import current, versions
from xingtan.kernel.errors import XingtanError

ID, OTHER, NAME = "220523199912310014", "220523199912310030", "贫甲生"
DAY = date(2009, 9, 1)
LEDGER = """\
- id: hardship
  title: 困难学生登记
  held_by: [school]
  period: school_year
  fields:
    - {id: number, title: 证件号, type: text, required: true}
    - {id: name, title: 姓名, type: person, required: true}
    - {id: level, title: 困难等级, type: code(hazard_state)}
    - {id: income, title: 家庭年收入, type: money, unit: 元}
    - {id: note, title: 备注, type: text}
  key: [number]
  search: [name, note]
  sort: [name]
"""
VISIBLE = (
    "  visible: {sensitive: [number, name, level, income], kinds: {number: id_number, name: other, level: poverty, income: poverty}}\n"
)
TEXTS = {"org": "XS-11", "period": "2008-2009", "number": ID, "name": NAME, "level": "", "income": "3000", "note": "低保户"}


def pack(folder: Path, version: str, ledger: str) -> Path:
    home = folder / "xishan" / version
    (home / "ledgers").mkdir(parents=True)
    text = (PACKS / "xishan" / "2009.1" / "pack.yaml").read_text(encoding="utf-8").replace('"2009.1"', f'"{version}"')
    (home / "pack.yaml").write_text(text, encoding="utf-8")
    for path in (PACKS / "xishan" / "2009.1").rglob("*.*"):
        target = home / path.relative_to(PACKS / "xishan" / "2009.1")
        target.parent.mkdir(exist_ok=True)
        if path.name != "pack.yaml":
            target.write_bytes(path.read_bytes())
    (home / "ledgers" / "hardship.yaml").write_text(ledger, encoding="utf-8")
    return home


@pytest.fixture
def county(cast: Cast, tmp_path: Path) -> Cast:
    pack_activate(place=cast.place, path=pack(tmp_path, "2009.2", LEDGER + VISIBLE), actor=ACTOR, roots=[PACKS])
    cast.place.refresh_from_db()
    return cast


def create(county: Cast, **texts: str) -> Record:
    return services.record_create(actor=ACTOR, place=county.place, ledger="hardship", texts={**TEXTS, **texts}, today=DAY)


@pytest.fixture
def row(county: Cast) -> Record:
    return create(county)


def raw(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledgers_record WHERE id = %s", [pk])
        return json.dumps([str(value) for value in cursor.fetchone()], ensure_ascii=False)


def test_the_row_is_sealed_in_every_column_of_the_table(row):
    said = raw(row.pk)
    for secret in (ID, NAME, "3000"):
        assert secret not in said
    assert "低保户" in said
    assert row.data["number"]["sealed"].startswith(keyring.ring().active)


def test_hashes_tell_rows_apart_and_cannot_be_tried_out(county, row):
    from xingtan.apps.record.ledgers.keys import digest, key_text

    with pytest.raises(XingtanError, match="已经有了"):
        create(county, name="别名")
    assert row.key_hash != digest(key_text(row.org_id, "2008-2009", [ID]))
    create(county, number=OTHER)


def test_the_log_holds_no_plain_text(county, row):
    for event in Event.objects.filter(action__startswith="record."):
        for secret in (ID, NAME, "3000", "sealed"):
            assert secret not in event.before + event.after + event.target_label


def test_lists_pages_exports_and_forms_show_masks(county, row, client_of):
    for login in ("principal", "registrar", "statistician", "director", "homeroom"):
        client = client_of(login)
        pages = [client.get(f"/p/xishan/ledgers/hardship/{part}") for part in ("", f"{row.pk}/")]
        if login in ("principal", "registrar", "statistician"):
            pages.append(client.get(f"/p/xishan/ledgers/hardship/{row.pk}/edit/"))
        for page in pages:
            text = page.content.decode()
            for secret in (ID, NAME, "3000", "3,000"):
                assert secret not in text, (login, page.request["PATH_INFO"])
    listed = client_of("principal").get("/p/xishan/ledgers/hardship/").content.decode()
    assert "220●●●●●●●●●●●●●14" in listed
    book = openpyxl.load_workbook(
        io.BytesIO(client_of("principal").post("/p/xishan/ledgers/hardship/?export=xlsx", {"reason": "核对", "to": "inside"}).content)
    )
    cells = [str(cell.value) for line in book.active.iter_rows() for cell in line]
    assert "220●●●●●●●●●●●●●14" in cells
    assert not {ID, NAME, "3000"} & set(cells)


def test_a_sensitive_column_is_found_by_nobody(county, row, client_of):
    for words in (NAME, ID, "3000"):
        assert "没有" in client_of("principal").get(f"/p/xishan/ledgers/hardship/?q={words}").content.decode()
        assert f"/ledgers/hardship/{row.pk}/" not in client_of("principal").get(f"/p/xishan/search/?q={words}").content.decode()
    assert f"/ledgers/hardship/{row.pk}/" in client_of("principal").get("/p/xishan/search/?q=低保户").content.decode()


def test_an_edit_keeps_what_was_left_empty(county, row, client_of):
    form = {**TEXTS, "number": "", "name": "", "income": "清空", "note": "改过", "seen": row.pk, "reason": ""}
    assert client_of("principal").post(f"/p/xishan/ledgers/hardship/{row.pk}/edit/", form).status_code == 302
    now = current(county.place, "hardship").get()
    from xingtan.apps.record.ledgers.cells import load
    from xingtan.apps.record.ledgers.shape import shape_of

    shape = shape_of(county.place, "hardship")
    said = {name: cell.value for name, item in shape.fields.items() if (cell := load(item, now.data.get(name)))}
    assert said == {"number": ID, "name": NAME, "note": "改过"}
    page = client_of("principal").get(f"/p/xishan/ledgers/hardship/{now.pk}/").content.decode()
    assert "证件号：" not in page.split("历次版本", 1)[1]  # unchanged, though sealed anew


def test_a_form_with_faults_shows_what_was_typed_and_not_what_stands_there(county, row, client_of):
    form = {**TEXTS, "number": "", "name": "", "income": "很多", "seen": row.pk, "reason": ""}
    page = client_of("principal").post(f"/p/xishan/ledgers/hardship/{row.pk}/edit/", form)
    assert page.status_code == 422
    assert ID not in page.content.decode()
    assert NAME not in page.content.decode()


def test_two_people_on_one_row_learn_no_secret_from_the_conflict(county, row, client_of):
    services.record_change(actor=ACTOR, record=row, seen=row.pk, texts={**TEXTS, "name": "丙生"}, today=DAY)
    form = {**TEXTS, "number": "", "name": "", "note": "我改", "seen": row.pk, "reason": ""}
    page = client_of("principal").post(f"/p/xishan/ledgers/hardship/{row.pk}/edit/", form).content.decode()
    assert "丙生" not in page
    assert NAME not in page


def test_a_draft_is_sealed_and_comes_back_to_who_typed_it(county, client_of):
    client = client_of("principal")
    client.post("/p/xishan/ledgers/hardship/draft/", {**TEXTS, "first": "0"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM ledgers_draft")
        assert ID not in str(cursor.fetchone()[0])
    assert ID in client.get("/p/xishan/ledgers/hardship/new/").content.decode()
    assert ID not in client_of("registrar").get("/p/xishan/ledgers/hardship/new/").content.decode()


def opened(county: Cast, row: Record, login: str, field: str, purpose: str) -> str:
    return unmask.reveal(account=county.accounts[login], row=row, field=field, purpose=purpose, reason="认定")


def test_a_cell_is_opened_for_a_purpose(county, row, client_of):
    aid = purposes.purpose_ask(account=county.accounts["aid_officer"], purpose="aid_review", org=county.county, reason="认定")
    purposes.purpose_decide(account=county.accounts["director"], grant=aid, granted=True, reason="同意")
    assert opened(county, row, "aid_officer", "number", "aid_review") == ID
    assert opened(county, row, "aid_officer", "income", "aid_review") == "3,000"
    event = Event.objects.filter(action="sealed.reveal").first()
    assert event.became == {"field": "income", "kind": "poverty", "purpose": "aid_review"}
    assert event.target_label.startswith("困难学生登记")
    page = client_of("aid_officer").get(f"/p/xishan/ledgers/hardship/{row.pk}/").content.decode()
    assert f"/reveal/ledgers.record/{row.pk}/number/" in page
    address = f"/p/xishan/reveal/ledgers.record/{row.pk}/name/"
    assert "没有获准用途“发放资助资金”" in client_of("aid_officer").get(address).content.decode(), "no purpose of hers opens it"
    assert client_of("aid_officer").get(f"/p/xishan/reveal/ledgers.record/{row.pk}/note/").status_code == 404
    shown = client_of("aid_officer").post(f"/p/xishan/reveal/ledgers.record/{row.pk}/number/", {"purpose": "aid_review", "reason": "认定"})
    assert ID in shown.content.decode()


def test_a_snapshot_holds_pseudonyms_and_codes_only(county, row):
    create(county, number=OTHER, org="XS-21")
    table = LedgerSource().table("xishan", "hardship", "2008-2009").to_pylist()
    assert len(table) == 2
    for line in table:
        for secret in (ID, OTHER, NAME, "3000"):
            assert secret not in str(line)
        assert line["income__reason"] == "unknown"
        assert line["note"] == "低保户"
    assert table[0]["name"] == table[1]["name"]  # the same name has the same pseudonym
    assert table[0]["number"] != table[1]["number"]
    assert table[0]["name"].startswith("#")


def test_an_import_seals_and_compares_what_is_sealed(county, row):
    head = "单位,期间,证件号,姓名,家庭年收入,备注"
    same = csv(f"XS-11,2008-2009,{ID},{NAME},3000,低保户", f"XS-11,2008-2009,{OTHER},乙生,不多,", head=head)
    source = read(county, same, ledger="hardship")
    assert source.counts["same"] == 1
    finding = Finding.objects.get(severity="error")
    assert "不多" not in finding.value + str(finding.message)
    assert [issue.where.field for issue in issues(source) if issue.severity == "error"] == ["家庭年收入"]
    good = csv(f"XS-11,2008-2009,{ID},{NAME},4000,", f"XS-11,2008-2009,{OTHER},乙生,2000,", head=head)
    take(read(county, good, ledger="hardship"))
    rows = list(current(county.place, "hardship").order_by("pk"))
    assert len(rows) == 2
    for one in rows:
        for secret in (ID, OTHER, NAME, "乙生", "4000", "2000"):
            assert secret not in raw(one.pk)
    again = read(county, good, ledger="hardship")
    assert (again.counts["same"], again.counts["changed"], again.counts["added"]) == (2, 0, 0)


def test_a_pack_that_makes_a_column_sensitive_seals_what_is_there_and_back(cast, tmp_path):
    pack_activate(place=cast.place, path=pack(tmp_path, "2009.2", LEDGER), actor=ACTOR, roots=[PACKS])
    cast.place.refresh_from_db()
    row = create(cast)
    services.record_change(actor=ACTOR, record=row, seen=row.pk, texts={**TEXTS, "note": "二版"}, today=DAY)
    assert NAME in raw(row.pk)
    pack_activate(place=cast.place, path=pack(tmp_path, "2009.3", LEDGER + VISIBLE), actor=ACTOR, roots=[PACKS])
    cast.place.refresh_from_db()
    for version in versions(row):
        assert NAME not in raw(version.pk)
        assert ID not in raw(version.pk)
    with pytest.raises(XingtanError, match="已经有了"):
        create(cast)
    pack_activate(place=cast.place, path=pack(tmp_path, "2009.4", LEDGER), actor=ACTOR, roots=[PACKS])
    cast.place.refresh_from_db()
    assert NAME in raw(current(cast.place, "hardship").get().pk)
    with pytest.raises(XingtanError, match="已经有了"):
        create(cast)


def test_a_new_key_reaches_every_version_and_draft(county, row):
    keyring.store(keyring.ring().with_new_key())
    Draft.objects.create(place=county.place, ledger="hardship", actor_id="1", typed={"name": "丁生"})
    assert settle.settle_all() == 2
    active = keyring.ring().active
    row.refresh_from_db()
    assert row.data["number"]["sealed"].startswith(active)
    assert Draft.objects.get().typed["name"]["sealed"].startswith(active)
    assert settle.settle_all() == 0
