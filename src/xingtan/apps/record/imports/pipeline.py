"""The whole way of a file: read → find headings → understand → check → compare. Pure but for reading the ledger; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from xingtan.apps.record.ledgers.rows import ORG
from xingtan.apps.record.ledgers.shape import Shape
from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.ledger import NUMERIC

from .assemble import Given, Rows, assemble
from .body import ROW, Body, body_of
from .checking import check_keys, check_required, check_rows
from .diff import Diff, compare, merge
from .findings import Findings
from .reading.guard import letters
from .reading.headings import Head, Heading, find_head, normal
from .reading.sheets import Sheet
from .staging import sealed
from .targets import FIELD, targets

Step = Callable[[int, int], None]
STEPS = 5


def quiet(done: int, total: int) -> None:
    """Progress for nobody."""


@dataclass(slots=True)
class Plan:
    """What an import found and would do. `diff` is None when the headings were not understood; then `findings` say what is wrong."""

    sheet: Sheet
    head: Head
    findings: Findings
    body: Body | None = None
    diff: Diff | None = None
    shape: Shape | None = None

    @property
    def takes(self) -> pl.DataFrame:
        """The rows that would be written: added or changed, without errors; sensitive cells sealed."""
        assert self.diff is not None
        table = self.diff.rows.table
        taken = table.filter(self.findings.good(table[ROW]) & table["kind"].is_in(["added", "changed"]) & ~table["nil"])
        return sealed(self.shape, taken) if self.shape is not None else taken

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what would become of them."""
        if self.diff is None:
            return {"rows": 0, "added": 0, "changed": 0, "same": 0, "refused": 0, "nil": 0, "faults": len(self.findings.items)}
        table = self.diff.rows.table
        good = table.filter(self.findings.good(table[ROW]))
        kinds = {kind: int(((good["kind"] == kind) & ~good["nil"]).sum()) for kind in ("added", "changed", "same")}
        errors = sum(found.fault.severity == "error" for found in self.findings.items)
        return {"rows": table.height, **kinds, "refused": table.height - good.height, "nil": int(good["nil"].sum()), "faults": errors}


def nils_of(made: Plan) -> list[tuple[int, str]]:
    """The nil returns of a file: organisation and period."""
    if made.diff is None:
        return []
    table = made.diff.rows.table
    return table.filter(made.findings.good(table[ROW]) & table["nil"]).select("org_id", "period").rows()


def plan(shape: Shape, sheet: Sheet, head: Head, given: Given, today: date, *, step: Step = quiet) -> Plan:
    """Understand a sheet whose headings are known, and compare it with the ledger."""
    findings = Findings()
    made = Plan(sheet, head, findings, shape=shape)
    head_faults(shape, sheet, head, given, findings)
    if not head.matched or findings.refused:
        return made
    step(1, STEPS)
    numeric = frozenset(f"{FIELD}{item.id}" for item in shape.ledger.fields if item.type in NUMERIC)
    body = made.body = body_of(sheet, head, findings, numeric)
    rows = assemble(shape, body, given, findings)
    step(2, STEPS)
    check_keys(shape, body, rows, findings)
    doubts = check_rows(shape, body, rows, today, findings)
    rows = Rows(_doubted(rows.table, doubts), rows.columns)
    step(3, STEPS)
    diff = made.diff = compare(shape, rows)
    fresh = diff.rows.table["old_id"].is_null()
    _lacking(head, body, rows, fresh, findings)
    check_required(body, rows, fresh, findings)
    step(4, STEPS)
    merge(shape, diff, today, findings)
    step(5, STEPS)
    return made


def _doubted(table: pl.DataFrame, doubts: dict[int, str]) -> pl.DataFrame:
    if not doubts:
        return table
    said = table[ROW].replace_strict(list(doubts), list(doubts.values()), default=None, return_dtype=pl.String)
    blank = table["doubt"] == ""
    return table.with_columns(said.fill_null("").str.slice(0, 500).zip_with(blank, table["doubt"]).alias("doubt"))


def understand(shape: Shape, sheet: Sheet, header_row: int | None = None) -> Head:
    """Where the headings stand and what each column seems to be."""
    return find_head(sheet, targets(shape), header_row)


def chosen(guess: Head, mapping: Mapping[str, str]) -> Head:
    """The headings as somebody mapped them: heading text → target. What the mapping does not name stays as guessed."""
    seen: set[str] = set()
    headings = []
    for heading in guess.headings:
        target = mapping.get(heading.text, heading.target)
        target = "" if target in seen else target
        seen |= {target} if target else set()
        headings.append(Heading(heading.column, heading.text, target, heading.scale if target == heading.target else "1"))
    return Head(guess.row, tuple(headings))


def head_faults(shape: Shape, sheet: Sheet, head: Head, given: Given, findings: Findings) -> None:
    """Wrong headings: none recognised, a needed column not there. Said once, at the row of the headings, with what is wanted."""
    row = head.row or 1
    if not head.matched:
        findings.add(row, _no_head(shape, sheet, head))
        return
    have = {heading.target for heading in head.headings}
    for item in shape.ledger.fields:
        if f"{FIELD}{item.id}" not in have and item.id in shape.ledger.key:
            fault = Fault("head.key", T("缺少“%(title)s”一列，它用来区分各行", title=item.title), _near(head))
            findings.add(row, fault, title=item.title)
    if ORG not in have and given.org_id is None and shape.orgs.root_id is None:
        findings.add(row, Fault("head.org", T("缺少“单位”一列"), T("请补上“单位”列，或在上传时选择单位")))
    hint = T("如果应当导入，请在“匹配列”里指定")
    for heading in head.headings:
        if not heading.target and normal(heading.text):
            message = T("“%(text)s”一列不在台账里，没有导入", text=heading.text[:40])
            fault = Fault("head.unknown", message, hint, Severity.WARNING)
            findings.add(row, fault, column=sheet.columns[heading.column], title=heading.text)
    _nameless(sheet, head, findings)


def _nameless(sheet: Sheet, head: Head, findings: Findings) -> None:
    """Cells under no heading: nobody knows what they are, so they are left out, and the upload says so."""
    below = sheet.frame.slice(head.row or 1)
    named = {heading.column for heading in head.headings if heading.target or normal(heading.text)}
    for column in sorted(set(range(sheet.frame.width)) - named):
        if filled := below.height - below.to_series(column).null_count():
            place = sheet.columns[column]
            message = T("%(column)s 列没有表头，其中 %(n)s 个单元格没有导入", column=letters(place), n=filled)
            hint = T("如果应当导入，请写上表头；多出来的内容请删去")
            findings.add(head.row or 1, Fault("head.nameless", message, hint, Severity.WARNING), column=place)


def _no_head(shape: Shape, sheet: Sheet, head: Head) -> Fault:
    first = [heading.text for heading in head.headings[:8]] or [sheet.cell(1, n) for n in range(min(8, sheet.frame.width))]
    wanted = "、".join(item.title for item in shape.ledger.fields[:8])
    message = T("认不出表头。文件里有：%(shown)s", shown="、".join(first))
    return Fault("head.none", message, T("表头应有：%(wanted)s；可下载模板对照", wanted=wanted))


def _lacking(head: Head, body: Body, rows: Rows, fresh: pl.Series, findings: Findings) -> None:
    """Required columns that the sheet does not have: one fault at the row of the headings, not one a row."""
    new = rows.table[ROW].filter(fresh & ~rows.table["nil"]).to_list()
    for name, column in rows.columns.items():
        if column.field.required and body.column(f"{FIELD}{name}") is None and new:
            fault = Fault("head.required", T("缺少“%(title)s”一列，新增的行必须填写它", title=column.field.title), _near(head))
            findings.add(head.row or 1, fault, title=column.field.title)
            findings.refuse(new)


def _near(head: Head) -> Text:
    spare = [heading.text for heading in head.headings if not heading.target]
    if not spare:
        return T("请补上这一列")
    return T("如果它在文件里叫别的名字（%(spare)s），请在“匹配列”里指定", spare="、".join(spare[:6]))
