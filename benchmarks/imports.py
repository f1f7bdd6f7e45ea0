"""Import of a spreadsheet, 100,000 rows × 30 columns, validated and stored, three ways over the same file in one run:

- xingtan: the services a person's clicks call (upload, read, confirm, run), with findings, diff, versions and the flag;
- bare: polars reads, 24 column rules, executemany into a plain table. What the hardware allows;
- peer: django-import-export in bulk mode with model validation.

CPU seconds of the process are compared, not wall time: machines are shared. Stored values are compared before ratios are printed.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks._report import Claim, publish
from benchmarks._scratch import county, home

ROWS, SCHOOLS = 100_000, 60
LIMIT_PEER, LIMIT_BARE = 8.0, 3.0
COUNTS = [f"n{n}" for n in range(1, 11)]
MONEY = [f"m{n}" for n in range(1, 7)]
RATES = ["r1", "r2"]
TEXTS = ["t1", "t2", "t3"]
NUMBERS = [*COUNTS, *MONEY, *RATES]
SEXES = ("男", "女")
Stored = tuple[int, list[Decimal]]
TITLES = {
    "org": "单位", "period": "期间", "number": "编号", "name": "姓名", "sex": "性别", "born": "出生日期", "entered": "入学日期",
    "boarding": "是否寄宿",
    **{name: f"数量{name[1:]}" for name in COUNTS}, **{name: f"金额{name[1:]}" for name in MONEY},
    **{name: f"比率{name[1:]}" for name in RATES}, **{name: f"备注{name[1:]}" for name in TEXTS},
    "done": "是否办结",
}  # fmt: skip
PACK = {
    "pack.yaml": 'id: bench\nversion: "2026.1"\ntitle: 导入测速\n'
    "place: {code: BM, name: 测速县, kind: county}\neffective: {from: 2020-01-01}\n",
    "organisation.yaml": "kinds:\n  - {id: county, title: 县, tier: county}\n"
    "  - {id: school, title: 学校, tier: school}\nover: {county: [school]}\n",
    "codes/sex.yaml": "- {id: sex, title: 性别, codes: [{code: 男}, {code: 女}]}\n",
}


@dataclass(frozen=True)
class Taken:
    """What one way cost."""

    cpu: float
    wall: float


def ledger_yaml() -> str:
    """The ledger with the same rules that the other ways check."""
    fields = [
        "{id: number, title: 编号, type: text, required: true}", "{id: name, title: 姓名, type: text, required: true}",
        "{id: sex, title: 性别, type: code(sex), required: true}", "{id: born, title: 出生日期, type: date, required: true}",
        "{id: entered, title: 入学日期, type: date, required: true}", "{id: boarding, title: 是否寄宿, type: boolean, required: true}",
        *(f"{{id: {name}, title: {TITLES[name]}, type: integer, min: 0, max: 99999}}" for name in COUNTS),
        *(f"{{id: {name}, title: {TITLES[name]}, type: money, min: 0, digits: 2}}" for name in MONEY),
        *(f"{{id: {name}, title: {TITLES[name]}, type: percent, min: 0, max: 1}}" for name in RATES),
        *(f"{{id: {name}, title: {TITLES[name]}, type: text}}" for name in TEXTS),
        "{id: done, title: 是否办结, type: boolean}",
    ]  # fmt: skip
    lines = "".join(f"    - {field}\n" for field in fields)
    checks = "  checks:\n    - {when: born > entered, say: 出生晚于入学}\n    - {when: n1 > 100000, say: 数量1不合理}\n"
    return f"- id: pupils\n  title: 学生\n  period: year\n  fields:\n{lines}  key: [number]\n{checks}"


def make_file(path: Path, rows: int) -> None:
    """The spreadsheet: repeatable, every cell valid, 30 columns."""
    import xlsxwriter

    rng = random.Random(20)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day = book.add_worksheet("数据"), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, title in enumerate(TITLES.values()):
        sheet.write_string(0, column, title)
    for n in range(1, rows + 1):
        born = date(1996, 1, 1) + timedelta(days=rng.randrange(3000))
        values: list[Any] = [
            f"S{n % SCHOOLS + 1:02d}",
            "2009",
            f"BM{n:08d}",
            f"学生{rng.randrange(rows)}",
            SEXES[n % 2],
            born,
            date(2005, 9, 1),
        ]
        values += ["是" if n % 3 else "否", *(rng.randrange(5000) for _ in COUNTS), *(rng.randrange(1, 10**7) / 100 for _ in MONEY)]
        values += [*(rng.randrange(1, 1000) / 1000 for _ in RATES), *(f"说明{rng.randrange(400)}" for _ in TEXTS), "是"]
        for column, value in enumerate(values):
            if isinstance(value, date):
                sheet.write_datetime(n, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(n, column, value)
            else:
                sheet.write_number(n, column, value)
    book.close()


def measured(work: Callable[[], None]) -> Taken:
    """Run once; CPU of all threads of this process."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Taken(time.process_time() - cpu, time.perf_counter() - wall)


def bare(path: Path, folder: Path) -> None:
    """Read, validate by column, insert. No diff, no versions, no findings beside a count."""
    import polars as pl

    frame = pl.read_excel(path, engine="calamine")
    names = dict(zip(TITLES.values(), TITLES, strict=True))
    frame = frame.rename(names)
    rules = [
        *(pl.col(name).is_between(0, 99999).all().alias(name) for name in COUNTS),
        *((pl.col(name) >= 0).all().alias(name) for name in MONEY),
        *(pl.col(name).is_between(0, 1).all().alias(name) for name in RATES), pl.col("sex").is_in(list(SEXES)).all(),
        pl.col("number").is_unique().all(), (pl.col("born") <= pl.col("entered")).all(),
        pl.col("name").str.len_chars().is_between(1, 200).all(),
        pl.col("boarding").is_in(["是", "否"]).all(), pl.col("org").str.starts_with("S").all(),
    ]  # fmt: skip
    assert all(frame.select(rules).row(0))
    frame = frame.with_columns(pl.col("born", "entered").cast(pl.String))
    connection = sqlite3.connect(folder / "bare.sqlite3")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"CREATE TABLE pupils (id INTEGER PRIMARY KEY, {', '.join(frame.columns)})")
    connection.executemany(f"INSERT INTO pupils ({', '.join(frame.columns)}) VALUES ({', '.join('?' * frame.width)})", frame.iter_rows())
    connection.commit()
    connection.close()


def stored_bare(folder: Path) -> Stored:
    """Read back the plain table."""
    connection = sqlite3.connect(folder / "bare.sqlite3")
    rows = connection.execute(f"SELECT {', '.join(NUMBERS)} FROM pupils").fetchall()
    connection.close()
    return summed([str(value) for value in row] for row in rows)


def summed(rows: Iterable[Iterable[str]]) -> Stored:
    """Exact sums by column, and the number of rows."""
    sums, count = [Decimal(0)] * len(NUMBERS), 0
    for row in rows:
        count += 1
        sums = [total + Decimal(text) for total, text in zip(sums, row, strict=True)]
    return count, [total.normalize() for total in sums]


def xingtan(path: Path) -> None:
    """What happens between choosing a file and “已入账”."""
    from xingtan.apps.base.audit.services import Actor
    from xingtan.apps.base.orgs.models import Place
    from xingtan.apps.record.imports import services
    from xingtan.apps.record.imports.models import Import

    place, actor, today = Place.objects.get(slug="bench"), Actor.system("测速"), date(2009, 12, 31)
    source = services.import_upload(
        actor=actor, place=place, ledger="pupils", org=place.root, period="", name=path.name, data=path.read_bytes()
    )
    made = services.import_read(source=source, today=today)
    assert made.counts["added"] == made.counts["rows"], made.counts
    source = services.import_confirm(actor=actor, source=source)
    services.import_run(actor=actor, source=source, today=today)
    assert Import.objects.get(pk=source.pk).state == "done"


def stored_by_xingtan() -> Stored:
    """Read back every stored cell."""
    from xingtan.apps.record.ledgers.models import Record

    cells = Record.objects.filter(live=True).values_list("data", flat=True).iterator(chunk_size=5000)
    return summed([data[name] for name in NUMBERS] for data in cells)


def peer(path: Path, model: Any) -> None:
    """django-import-export as its documentation recommends for many rows: bulk, with the model's own validation."""
    from import_export import resources
    from tablib import Dataset

    options = {"model": model, "use_bulk": True, "batch_size": 1000, "clean_model_instances": True, "force_init_instance": True,
               "skip_diff": True, "fields": list(TITLES), "import_id_fields": ["number"], "report_skipped": False}  # fmt: skip
    resource = type("PeerResource", (resources.ModelResource,), {"Meta": type("Meta", (), options)})()
    data = Dataset().load(path.read_bytes(), format="xlsx")
    data.headers = list(TITLES)
    result = resource.import_data(data, dry_run=False, raise_errors=True)
    assert not result.has_errors()
    assert not result.has_validation_errors()


def stored_by_peer(model: Any) -> Stored:
    """Read back the peer's table."""
    return summed([str(value) for value in row] for row in model.objects.values_list(*NUMBERS).iterator(chunk_size=5000))


def peer_model() -> Any:
    """A Django model of the same thirty columns with validators for the same rules."""
    from django.core.validators import MaxValueValidator, MinValueValidator
    from django.db import connection, models

    def number(top: int, digits: int) -> Any:
        return models.DecimalField(max_digits=14, decimal_places=digits, validators=[MinValueValidator(0), MaxValueValidator(top)])

    body: dict[str, Any] = {name: models.CharField(max_length=200) for name in ("org", "period", "number", "name", *TEXTS)}
    body |= {
        "sex": models.CharField(max_length=4, choices=[(one, one) for one in SEXES]),
        "born": models.DateField(),
        "entered": models.DateField(),
    }
    body |= {name: models.CharField(max_length=2, choices=[("是", "是"), ("否", "否")]) for name in ("boarding", "done")}
    body |= {name: models.IntegerField(validators=[MinValueValidator(0), MaxValueValidator(99999)]) for name in COUNTS}
    body |= {name: number(10**9, 2) for name in MONEY} | {name: number(1, 4) for name in RATES}
    body |= {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "bench"})}
    model = type("PeerPupil", (models.Model,), body)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


def make_place(folder: Path, more: dict[str, str] | None = None) -> None:
    """A scratch place with the benchmark's pack (and `more` files of it) and sixty schools."""
    county(folder, {**PACK, "ledgers/pupils.yaml": ledger_yaml(), **(more or {})}, SCHOOLS)


def main(rows: int = ROWS) -> int:
    """Run all three over one file, compare what they stored, publish; 1 when a limit is missed."""
    with home() as folder:
        make_place(folder)
        path = folder / "pupils.xlsx"
        make_file(path, rows)
        model = peer_model()
        taken = {
            "xingtan: upload, check, preview, confirm, write": measured(lambda: xingtan(path)),
            "bare: read, validate, insert": measured(lambda: bare(path, folder)),
            "django-import-export, bulk": measured(lambda: peer(path, model)),
        }
        stored = stored_by_xingtan()
        assert stored[0] == rows
        assert stored == stored_bare(folder) == stored_by_peer(model)
    mine, least, theirs = taken.values()
    claims = [
        Claim("CPU: xingtan ÷ bare path", mine.cpu / least.cpu, LIMIT_BARE),
        Claim("CPU: django-import-export ÷ xingtan", theirs.cpu / mine.cpu, LIMIT_PEER, at_least=True),
    ]
    table = ["| way | CPU s | wall s | rows per CPU s |", "| --- | --- | --- | --- |"]
    table += [f"| {name} | {one.cpu:.2f} | {one.wall:.2f} | {rows / one.cpu:,.0f} |" for name, one in taken.items()]
    told = f"One file of {rows:,} rows × {len(TITLES)} columns; what the three stored was read back and is equal. CPU of all threads."
    verdicts = ["", "| claim | measured | limit | |", "| --- | --- | --- | --- |", *(claim.row() for claim in claims)]
    publish("Import of a spreadsheet", [told, "", *table, *verdicts])
    return int(not all(claim.holds for claim in claims))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
