"""The whole way of a roster: headings → cells → seats → who is who → what would change. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.pupils.rules import Rules, rules
from xingtan.apps.base.vault import index
from xingtan.apps.base.vault.masks import Kind as Secret
from xingtan.apps.record.imports.body import ROW, body_of
from xingtan.apps.record.imports.findings import Findings
from xingtan.apps.record.imports.reading.headings import Head, find_head, normal
from xingtan.apps.record.imports.reading.sheets import Sheet
from xingtan.apps.record.ledgers.books import OrgBook
from xingtan.apps.record.ledgers.values import Fault
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text

from .cells import Cells, identity_checked
from .comparing import Asked, Match, alarm, match, missing_told, settled
from .fields import REQUIRED, Column, columns, targets
from .merging import Secrets, merge
from .seats import Classes, Seats, opened

Step = Callable[[int, int], None]
STEPS = 6
MOVES = "roster_moves"  # the parameter by which a pack lets whoever oversees both schools move pupils by a roster


@dataclass(slots=True)
class Plan:
    """What a roster found and would do. `match` is None when the headings were not understood."""

    sheet: Sheet
    head: Head
    findings: Findings
    known: dict[str, Column]
    match: Match | None = None
    secrets: Secrets | None = None
    alarm: Text | None = None

    @property
    def good(self) -> pl.Series:
        assert self.match is not None
        table = self.match.table
        return self.findings.good(table[ROW]) & table["kind"].is_in(["added", "back", "moved", "changed"])

    @property
    def counts(self) -> dict[str, Any]:
        """Rows by what would become of them; `columns`: how many rows change in which column."""
        faults = sum(found.fault.severity is Severity.ERROR for found in self.findings.items)
        if self.match is None:
            return {"rows": 0, "added": 0, "changed": 0, "same": 0, "refused": 0, "nil": 0, "faults": max(1, faults)}
        table = self.match.table.filter(self.findings.good(self.match.table[ROW]))
        kinds = dict(table.group_by("kind").len().rows())
        counts = {
            "rows": self.match.table.height, "added": kinds.get("added", 0) + kinds.get("back", 0), "changed": kinds.get("changed", 0),
            "moved": kinds.get("moved", 0), "same": kinds.get("same", 0), "elsewhere": kinds.get("elsewhere", 0),
            "absent": self.match.missing.height, "refused": self.match.table.height - table.height, "nil": 0, "faults": faults,
        }  # fmt: skip
        return {**counts, "classes": len(self.match.opened), "columns": self._columns(table)}

    def _columns(self, table: pl.DataFrame) -> list[list[Any]]:
        changed = table.filter(pl.col("kind").is_in(["changed", "moved"]))
        found = []
        for name in (name for name in changed.columns if name.startswith("d_")):
            count = int(changed[name].sum())
            title = {"flags": "关爱标记", "kin1_name": "监护人"}.get(name[2:]) or self.known[name[2:]].title
            found += [[title, count]] if count else []
        seats = int(changed["moves"].sum()) if changed.height else 0
        return sorted([*found, *([["学校、年级、班级等", seats]] if seats else [])], key=lambda pair: -pair[1])


@dataclass(frozen=True, slots=True)
class Upload:
    """What holds for the whole file: who hands it in for which organisation, from which day on."""

    place: Place
    org: Organisation
    day: date
    each_row_says: bool
    reach: Collection[int] | None

    @property
    def org_id(self) -> int | None:
        return None if self.each_row_says else self.org.pk


def understand(place: Place, sheet: Sheet) -> Head:
    """Where the headings stand and what each column seems to be."""
    return find_head(sheet, targets(columns(rules(place))))


def plan(upload: Upload, sheet: Sheet, head: Head, today: date, step: Step) -> Plan:
    """Understand a roster whose headings are known, and compare it with the register as it is now."""
    law = rules(upload.place)
    made = Plan(sheet, head, Findings(), columns(law))
    _head_faults(made)
    if made.findings.refused:
        return made
    step(1, STEPS)
    body = body_of(sheet, head, made.findings, frozenset())
    cells = Cells(law, body, made.findings, today, frozenset(sheet.traits.lost))
    table = _table(cells, made.known)
    step(2, STEPS)
    table = identity_checked(cells, table, made.known)
    orgs = OrgBook.of(upload.place)
    kinds = dict(Organisation.objects.filter(place=upload.place).values_list("pk", "kind"))
    classes = Classes.of(upload.place, upload.day)
    table = Seats(cells, made.known, orgs, kinds, classes, law.grades, upload.day, upload.org_id, upload.reach).read(table)
    step(3, STEPS)
    names = {key: orgs.titles[code] for key, code in orgs.codes.items()}
    asked = Asked(upload.place, upload.day, bool(law.number(MOVES)), upload.reach, names)
    _compared(made, asked, cells, table, law)
    step(5, STEPS)
    _told(made, asked, classes, orgs)
    return made


def _compared(made: Plan, asked: Asked, cells: Cells, table: pl.DataFrame, law: Rules) -> None:
    found = made.match = match(asked, cells, table, made.known)
    made.secrets = merge(found, made.known, {index.blind(Secret.POVERTY, asked.place.slug, kind): kind for kind in law.words("flag")})
    settled(asked, cells, found, made.known)


def _told(made: Plan, asked: Asked, classes: Classes, orgs: OrgBook) -> None:
    """What concerns the whole file: classes to be opened, who is missing, the alarm."""
    found = made.match
    assert found is not None
    used = set(found.table.filter(made.good)["class_key"].drop_nulls().to_list())
    classes.opened = found.opened = {key: value for key, value in classes.opened.items() if key in used}
    made.alarm = alarm(found)
    row = made.head.row or 1
    for severity, text in opened(classes, orgs):
        made.findings.add(row, Fault("roster.classes", text, T("请核对班号；写错的请改好后重新上传"), severity))
    for text in missing_told(asked, found):
        hint = T("已离校的，请办转出、休学、辍学或毕业")
        made.findings.add(row, Fault("roster.missing", text, hint, Severity.INFO))


def _table(cells: Cells, known: dict[str, Column]) -> pl.DataFrame:
    """Every column as what its cells mean; columns the sheet does not have are all null."""
    table = cells.body.table.select(ROW).with_columns([cells.read(column) for column in known.values()])
    for name in REQUIRED[:1]:
        blank = cells.body.texts(name).is_null()
        fault = Fault("cell.required", T("“%(field)s”必须填写", field=known[name].title), T("请填写%(label)s", label=known[name].title))
        rows = cells.body.table[ROW].filter(blank).to_list()
        cells.findings.add_rows(rows, fault, column=cells.body.column(name), title=known[name].title)
    return table


def _head_faults(made: Plan) -> None:
    """Wrong headings: none recognised, a needed column not there, columns that are left out."""
    head, findings, row = made.head, made.findings, made.head.row or 1
    have = {heading.target for heading in head.headings if heading.target}
    if not have:
        wanted = "、".join(column.title for column in list(made.known.values())[:10])
        first = [heading.text for heading in head.headings[:8]] or [made.sheet.cell(1, n) for n in range(min(8, made.sheet.frame.width))]
        message = T("认不出表头。文件里有：%(shown)s", shown="、".join(first))
        findings.add(row, Fault("head.none", message, T("表头应有：%(wanted)s；可下载模板对照", wanted=wanted)))
        return
    spare = "、".join([heading.text for heading in head.headings if not heading.target][:6])
    hint = T("如果它在文件里叫别的名字（%(spare)s），请在“匹配列”里指定", spare=spare) if spare else T("请补上这一列")
    for name in REQUIRED:
        title = made.known[name].title
        if name not in have:
            findings.add(row, Fault("head.required", T("缺少“%(title)s”一列", title=title), hint), title=title)
    for heading in head.headings:
        if not heading.target and normal(heading.text):
            message = T("“%(text)s”一列不在名册里，没有导入", text=heading.text[:40])
            fault = Fault("head.unknown", message, T("如果应当导入，请在“匹配列”里指定"), Severity.WARNING)
            findings.add(row, fault, column=made.sheet.columns[heading.column], title=heading.text)
