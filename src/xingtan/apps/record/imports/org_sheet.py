"""The sheet of organisations in a bundle: 代码 名称 类别 上级 起 止 承接."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from xingtan.apps.base.orgs.loads import OrgRow
from xingtan.apps.record.ledgers.times import read_date
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.numerals import parse_quantity
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

from .reading.guard import letters
from .reading.headings import Target, find_head
from .reading.sheets import Sheet, Workbook

TARGETS = (
    Target("code", "代码", ("单位代码", "code")),
    Target("name", "名称", ("单位名称", "name")),
    Target("kind", "类别", ("类型", "kind")),
    Target("parent", "上级", ("上级单位", "上级代码", "parent")),
    Target("start", "起", ("valid_from", "设立日期")),
    Target("end", "止", ("valid_to", "撤销日期")),
    Target("heirs", "承接", ("承接单位", "并入", "heirs")),
)


def org_rows(path: Path) -> list[OrgRow]:
    """The rows of the sheet. Raises XingtanError with every fault."""
    sheet = Workbook(path).sheet()
    head = find_head(sheet, TARGETS)
    at = {heading.target: heading.column for heading in head.headings if heading.target}
    lacking = [target.title for target in TARGETS[:3] if target.id not in at]
    if lacking:
        message = T("组织表缺少“%(columns)s”列", columns="、".join(lacking))
        raise XingtanError.one("orgs.head", message, T("表头应为：代码、名称、类别、上级、起、止"), Where(file=path.name, sheet=sheet.name))
    issues: list[Issue] = []
    rows = [_row(path.name, sheet, at, row, issues) for row in range(head.row + 1, sheet.frame.height + 1) if _says(sheet, at, row)]
    if issues:
        raise XingtanError(issues)
    return rows


def _says(sheet: Sheet, at: dict[str, int], row: int) -> bool:
    return any(sheet.cell(row, column) for column in at.values())


def _row(file: str, sheet: Sheet, at: dict[str, int], row: int, issues: list[Issue]) -> OrgRow:
    text = {target: sheet.cell(row, column) for target, column in at.items()}
    where = Where(file=file, sheet=sheet.name, row=row)
    for target in TARGETS[:3]:
        if not text[target.id]:
            spot = Where(file=file, sheet=sheet.name, row=row, cell=f"{letters(sheet.columns[at[target.id]])}{row}", field=target.title)
            issues.append(Issue(Severity.ERROR, "orgs.blank", T("“%(title)s”必须填写", title=target.title), spot, T("请补上")))
    days = {name: _day(file, sheet, at, row, name=name, issues=issues) for name in ("start", "end")}
    heirs = _heirs(text.get("heirs", ""), where, issues)
    return OrgRow(text["code"], text["name"], text["kind"], text.get("parent", ""), days["start"], days["end"], where, heirs)


def _heirs(text: str, where: Where, issues: list[Issue]) -> tuple[tuple[str, Decimal], ...]:
    """“31001” or “31001=60%、31002=40%”."""
    found: list[tuple[str, Decimal]] = []
    for part in filter(None, re.split(r"[、，,;；\s]+", text)):
        code, _, share = part.partition("=")
        said = parse_quantity(share, "%") if share else Quantity.exact(100)
        value = said.value if said is not None else None
        if value is None or not 0 < value <= 100:
            message, hint = (
                T("承接份额“%(text)s”读不懂", text=part[:60]),
                T("写成 单位代码=60%%，几个单位用顿号隔开；全部由一个单位承接时只写代码"),
            )
            issues.append(Issue(Severity.ERROR, "orgs.heir_text", message, where, hint, part))
        else:
            found.append((code, value / 100))
    return tuple(found)


def _day(file: str, sheet: Sheet, at: dict[str, int], row: int, *, name: str, issues: list[Issue]) -> date | None:
    text = sheet.cell(row, at[name]) if name in at else ""
    found = read_date(text) if text else None
    if text and not isinstance(found, date):
        where = Where(file=file, sheet=sheet.name, row=row, cell=f"{letters(sheet.columns[at[name]])}{row}")
        issues.append(Issue(Severity.ERROR, "cell.date", T("“%(text)s”不是日期", text=text), where, T("请写成 2009-03-08"), text))
    return found if isinstance(found, date) else None
