"""The county as a bundle: a folder of sheets that `xingtan load` reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .returns import Row
from .tree import Unit

PACK, VERSION = "demo", "2023.1"
ORGANISATIONS, ROSTER = "机构.csv", "学生名册.csv"
UNIT_COLUMNS = ("代码", "名称", "类别", "上级", "起", "止", "承接")


def bundle(folder: Path, units: Sequence[Unit], heirs: Mapping[str, str], tables: Mapping[str, Sequence[Row]]) -> list[str]:
    """Write all files; returns their names. The folder may exist; files of the same name are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    _sheet(folder / ORGANISATIONS, UNIT_COLUMNS, (_unit(one, heirs) for one in units))
    names = [ORGANISATIONS]
    lines = ["# Written by `xingtan sample`; every name in it is made up.", f"pack: {PACK}", f'version: "{VERSION}"']
    lines += [f"organisations: {ORGANISATIONS}", "files:"]
    for ledger, rows in ((ledger, rows) for ledger, rows in tables.items() if rows):
        name = f"{ledger}.csv"
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        _sheet(folder / name, columns, rows)
        lines.append(f"  - {{file: {name}, ledger: {ledger}}}")
        names.append(name)
    lines.append(f"# {ROSTER} goes in by `xingtan import {ROSTER} --as roster --place {PACK}`, once the bundle is loaded.")
    (folder / "bundle.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [*names, "bundle.yaml"]


def roster(folder: Path, rows: Sequence[Row]) -> str:
    """Write the roster of pupils beside the bundle; returns its name."""
    _sheet(folder / ROSTER, tuple(rows[0]), rows)
    return ROSTER


def _unit(unit: Unit, heirs: Mapping[str, str]) -> Row:
    days = [day.isoformat() if day else "" for day in (unit.start, unit.end)]
    return dict(zip(UNIT_COLUMNS, (unit.code, unit.name, unit.kind, unit.parent, *days, heirs.get(unit.code, "")), strict=True))


def _sheet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
