"""Write one table of one period as Parquet: checked, sorted, named by its content."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xingtan.engine.indicators.spec import NUMERIC, DatasetSpec, FieldSpec
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text
from xingtan.warehouse.contracts import HI, LO, REASON, SIDES, conform, schema
from xingtan.warehouse.errors import ContractError
from xingtan.warehouse.layout import write_atomically
from xingtan.warehouse.manifest import Part

SHOWN = 10


def dataset_part(folder: Path, dataset: DatasetSpec, cut: tuple[str, str], table: pa.Table, orgs: frozenset[str]) -> Part:
    """Store the rows of a dataset in a period. `cut`: period and stamp; `orgs`: every code the place ever had, others are refused."""
    table = conform(table, schema(dataset), dataset.id)
    issues = list(_foreign(dataset, cut[0], table, orgs))
    if issues:
        raise ContractError(issues)
    table = table.sort_by([("org", "ascending"), ("row_id", "ascending")])
    return _stored(folder, dataset.id, cut, table, tuple(sorted(exact_fields(dataset, table))))


def side_part(folder: Path, side: str, stamp: str, table: pa.Table) -> Part:
    """Store a side table (orgs, closure, succession, returns)."""
    table = conform(table, SIDES[side], side)
    table = table.sort_by([(name, "ascending") for name in table.column_names])
    return _stored(folder, side, ("", stamp), table)


def exact_fields(dataset: DatasetSpec, table: pa.Table) -> Iterator[str]:
    """Fields of which no row is bounded, approximate, unknown or not applicable; `doubt` if no row is doubtful."""
    if _all_empty(table["doubt"]):
        yield "doubt"
    for field in dataset.fields:
        if _all_empty(table[field.id + REASON]) and (field.type not in NUMERIC or _points(field, table)):
            yield field.id


def _points(field: FieldSpec, table: pa.Table) -> bool:
    lo, hi = table[field.id + LO], table[field.id + HI]
    if lo.null_count or hi.null_count:
        return False
    return bool(pc.all(pc.equal(lo, hi), min_count=0).as_py())


def _all_empty(column: pa.ChunkedArray) -> bool:
    return bool(pc.all(pc.equal(column, ""), min_count=0).as_py())


def _foreign(dataset: DatasetSpec, period: str, table: pa.Table, orgs: frozenset[str]) -> Iterator[Issue]:
    strangers = sorted(set(table["org"].unique().to_pylist()) - orgs)
    if strangers:
        text = T("数据集 %(dataset)s 里有不属于本地的单位：%(orgs)s", dataset=dataset.id, orgs=_listed(strangers))
        yield _error("warehouse.foreign_org", text, dataset)
    periods = sorted(set(table["period"].unique().to_pylist()) - {period, ""})
    if periods:
        told = {"dataset": dataset.id, "period": period or T("无期间"), "others": _listed(periods)}
        yield _error("warehouse.period", T("数据集 %(dataset)s 的分区 %(period)s 混入别的期间：%(others)s", **told), dataset)
    counts = pc.value_counts(table["row_id"].combine_chunks())
    twice = [entry["values"] for entry in counts.to_pylist() if entry["counts"] > 1]
    if twice:
        yield _error(
            "warehouse.row_id", T("数据集 %(dataset)s 的行号重复：%(rows)s", dataset=dataset.id, rows=_listed(sorted(twice))), dataset
        )


def _listed(items: list[str]) -> Text:
    shown = "、".join(items[:SHOWN])
    if len(items) <= SHOWN:
        return T("%(items)s", items=shown)
    return T("%(items)s（显示前 %(shown)s 个，共 %(count)s 个）", items=shown, shown=SHOWN, count=len(items))


def _error(code: str, text: Text, dataset: DatasetSpec) -> Issue:
    return Issue(Severity.ERROR, code, text, Where(file=dataset.id))


def _stored(folder: Path, name: str, cut: tuple[str, str], table: pa.Table, exact: tuple[str, ...] = ()) -> Part:
    """The file's name is its content, so that an unchanged table is never written twice and a reader never sees half of one."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_statistics=True)
    content = sink.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    path = f"data/{name}/{digest}.parquet"
    if not (folder / path).exists():
        write_atomically(folder / path, content)
    return Part(name, cut[0], path, digest, table.num_rows, cut[1], exact)
