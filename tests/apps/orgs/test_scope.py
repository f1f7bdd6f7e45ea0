from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client
from tests.cast import Cast

from xingtan.apps.base.orgs import scope
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.period import Period


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[Period, int]:
    found: dict[Period, int] = {}
    monkeypatch.setattr(scope, "_periods", [lambda place: found])
    return found


HOMES = {"director": "XS", "town_officer": "XS-1", "principal_west": "XS-21", "teacher": "XS-12", "outsider": "SQ"}


@pytest.mark.django_db
@pytest.mark.parametrize("login", HOMES)
def test_one_stands_where_ones_highest_post_is(cast: Cast, login: str) -> None:
    here = scope.Provider().home(cast.accounts[login])
    assert here is not None
    assert here.org.code == HOMES[login]


@pytest.mark.django_db
def test_what_one_may_not_see_is_not_there(cast: Cast) -> None:
    provider = scope.Provider()
    for login, slug, org in (
        ("outsider", "xishan", ""),
        ("principal", "xishan", "XS-21"),
        ("director", "xishan", "SQ"),
        ("director", "nowhere", ""),
    ):
        with pytest.raises(Http404):
            provider.read(cast.accounts[login], slug, org, "")
    with pytest.raises(XingtanError):
        provider.read(cast.accounts["director"], "xishan", "", "去年")
    assert [choice.label for choice in provider.orgs(cast.accounts["town_officer"], cast.place)] == [
        "东溪镇",
        "东溪中学",
        "东溪中心小学",
        "柳湾村小",
    ]
    assert [choice.value for choice in provider.places(cast.accounts["town_officer"])] == ["xishan"]


PRESENT = (
    (["2009", "2008-2009", "2009-2010T1", "2010-01-03"], "2010"),
    (["2009", "2008-2009"], "2009"),
    (["2008-2009", "2007-2008"], "2008-2009"),
    (["Y-1", "Y0"], "Y0"),
    (["2005H1"], "2005"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("texts", "expected"), PRESENT)
def test_the_present_period_is_the_latest_year_with_data(cast: Cast, known: dict[Period, int], texts: list[str], expected: str) -> None:
    known.update({Period.parse(text): 1 for text in texts})
    provider = scope.Provider()
    assert provider.read(cast.accounts["director"], "xishan", "", "").period == Period.parse(expected)
    assert expected in [choice.value for choice in provider.periods(cast.accounts["director"], cast.place)]
    assert "2010-01-03" not in [choice.value for choice in provider.periods(cast.accounts["director"], cast.place)]


LATEST_FULL = (
    ({"2009": 60, "2010": 9}, "2009"),  # a plan of a few rows for the year after
    ({"2009": 60, "2010": 30}, "2010"),
    ({"2009": 60, "2010": 29, "2010H1": 1}, "2010"),  # what is reported within a year counts for it
    ({"2009": 61, "2010": 0}, "2009"),
    ({"2008": 100, "2009": 40, "2010": 45}, "2008"),
    ({"Y0": 8, "Y1": 2}, "Y0"),
    ({"2009": 1, "2008-2009": 500}, "2009"),
)


@pytest.mark.parametrize(("rows", "expected"), LATEST_FULL)
def test_the_present_period_holds_at_least_half_as_much_as_the_fullest(rows: dict[str, int], expected: str) -> None:
    assert scope.present({Period.parse(text): count for text, count in rows.items()}).text == expected


@pytest.mark.parametrize("period", ["去年", "2009-13", "99999", "Yx"])
def test_a_period_that_is_none_is_a_page_with_the_ways_to_write_one(client_of: Callable[[str], Client], period: str) -> None:
    response = client_of("director").get("/p/xishan/", {"period": period})
    page = response.content.decode()
    assert response.status_code == 400
    assert "不是期间" in page
    assert "2008-2009" in page
