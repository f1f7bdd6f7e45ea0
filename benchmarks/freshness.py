"""Claim: a figure shows a change within 5 s in a place of 8,000 rows, within 15 s in one of 50,000.

A county's ledger of so many rows × 30 columns, all in one year (nothing is spared by partitions), figures read by everybody since. One row is
changed by the service that a clerk's click calls; the figure's page is then asked for again and again, as somebody presses reload, until it shows
the new value. A worker runs as a process of its own, as in a real installation. Time is counted from the commit to the end of the answer;
while the page is behind, it must say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import imports
from benchmarks._report import Claim, publish
from benchmarks._scratch import home

SIZES = {8_000: 5.0, 50_000: 15.0}
ROUNDS, PAUSE, GIVE_UP = 5, 0.2, 60.0
INDICATORS = """- {id: total, title: 数量1合计, unit: 件, better: higher, formula: sum(pupils.n1)}
- {id: boarders, title: 寄宿人数, unit: 人, better: higher, formula: "count(pupils, boarding)"}
- {id: money, title: 金额1合计, unit: 元, better: higher, formula: sum(pupils.m1)}
"""


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """A worker process on the scratch home."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen([sys.executable, "-m", "xingtan.cli.main", "worker"], env=environ, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def fill(folder: Path, rows: int) -> None:
    """So many rows into the place, by the import that a person would use."""
    path = folder / f"{rows}.xlsx"
    imports.make_file(path, rows)
    imports.xingtan(path)


def reader(place: Any) -> Any:
    """A browser in which somebody has signed in who may see the figures."""
    from django.test import Client

    from xingtan.apps.base.access.models import Account, Grant

    account = Account(login="reader", display_name="阅数", place=place)
    account.set_unusable_password()
    account.save()
    Grant.objects.create(account=account, org=place.root, post="reader", valid_from=date(2000, 1, 1), reason="测速")
    client = Client(headers={"accept-language": "zh-hans"}, SERVER_NAME="127.0.0.1")
    client.force_login(account)
    return client


def page(client: Any) -> str:
    answer = client.get("/p/bench/indicators/total/?org=BM&period=2009")
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return str(answer.content.decode())


def total() -> int:
    """The figure as the ledger has it."""
    return sum(int(data["n1"]) for data in standing().values_list("data", flat=True).iterator(chunk_size=5000))


def standing() -> Any:
    from xingtan.apps.base.orgs.models import Place
    from xingtan.apps.record.ledgers.selectors import current

    return current(Place.objects.get(slug="bench"), "pupils")


def change(number: int) -> int:
    """Raise one row's 数量1; returns by how much the figure moves."""
    from xingtan.apps.base.audit.services import Actor
    from xingtan.apps.record.ledgers import services
    from xingtan.apps.record.ledgers.forms import initial_of
    from xingtan.apps.record.ledgers.shape import shape_of

    row = standing().order_by("pk")[number]
    texts = {**initial_of(shape_of(row.place, "pupils"), row), "n1": str(int(row.data["n1"]) + 7)}
    services.record_change(actor=Actor.system("测速"), record=row, seen=row.pk, texts=texts, today=date(2009, 12, 31))
    return 7


def shown(text: str, value: int) -> bool:
    return f"{value:,}" in text


def one(client: Any, number: int, before: int) -> tuple[int, float, bool]:
    """Change a row, reload until the page says so: the new value, the seconds, and whether a page on the way was behind without saying so."""
    from django.db import close_old_connections

    value = before + change(number)
    start = time.perf_counter()
    silent = False
    while True:
        close_old_connections()
        text = page(client)
        took = time.perf_counter() - start
        if shown(text, value):
            return value, took, silent
        silent |= "更新中" not in text
        assert took < GIVE_UP, f"not fresh after {GIVE_UP} s"
        time.sleep(PAUSE)


def measure(rows: int) -> tuple[list[float], bool]:
    with home() as folder:
        imports.make_place(folder, {"indicators/pupils.yaml": INDICATORS, "organisation.yaml": imports.PACK["organisation.yaml"] + POSTS})
        fill(folder, rows)
        from xingtan.apps.base.orgs.models import Place

        client = reader(Place.objects.select_related("root").get(slug="bench"))
        value = total()
        assert shown(page(client), value)
        with worker(folder):
            time.sleep(3)
            found = []
            silent = False
            for number in range(ROUNDS):
                value, took, hushed = one(client, number, value)
                silent |= hushed
                found.append(took)
    return found, silent


POSTS = "posts:\n  - {id: reader, title: 统计员, at: [county], may: [org.view, figure.view, ledger.view], scope: subtree}\n"


def main(argv: list[str]) -> int:
    """Each size in a process of its own; the table of both."""
    if argv:
        found, silent = measure(int(argv[0]))
        print(*found, int(silent))
        return 0
    claims, lines = [], []
    for rows, limit in SIZES.items():
        done = subprocess.run([sys.executable, "-m", "benchmarks.freshness", str(rows)], check=True, capture_output=True, text=True)
        *times, silent = map(float, done.stdout.split())
        assert not silent, "a page was behind and did not say so"
        claims.append(Claim(f"{rows:,} rows: slowest of {len(times)} changes", max(times), limit, unit="s"))
        lines.append(f"| {rows:,} | {median(times):.2f} | {max(times):.2f} |")
    told = [
        "From the commit of one changed row to the end of the answer in which the figure's page shows it; the page is reloaded every",
        f"{PAUSE:g} s, a worker runs beside. One ledger of 30 columns, one year: every change rewrites the whole partition.", "",
        "| rows | median, s | slowest, s |", "| --- | --- | --- |", *lines, "", "| claim | measured | limit | |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    publish("Freshness of figures", [*told, *(claim.row() for claim in claims)])
    return int(not all(claim.holds for claim in claims))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
