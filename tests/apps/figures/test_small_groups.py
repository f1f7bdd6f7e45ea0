"""Counts of pupils too small to be told: hidden from who may not see the pupils, in exports, reports and commands; the same on every page."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from tests.cast import ACTOR, Cast, make_org

from xingtan.apps.base.orgs.models import Organisation
from xingtan.apps.face.reports.world import BookWorld
from xingtan.apps.record.figures import services, small
from xingtan.apps.record.figures.store import book
from xingtan.apps.record.ledgers.services import record_create
from xingtan.kernel.period import Period
from xingtan.kernel.small_groups import Shown

YEAR = "2008-2009"
COUNTS = {"XS-11": 3, "XS-12": 12, "XS-21": 40, "XS-22": 0}


@pytest.fixture
def county(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The ledger of hazards stands for a register of pupils: one row each."""
    monkeypatch.setattr(small, "PUPIL_ROWS", frozenset({"hazard"}))
    monkeypatch.setattr(small, "COUNTED", frozenset({"处"}))
    small._counts.cache_clear()
    for code, count in COUNTS.items():
        for n in range(count):
            texts = {"org": code, "found": f"2009-03-{n % 28 + 1:02d}", "what": f"第{n}处", "state": "未整改"}
            record_create(actor=ACTOR, place=cast.place, ledger="hazard", texts=texts, today=date(2009, 9, 1))
    services.snapshot_refresh(place=cast.place)
    yield cast
    small._counts.cache_clear()


def value(county: Cast, code: str, reader: str | None = None) -> str:
    shelf = book(county.place, reader=county.accounts[reader] if reader else None)
    spec = next(one for one in shelf.model.spec.indicators if one.id == "open_hazards")
    figure = shelf.veil.cover(shelf.table([code], [Period.parse(YEAR)], ["open_hazards"]).get("open_hazards", code, YEAR), spec)
    return f"{figure.value.columns()[:2]} {figure.rows}" if figure.value.is_exact else str(figure.value.hi and f"<{figure.value.hi}")


def test_who_may_see_the_pupils_sees_the_numbers(county):
    for login, codes in (("director", ("XS-11", "XS-12")), ("principal", ("XS-11",)), ("registrar", ("XS-11",))):
        for code in codes:
            assert value(county, code, login).endswith(f" {COUNTS[code]}")


def test_from_others_small_ones_are_hidden_and_what_would_give_them_away(county):
    for login in ("auditor", "clerk", None):
        assert value(county, "XS-11", login) == "<10"
        assert value(county, "XS-12", login) == "None"
        assert value(county, "XS-1", login).endswith(" 15")
        assert value(county, "XS-21", login).endswith(" 40")
        assert value(county, "XS-22", login).endswith(" 0")
    assert value(county, "XS-21", "principal").endswith(" 40")
    assert value(county, "XS-12", "principal") == "None"


def test_pages_lists_and_rows_hide_the_same(county, client_of):
    auditor, director = client_of("auditor"), client_of("director")
    at = f"?org=XS-1&period={YEAR}"
    shown, full = (client.get(f"/p/xishan/indicators/open_hazards/{at}").content.decode() for client in (auditor, director))
    assert "不足10" in shown
    assert "不足10" not in full
    page = auditor.get(f"/p/xishan/indicators/open_hazards/?org=XS-12&period={YEAR}").content.decode()
    assert "为保护个人信息不显示" in page
    assert ">12处<" not in page
    assert ">12处<" in director.get(f"/p/xishan/indicators/open_hazards/?org=XS-12&period={YEAR}").content.decode()
    rows = auditor.get(f"/p/xishan/indicators/open_hazards/rows/?org=XS-11&period={YEAR}").content.decode()
    assert "第0处" not in rows
    index = auditor.get(f"/p/xishan/indicators/?org=XS-11&period={YEAR}&all=1").content.decode()
    assert "不足10" in index
    home = auditor.get(f"/p/xishan/?org=XS-11&period={YEAR}").content.decode()
    assert ">3处<" not in home


def test_what_leaves_the_house_hides_them_from_everybody(county, client_of):
    exported = client_of("director").get(f"/p/xishan/indicators/?org=XS-11&period={YEAR}&all=1&export=xlsx")
    cells = [str(cell.value) for line in openpyxl.load_workbook(io.BytesIO(exported.content)).active.iter_rows() for cell in line]
    assert any("不足10" in cell for cell in cells)
    assert "3" not in cells
    below = client_of("director").get(f"/p/xishan/indicators/open_hazards/?org=XS-1&period={YEAR}&b_export=xlsx")
    cells = [str(cell.value) for line in openpyxl.load_workbook(io.BytesIO(below.content)).active.iter_rows() for cell in line]
    assert any("不足10" in cell for cell in cells)
    assert "12" not in cells
    world = BookWorld(book(county.place), Organisation.objects.get(pk=county.county.pk))
    assert world.figure("open_hazards", "XS-11", YEAR).value.hi == 10
    assert world.figure("open_hazards", "XS-12", YEAR).value.is_unknown
    assert world.rows("open_hazards", "XS-12", YEAR) == 0


def test_below_a_hidden_one_everything_is_hidden(county):
    make_org(county.place, "XS-122", "小河教学点", "teaching_point", "XS-12", date(2008, 9, 1))
    services.snapshot_refresh(place=county.place)
    veil = book(county.place).veil
    figure = veil._figure("open_hazards", "XS-12", YEAR)
    assert veil.state(figure) is Shown.HIDDEN
    assert not {veil._states("open_hazards", code, YEAR) for code in ("XS-121", "XS-122")} & {Shown.SMALL}


def test_the_pack_says_how_small(county, monkeypatch):
    monkeypatch.setattr(small, "number", lambda pack, name: 3)
    assert value(county, "XS-11").endswith(" 3")
    assert value(county, "XS-12").endswith(" 12")
