"""Claim: a roster of 100,000 pupils × 30 columns goes into the register at 8 times the rate of django-import-export or more.

- xingtan: the services a person's clicks call (upload, check, confirm, run): findings, who is who, preview, sealing, blind indexes, one batch
  that can be undone, one audit event.
- peer: django-import-export in bulk mode into the same models (person, pupil, class seat, movement, guardian), one resource a model over the same
  file parsed once, foreign keys looked up in a dictionary, sealed fields sealed by the models themselves: once validated by the models (its
  `clean_model_instances`; an import that checks nothing is none), once not. It finds nobody and can undo nothing.

CPU seconds of the process are compared. What both stored is read back in plain words and compared before ratios are printed.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks._report import Claim, publish
from benchmarks._scratch import county, home

ROWS, SCHOOLS, CLASSES, LIMIT = 100_000, 60, 12, 8.0
DAY, TODAY = date(2024, 9, 1), date(2024, 10, 8)
HEADINGS = (
    "学校名称", "姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "民族", "曾用名", "联系电话", "现住址", "年级", "班级", "班内学号", "就读方式",
    "入学年月", "入学方式", "户口所在地", "户口性质", "出生地", "籍贯", "国籍/地区", "政治面貌", "学生来源", "健康状况", "家庭地址", "通信地址",
    "邮政编码", "监护人姓名", "监护人关系", "监护人电话",
)  # fmt: skip
PACK = {
    "pack.yaml": 'id: bench\nversion: "2026.1"\ntitle: 名册测速\nplace: {code: BM, name: 测速县, kind: county}\neffective: {from: 2020-01-01}\n',
    "organisation.yaml": "kinds:\n  - {id: county, title: 县, tier: county}\n"
    "  - {id: school, title: 学校, tier: school, stage: [primary]}\nover: {county: [school]}\n",
    "parameters.yaml": "- {id: primary_years, title: 小学学制, value: 6, unit: 年, source: 测速}\n",
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_place(folder: Path) -> Any:
    """A scratch county with sixty primary schools."""
    return county(folder, PACK, SCHOOLS)


def citizen(birth: date, male: bool, serial: int) -> str:
    body = f"{220523 + serial // 500 % 300:06d}{birth:%Y%m%d}{serial % 500 * 2 + (1 if male else 0):03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def row_of(n: int, rng: random.Random) -> list[Any]:
    """One invented pupil; every identity number once."""
    grade, male = n % 6, bool(n % 2)
    birth = date(2018 - grade, 1, 1) + timedelta(days=n // 6 % 330)
    place = f"南山乡第{rng.randrange(200)}村"
    return [
        f"S{n % SCHOOLS + 1:02d}", f"学{rng.choice('春夏秋冬山川云月')}{rng.choice('一二三四五六七八')}{n % 997}", "男" if male else "女", birth,
        "居民身份证", citizen(birth, male, n), "汉族", "", f"138{n:08d}", f"{place}{n % 300}号", "一二三四五六"[grade] + "年级",
        f"{n // SCHOOLS % CLASSES + 1}班", str(n % 50 + 1), "住校" if n % 3 else "走读", f"{2024 - grade}-09", "就近入学", place, "农业户口", place, "吉林",
        "中国", "群众", "正常入学", "健康或良好", f"{place}{n % 300}号", f"{place}邮政所", "134000", f"家长{n % 9973}", "母亲" if n % 2 else "父亲",
        f"139{n:08d}",
    ]  # fmt: skip


def make_file(path: Path, rows: int) -> None:
    import xlsxwriter

    rng = random.Random(21)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day = book.add_worksheet("名册"), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, title in enumerate(HEADINGS):
        sheet.write_string(0, column, title)
    for n in range(1, rows + 1):
        for column, value in enumerate(row_of(n, rng)):
            if isinstance(value, date):
                sheet.write_datetime(n, column, value, day)
            else:
                sheet.write_string(n, column, value)
    book.close()


def measured(work: Callable[[], Any]) -> tuple[float, float, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def xingtan(place: Any, path: Path) -> dict[str, float]:
    """What happens between choosing a file and “已入账”; CPU seconds by step."""
    from xingtan.apps.base.audit.services import Actor
    from xingtan.apps.base.pupils import bulk
    from xingtan.apps.record.imports import services
    from xingtan.apps.record.imports.roster import services as roster

    actor, taken = Actor.system("测速"), {}
    data = path.read_bytes()
    taken["upload"], _, source = measured(
        lambda: roster.roster_upload(actor=actor, place=place, org=place.root, day=DAY, name=path.name, data=data, each_row_says=True)
    )
    taken["check"], _, made = measured(lambda: roster.roster_read(source=source, today=TODAY))
    assert (made.counts["added"], made.counts["faults"]) == (made.counts["rows"], 0), made.counts
    source = services.import_confirm(actor=actor, source=source)
    write, spans = bulk.roster_write, []

    def timed(**how: Any) -> Any:
        start = time.perf_counter()
        done = write(**how)
        spans.append(time.perf_counter() - start)
        return done

    bulk.roster_write = timed
    taken["write"], _, _ = measured(lambda: roster.roster_run(actor=actor, source=source, today=TODAY))
    bulk.roster_write = write
    return {**taken, "transaction": spans[0]}


def stored(place: Any) -> str:
    """Everything both have stored, in plain words, as one hash."""
    import hashlib

    from xingtan.apps.base.pupils.models import Enrolment, Guardian, Pupil

    total = hashlib.sha256()
    names = (
        "ethnic",
        "hukou_place",
        "hukou_kind",
        "birth_place",
        "native_place",
        "nationality",
        "politics",
        "origin",
        "postcode",
        "entry_month",
        "entry_mode",
    )
    for pupil in Pupil.objects.select_related("person").order_by("person__id_number_index").iterator(5000):
        person = pupil.person
        told = [
            person.name,
            person.initials,
            person.sex,
            str(person.birth),
            person.id_number.plain(),
            person.id_number_index,
            person.phone.plain(),
        ]
        told += [person.phone_index, person.address.plain(), pupil.health.plain(), pupil.home_address.plain(), pupil.mail_address.plain()]
        told += [str(getattr(person if name == "ethnic" else pupil, name)) for name in names]
        total.update(json.dumps(told, ensure_ascii=False).encode())
    columns = (
        "school__code",
        "stage",
        "grade",
        "school_class__entry_year",
        "school_class__number",
        "seat",
        "boarding",
        "valid_from",
        "valid_to",
    )
    for row in Enrolment.objects.order_by("pupil__person__id_number_index").values_list(*columns).iterator(5000):
        total.update(str(row).encode())
    for kin in Guardian.objects.order_by("pupil__person__id_number_index").iterator(5000):
        total.update(f"{kin.relation}{kin.name.plain()}{kin.phone.plain()}{kin.phone_index}".encode())
    return total.hexdigest()


def one(way: str, rows: int, keys: Path) -> dict[str, Any]:
    """One way in a home of its own, under the key ring of the first, so that blind indexes can be compared."""
    with home() as folder:
        place = make_place(folder)
        if keys.exists():
            (folder / "keys.json").write_bytes(keys.read_bytes())
        path = folder / "roster.xlsx"
        make_file(path, rows)
        steps: dict[str, float] = {}
        if way == "xingtan":
            cpu, wall, steps = measured(lambda: xingtan(place, path))
        else:
            from benchmarks._roster_peer import take

            cpu, wall, _ = measured(lambda: take(place, path, DAY, validate=way == "validating"))
        if not keys.exists():
            keys.write_bytes((folder / "keys.json").read_bytes())
        return {"cpu": cpu, "wall": wall, "rows": rows, "stored": stored(place), "steps": steps}


# The peer's cost a row does not depend on their number, but a hundred thousand validated rows take it a quarter of an hour.
RUNS = {"xingtan": ROWS, "xingtan, fewer": 10_000, "bulk": 10_000, "xingtan, few": 1_500, "validating": 1_500}
TITLES = {
    "xingtan": "xingtan: upload, check, preview, confirm, write", "xingtan, fewer": "the same", "xingtan, few": "the same",
    "bulk": "django-import-export, bulk, nothing validated", "validating": "django-import-export, bulk, validated by the models",
}  # fmt: skip


def main(argv: list[str]) -> int:
    """Each way in a process of its own; what was stored is compared wherever two took the same rows; publish."""
    if len(argv) == 3:
        print(json.dumps(one(argv[0], int(argv[1]), Path(argv[2]))))
        return 0
    import tempfile

    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in RUNS.items():
            line = [sys.executable, "-m", "benchmarks.roster", name.split(",")[0], str(rows), f"{folder}/keys.json"]
            taken[name] = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    assert taken["xingtan, fewer"]["stored"] == taken["bulk"]["stored"], "the two did not store the same"
    assert taken["xingtan, few"]["stored"] == taken["validating"]["stored"], "the two did not store the same"
    rate = {name: one["rows"] / one["cpu"] for name, one in taken.items()}
    steps = taken["xingtan"]["steps"]
    claims = [
        Claim("rows per CPU s: xingtan ÷ django-import-export that validates", rate["xingtan"] / rate["validating"], LIMIT, at_least=True)
    ]
    table = ["| way | rows | CPU s | wall s | rows per CPU s |", "| --- | --- | --- | --- | --- |"]
    table += [
        f"| {TITLES[name]} | {one['rows']:,} | {one['cpu']:.1f} | {one['wall']:.1f} | {rate[name]:,.0f} |" for name, one in taken.items()
    ]
    told = [
        f"Rosters of {len(HEADINGS)} columns, 8 of them sealed, into persons, pupils, class seats, movements and guardians; what both stored of the same",
        "rows was read back in plain words and is equal. The peer runs on fewer rows: its cost a row does not depend on their number.",
        f"Of {ROWS:,} rows of ours: upload {steps['upload']:.1f}, check {steps['check']:.1f}, compare again, seal and write {steps['write']:.1f} CPU s;",
        f"the one transaction took {steps['transaction']:.1f} s of wall time. Without any validation the peer is {rate['xingtan'] / rate['bulk']:.1f} times slower.",
    ]  # fmt: skip
    publish(
        "A roster of pupils",
        [*told, "", *table, "", "| claim | measured | limit | |", "| --- | --- | --- | --- |", *(claim.row() for claim in claims)],
    )
    return int(not all(claim.holds for claim in claims))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
