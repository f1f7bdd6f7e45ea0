"""Claims about the list of 50,000 pupils, whatever filter: SQL at most twice the bare indexed query without scope, the access scope at most a
fifth on top of the page's own SQL, the page 100 ms at the 95th percentile and 40 ms of processor time.

- page: the list as a signed-in statistician of the bureau (sees the county) and a registrar (one school) open it, by Django's test client.
- bare: the same rows by a hand-written query on the same indexes, first page of fifty with names, without any scope, and the count.

SQL time is the sum over the queries of the list itself (those that name pupils_enrolment), medians of several rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from benchmarks import roster
from benchmarks._report import Claim, publish
from benchmarks._scratch import home

ROWS, ROUNDS = 50_000, 15
SQL, SCOPE, PAGE_MS, CPU_MS = 2.0, 1.2, 100.0, 40.0
POSTS = (
    "posts:\n  - {id: bureau, title: 统计员, at: [county], may: [org.view, pupil.view], scope: subtree}\n"
    "  - {id: registrar, title: 学籍管理员, at: [school], may: [org.view, pupil.view], scope: own}\n"
)
FILTERS = {
    "nothing": ("", ""),
    "stage": ("stage=小学", "AND e.stage = '小学'"),
    "grade": ("grade=小学|3", "AND e.stage = '小学' AND e.grade = 3"),
    "sex": ("sex=女", "AND p.sex = '女'"),
    "boarding": ("boarding=1", "AND e.boarding = 1"),
    "status": ("status=休学", "AND e.status = '休学'"),
    "name": ("q=学春", "AND p.name LIKE '%%学春%%'"),
}
BARE = (
    "SELECT {what} FROM pupils_enrolment e JOIN pupils_pupil u ON u.id = e.pupil_id JOIN people_person p ON p.id = u.person_id "
    "WHERE e.place_id = %s AND e.valid_from <= %s AND e.valid_to > %s {where} {order}"
)


def fill(folder: Any, rows: int) -> Any:
    """The county with its pupils, by the roster import; two readers."""
    roster.PACK["organisation.yaml"] += POSTS
    place = roster.make_place(folder)
    from xingtan.apps.base.orgs.models import Organisation

    readers = browser(place, place.root, "bureau"), browser(place, Organisation.objects.get(code="S01"), "registrar")
    path = folder / "roster.xlsx"
    roster.make_file(path, rows)
    roster.xingtan(place, path)
    return place, *readers


def browser(place: Any, org: Any, post: str) -> Any:
    from datetime import date

    from django.test import Client

    from xingtan.apps.base.access.models import Account, Grant

    account = Account(login=post, display_name=post, place=place)
    account.set_unusable_password()
    account.save()
    Grant.objects.create(account=account, org=org, post=post, valid_from=date(2000, 1, 1), reason="测速")
    client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1")
    client.force_login(account)
    return client


def sql_time(work: Callable[[], Any]) -> float:
    """Seconds in queries on enrolment."""
    from django.db import connection

    spent = 0.0

    def timed(execute: Any, sql: str, *call: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(sql, *call)
        finally:
            spent += time.perf_counter() - start if "pupils_enrolment" in sql else 0.0

    with connection.execute_wrapper(timed):
        work()
    return spent


def bare(place: Any, where: str) -> None:
    """The first page and the count, by hand."""
    from django.db import connection
    from django.utils import timezone

    day = timezone.localdate()
    with connection.cursor() as cursor:
        for what, order in (("COUNT(*)", ""), ("e.*, u.number, p.name, p.sex", "ORDER BY e.pupil_id, e.valid_from LIMIT 50")):
            cursor.execute(BARE.format(what=what, where=where, order=order), [place.pk, day, day])
            cursor.fetchall()


def measure(place: Any, client: Any, query: str, where: str) -> dict[str, float]:
    address = f"/p/bench/pupils/?{query}"

    def page() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))

    page()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        page()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    mine, theirs = [sql_time(page) for _ in range(9)], [sql_time(lambda: bare(place, where)) for _ in range(9)]
    return {
        "p95": 1000 * quantiles(walls, n=20)[18], "cpu": 1000 * median(cpus), "sql": 1000 * median(mine), "bare": 1000 * median(theirs),
    }  # fmt: skip


def main(rows: int = ROWS) -> int:
    with home() as folder:
        place, bureau, registrar = fill(folder, rows)
        found = {name: measure(place, bureau, query, where) for name, (query, where) in FILTERS.items()}
        school = measure(place, registrar, "", "AND e.school_id = (SELECT id FROM orgs_organisation WHERE code = 'S01')")
    lines = ["| filter | page p95, ms | page CPU, ms | SQL, ms | bare SQL, ms | SQL ÷ bare |", "| --- | --- | --- | --- | --- | --- |"]
    every = {**found, "nothing, one school's registrar": school}
    lines += [
        f"| {name} | {one['p95']:.0f} | {one['cpu']:.1f} | {one['sql']:.1f} | {one['bare']:.1f} | {one['sql'] / one['bare']:.2f} |"
        for name, one in every.items()
    ]
    claims = [
        Claim(
            "SQL of the page ÷ bare indexed query without scope, worst filter", max(one["sql"] / one["bare"] for one in found.values()), SQL
        ),
        Claim("page, 95th percentile, worst filter", max(one["p95"] for one in every.values()), PAGE_MS, unit="ms"),
        Claim("page, processor time, worst filter", max(one["cpu"] for one in every.values()), CPU_MS, unit="ms"),
    ]
    told = f"{rows:,} pupils of 60 schools, SQLite. The bare query has no scope, so the ratio holds what the access scope adds."
    publish(
        "The list of pupils",
        [told, "", *lines, "", "| claim | measured | limit | |", "| --- | --- | --- | --- |", *(claim.row() for claim in claims)],
    )
    return int(not all(claim.holds for claim in claims))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
