from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.test import Client
from tests.apps.pupils.helpers import admit
from tests.cast import ACTOR, Cast

from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import quota
from xingtan.apps.record.ledgers.services import record_create

DAY = date(2024, 10, 1)


def table(cast: Cast) -> dict[tuple[str, str], quota.Post]:
    return {(row.org.code, row.stage): row for row in quota.posts(cast.place, {org.pk for org in cast.orgs.values()}, DAY)}


def test_the_ratio_of_the_pack_gives_the_quota_of_the_pupils_on_the_roll(cast: Cast, staffroom: dict[str, Person]) -> None:
    for _ in range(27):
        admit(cast.school)
    admit(cast.org("XS-12"), stage="小学")
    for code, subject, posts in (("XS-11", "语文", "2"), ("XS-11", "数学", "1")):
        texts = {"org": code, "stage": "初中", "subject": subject, "posts": posts, "起": "2020-01-01"}
        record_create(actor=ACTOR, place=cast.place, ledger="approved_posts", texts=texts, today=DAY)
    found = table(cast)
    mine = found["XS-11", "初中"]
    assert (mine.pupils, mine.quota, mine.approved, mine.established, mine.others) == (27, Decimal(2), Decimal(3), 1, 1)
    assert (mine.gap, mine.vacancy) == (Decimal(1), Decimal(2))
    primary = found["XS-12", "小学"]  # the pack has no ratio for primary schools
    assert (primary.pupils, primary.quota, primary.gap, primary.approved) == (1, None, None, None)
    west = found["XS-21", "初中"]  # staff without pupils: nothing is said of a quota
    assert (west.pupils, west.quota, west.established) == (None, None, 1)


def test_a_number_that_is_not_exact_leaves_the_approved_posts_unknown(cast: Cast, staffroom: dict[str, Person]) -> None:
    for subject, posts in (("语文", "2"), ("数学", "10余")):
        texts = {"org": "XS-11", "stage": "初中", "subject": subject, "posts": posts, "起": "2020-01-01"}
        record_create(actor=ACTOR, place=cast.place, ledger="approved_posts", texts=texts, today=DAY)
    assert table(cast)["XS-11", "初中"].approved is None


def test_the_page_shows_it_with_its_ratio(cast: Cast, client_of: Callable[[str], Client], staffroom: dict[str, Person]) -> None:
    for _ in range(54):
        admit(cast.school)
    page = client_of("statistician").get("/p/xishan/staff/establishment/").content.decode()
    assert "初中 1:13.5" in page
    assert "缺编</span>" in page.partition("<tbody>")[2]
    narrowed = client_of("statistician").get("/p/xishan/staff/establishment/", {"state": "met"}).content.decode()
    assert "东溪中学</a>" not in narrowed
    assert client_of("statistician").get("/p/xishan/staff/establishment/", {"export": "xlsx"}).status_code == 200
