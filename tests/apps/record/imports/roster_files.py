"""Rosters as schools send them, and their way through the services."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
from tests.apps.pupils.helpers import citizen_number
from tests.cast import ACTOR

from xingtan.apps.record.imports import services
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.imports.roster import services as roster
from xingtan.apps.record.imports.store import issue_of
from xingtan.kernel.issues import Issue

DAY, TODAY = date(2024, 9, 1), date(2024, 10, 8)
HEAD = (
    "学校名称",
    "姓名★",
    "性别★",
    "出生日期★",
    "身份证件号",
    "年级★",
    "班级★",
    "就读方式★",
    "联系电话★",
    "是否留守儿童★",
    "监护人姓名",
    "监护人关系",
    "监护人电话",
)


def child(n: int, **cells: Any) -> tuple[Any, ...]:
    """The row of an invented pupil; `cells` by heading without star."""
    birth = date(2012, 1 + n % 12, 1 + n % 28)
    sex = "男" if n % 2 else "女"
    row = {
        "学校名称": "东溪中学", "姓名": f"学生{n}", "性别": sex, "出生日期": f"{birth:%Y%m%d}", "身份证件号": citizen_number(birth, sex, n),
        "年级": "七年级", "班级": f"{1 + n % 2}班", "就读方式": "住校" if n % 3 else "走读", "联系电话": f"138{n:08d}",
        "是否留守儿童": "单亲留守儿童" if n % 5 == 0 else "非留守儿童", "监护人姓名": f"家长{n}", "监护人关系": "父亲", "监护人电话": f"139{n:08d}",
    } | cells  # fmt: skip
    return tuple(row[name.strip("★")] for name in HEAD)


def book(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    made = openpyxl.Workbook()
    for row in (head, *rows):
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def upload(cast: Any, data: bytes, *, name: str = "名册.xlsx", org: Any = None, actor: Any = ACTOR, day: date = DAY, **more: Any) -> Import:
    source = roster.roster_upload(actor=actor, place=cast.place, org=org or cast.county, day=day, name=name, data=data, **more)
    roster.roster_read(source=source, today=TODAY)
    return source


def take(source: Import, actor: Any = ACTOR, **how: bool) -> Import:
    source = services.import_confirm(actor=actor, source=source, **how)
    return roster.roster_run(actor=actor, source=source, today=TODAY)


def issues(source: Import) -> list[Issue]:
    return [issue_of(finding) for finding in source.findings.all()]


def errors(source: Import) -> dict[str, str]:
    """Codes of errors by cell."""
    return {issue.where.cell or str(issue.where.row): issue.code for issue in issues(source) if issue.severity == "error"}
