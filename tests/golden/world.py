"""Small worlds in memory: golden rows or the sheets of an example, as the tables a snapshot has. No database, no files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import python_calamine
from ruamel.yaml import YAML

from xingtan.engine.aid.rows import records
from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.numerals import parse_quantity
from xingtan.kernel.quantity import Quantity
from xingtan.pack import Pack, aid, aid_run
from xingtan.pack.scope import datasets
from xingtan.warehouse import contracts
from xingtan.warehouse.backends.compiled import Plans
from xingtan.warehouse.rows import table as warehouse_table

ROOT = Path(__file__).resolve().parents[2]
PACKS, EXAMPLES = ROOT / "packs", ROOT / "examples"
PLACES = ("huinan", "jianhuai_chuzhou", "jinhu", "longshan", "wanbao_antu")
RESERVED = {"单位": "org", "单位代码": "org", "期间": "period", "存疑": "doubt", "起": "valid_from", "止": "valid_to"}
Row = Mapping[str, Any]


def yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


class Sheet:
    """The rows of one file of a bundle: headings as written, cells as text."""

    def __init__(self, place: str, entry: Mapping[str, Any]) -> None:
        self.ledger: str = entry["ledger"]
        self.name = f"{entry['file']}·{entry.get('sheet', '')}"
        self.cells = cells(EXAMPLES / place / entry["file"], entry.get("sheet"))
        self.head = self.cells[entry.get("header_row", 1) - 1]
        self.rows = [dict(zip(self.head, line, strict=True)) for line in self.cells[entry.get("header_row", 1) :]]


def cells(path: Path, sheet: str | None = None) -> list[list[str]]:
    """A csv file or a sheet of a workbook as text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    book = python_calamine.CalamineWorkbook.from_path(path)
    lines = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()
    return [[_text(cell) for cell in line] for line in lines]


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


class Example:
    """One folder of `examples/`: its organisations, its sheets, its facts."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.bundle = yaml(EXAMPLES / place / "bundle.yaml")
        self.sheets = [Sheet(place, entry) for entry in self.bundle["files"]]
        self.facts: list[dict[str, Any]] = yaml(EXAMPLES / place / "facts.yaml")
        head, *lines = cells(EXAMPLES / place / self.bundle["organisations"])
        self.orgs = [dict(zip(head, line, strict=True)) for line in lines]

    def find(self, read: Mapping[str, Any]) -> list[dict[str, str]]:
        """The rows that a `reads` entry names."""
        rows = [row for sheet in self.sheets if sheet.ledger == read["ledger"] for row in sheet.rows]
        return [row for row in rows if all(row.get(heading) == str(text) for heading, text in read["where"].items())]

    def tables(self, pack: Pack) -> dict[str, pa.Table]:
        """The example as the tables of a snapshot."""
        titles = {kind.title: kind.id for kind in pack.organisation.kinds}
        orgs = [(one["代码"], one["名称"], titles[one["类别"]], one["上级"]) for one in self.orgs]
        codes = {name: code for code, name, _, _ in orgs}
        rows: dict[str, list[Row]] = {}
        for sheet in self.sheets:
            names = headings(pack, sheet.ledger)
            for row in sheet.rows:
                made = {names[heading]: text for heading, text in row.items()}
                rows.setdefault(sheet.ledger, []).append({**made, "org": codes.get(made["org"], made["org"])})
        return tables(pack, orgs, rows)


def headings(pack: Pack, ledger: str) -> dict[str, str]:
    """Heading → field or reserved column."""
    found = dict(RESERVED)
    for field in pack.ledgers[ledger].fields:
        found |= dict.fromkeys((field.title, *field.synonyms), field.id)
    return found


def tables(pack: Pack, orgs: Iterable[tuple[str, str, str, str]], rows: Mapping[str, Iterable[Row]]) -> dict[str, pa.Table]:
    """Organisations (code, name, kind, parent) and rows by ledger as a snapshot's tables; ledgers without rows are empty tables."""
    people = list(orgs)
    root = people[0][0]
    found = {name: _table(pack, spec, root, rows.get(name, ())) for name, spec in datasets(pack).items()}
    found |= {name: table for name, table in aided(pack, found).items() if name not in rows}
    open_ended = {"valid_from": None, "valid_to": None}
    org_rows = [{"code": code, "name": name, "kind": kind, "parent": parent or None, **open_ended} for code, name, kind, parent in people]
    above = {code: parent for code, _, _, parent in people}
    pairs = [(up, code, depth) for code in above for depth, up in enumerate(_line(code, above))]
    closure = [{"ancestor": up, "descendant": code, "depth": depth, **open_ended} for up, code, depth in pairs]
    sides = {"orgs": org_rows, "closure": closure, "succession": [], "returns": []}
    return found | {name: pa.Table.from_pylist(made, contracts.SIDES[name]) for name, made in sides.items()}


def aided(pack: Pack, ledgers: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The registers of aid, worked out by the pack's schemes from the rows of its ledgers, as the warehouse delivers them."""
    specs = datasets(pack)
    assessment = aid_run.run(pack, ledgers, date(2009, 12, 31))
    made = {aid.AWARDS: records(assessment.proposals), aid.REACH: aid_run.reach(pack, ledgers, assessment)}
    return {name: warehouse_table(specs[name], found) for name, found in made.items()}


def _line(code: str, above: Mapping[str, str]) -> list[str]:
    line = [code]
    while above[line[-1]]:
        line.append(above[line[-1]])
    return line


def _table(pack: Pack, spec: DatasetSpec, root: str, rows: Iterable[Row]) -> pa.Table:
    made = [_row(pack, spec, root, number, row) for number, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(made, contracts.schema(spec))


def _row(pack: Pack, spec: DatasetSpec, root: str, number: int, row: Row) -> dict[str, Any]:
    known = {*(field.id for field in spec.fields), "org", "period", "doubt", "date", "valid_from", "valid_to"}
    assert set(row) <= known, f"{spec.id}: {set(row) - known}"
    made: dict[str, Any] = {"row_id": f"{spec.id}-{number}", "org": row.get("org") or root, "period": str(row.get("period") or "")}
    made |= {
        "doubt": row.get("doubt") or "",
        "date": _day(row.get("date")),
        "valid_from": _day(row.get("valid_from")),
        "valid_to": _day(row.get("valid_to")),
    }
    for field in spec.fields:
        made |= _number(field, row.get(field.id)) if field.type in NUMERIC else _value(pack, spec, field, row.get(field.id))
    return made


def _number(field: FieldSpec, cell: Any) -> dict[str, Any]:
    text = "" if cell is None else str(cell)
    quantity = parse_quantity(text)
    assert quantity is not None, f"{field.id}: {text}"
    if field.type == "percent" and "%" in text:
        quantity = quantity / Quantity.exact(Decimal(100))
    quantity = quantity if quantity.is_not_applicable else quantity.narrow(field.minimum, field.maximum)
    names = ("__lo", "__hi", "__lo_open", "__hi_open", "__reason")
    return {field.id + name: part for name, part in zip(names, quantity.columns(), strict=True)}


def _value(pack: Pack, spec: DatasetSpec, field: FieldSpec, cell: Any) -> dict[str, Any]:
    if cell is None or str(cell).strip() in {"", "××", "**", "缺"}:
        return {field.id: None, f"{field.id}__reason": "unknown"}
    if field.type == "date":
        return {field.id: _day(cell), f"{field.id}__reason": ""}
    if field.type == "boolean":
        assert isinstance(cell, bool), f"{spec.id}.{field.id}: {cell}"
        return {field.id: cell, f"{field.id}__reason": ""}
    return {field.id: _code(pack, spec, field, str(cell)), f"{field.id}__reason": ""}


def _code(pack: Pack, spec: DatasetSpec, field: FieldSpec, text: str) -> str:
    if field.type != "code":
        return text
    if spec.id not in pack.ledgers:  # a register is written in the pack's own words
        assert not field.codes or text in field.codes, f"{spec.id}.{field.id}: {text}"
        return text
    ledger = pack.ledgers[spec.id]
    table = pack.codes[next(one.codes for one in ledger.fields if one.id == field.id) or ""]
    found = [code.code for code in table.codes if text in (code.code, code.title, *code.synonyms)]
    assert len(found) == 1, f"{spec.id}.{field.id}: {text} → {found}"
    return found[0]


def _day(cell: Any) -> date | None:
    return cell if isinstance(cell, date) or cell is None else date.fromisoformat(cell) if cell else None


def exact_fields(table: pa.Table) -> frozenset[str]:
    """The fields of which every row is exact; `doubt` if no row is doubtful."""
    found = {
        name.removesuffix("__reason") for name in table.column_names if name.endswith("__reason") and set(table[name].to_pylist()) <= {""}
    }
    bounded = {name for name in found if f"{name}__lo" in table.column_names and not _points(table, name)}
    doubt = {"doubt"} if set(table["doubt"].to_pylist()) <= {""} else set()
    return frozenset(found - bounded | doubt)


def _points(table: pa.Table, field: str) -> bool:
    lows, highs = table[f"{field}__lo"].to_pylist(), table[f"{field}__hi"].to_pylist()
    return lows == highs and None not in lows


PLANS = Plans("duckdb")  # compiled once a key, whatever the rows


class MemoryRunner:
    """The engine's Runner over tables in memory."""

    dialect = "duckdb"
    version = "memory"

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self.tables = dict(tables)
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        for name, table in self.tables.items():
            self.connection.register(name, table)

    def run(self, expr: Any, *, key: str = "", tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        plan = PLANS.of(expr, key)
        for name, table in (tables or {}).items():
            self.connection.register(name, table)
        return plan.typed(self.connection.sql(plan.sql).to_arrow_table())

    def exact_fields(self, dataset: str) -> frozenset[str]:
        return exact_fields(self.tables[dataset])

    def sql(self, text: str) -> dict[str, Any]:
        """The one row a hand-written twin returns."""
        lines = self.connection.sql(text).to_arrow_table().to_pylist()
        assert len(lines) == 1, f"{len(lines)} rows"
        return lines[0]


def half_up(value: Any, digits: int) -> Decimal:
    """A value as it is printed."""
    return Decimal(repr(value) if isinstance(value, float) else str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
