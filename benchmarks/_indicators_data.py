"""A province made of arithmetic: 5,000 schools under 950 towns, 50 counties, 5 cities and one root; 12 ledgers, three years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from xingtan.engine.indicators.model import Model, compile_model
from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec, IndicatorSpec, ModelSpec, Parameter
from xingtan.warehouse.contracts import CLOSURE, DECIMAL, ORGS, RETURNS, SUCCESSION, schema
from xingtan.warehouse.refresh import working
from xingtan.warehouse.registry import Registry
from xingtan.warehouse.snapshots import Snapshot

LEDGERS = tuple(range(1, 13))
YEARS = ("2007", "2008", "2009")
BOUNDED = frozenset({3, 6, 9, 12})  # ledgers whose areas are sometimes bounded, approximate or unknown
DOUBTED = frozenset({2, 5, 8})  # ledgers with doubtful rows
KINDS = ("province", "city", "county", "town", "school")
SIZES = (1, 5, 50, 950, 5000)
BEGIN = date(1990, 1, 1)
ZERO = Decimal(0)

FIELDS = (
    FieldSpec("pupils", "number", minimum=ZERO),
    FieldSpec("teachers", "number", minimum=ZERO),
    FieldSpec("area", "number", minimum=ZERO),
    FieldSpec("score", "number", minimum=ZERO),
    FieldSpec("stage", "code"),
)
DATASETS = tuple(DatasetSpec(f"ledger_{k}", f"台账{k}", FIELDS, period_kind="year") for k in LEDGERS)
KINDS_OF_FIGURE = ("ratio", "area", "score", "share", "spread")
INDICATORS = tuple(f"{kind}_{k}" for k in LEDGERS for kind in KINDS_OF_FIGURE)


def model() -> Model:
    """60 indicators, and twelve totals that weigh the coefficients of variation."""
    specs = []
    for k in LEDGERS:
        ds = f"ledger_{k}"
        specs += [
            IndicatorSpec(f"pupils_{k}", "学生数", "人", f"sum({ds}.pupils)"),
            IndicatorSpec(f"ratio_{k}", "生师比", "人", f"sum({ds}.pupils) / sum({ds}.teachers)"),
            IndicatorSpec(f"area_{k}", "生均面积", "平方米", f"sum({ds}.area, stage == '初中') / sum({ds}.pupils, stage == '初中')"),
            IndicatorSpec(f"score_{k}", "平均分", "分", f"mean({ds}.score)"),
            IndicatorSpec(f"share_{k}", "及格率", "percent", f"count({ds}, score >= pass_line) / count({ds})"),
            IndicatorSpec(f"spread_{k}", "差异系数", "", f"cv(ratio_{k}, over=school, weight=pupils_{k})"),
        ]
    parameters = {"pass_line": Parameter(Decimal(60), "分", "benchmark")}
    spec = ModelSpec("bench", "1", "bench", DATASETS, tuple(specs), parameters, dict.fromkeys(KINDS, ""))
    compiled = compile_model(spec)
    assert compiled.model is not None, compiled.issues
    return compiled.model


def codes(level: int) -> list[str]:
    return [f"{KINDS[level][:2]}{number:04d}" for number in range(SIZES[level])]


def parents() -> dict[str, str]:
    """Every organisation and the one above it."""
    found = {codes(0)[0]: ""}
    for level in range(1, len(KINDS)):
        above = codes(level - 1)
        found |= {code: above[number * len(above) // SIZES[level]] for number, code in enumerate(codes(level))}
    return found


def chain(code: str, above: Mapping[str, str]) -> list[str]:
    found = []
    while code:
        found.append(code)
        code = above[code]
    return found


def sides() -> dict[str, pa.Table]:
    above = parents()
    kinds = {code: KINDS[level] for level in range(len(KINDS)) for code in codes(level)}
    spell = {"valid_from": BEGIN, "valid_to": None}
    orgs = [{"code": code, "name": code, "kind": kinds[code], "parent": parent, **spell} for code, parent in above.items()]
    closure = [
        {"ancestor": one, "descendant": code, "depth": depth, **spell} for code in above for depth, one in enumerate(chain(code, above))
    ]
    return {
        "orgs": pa.Table.from_pylist(orgs, schema=ORGS),
        "closure": pa.Table.from_pylist(closure, schema=CLOSURE),
        "succession": SUCCESSION.empty_table(),
        "returns": RETURNS.empty_table(),
    }


def ledger(k: int, year: str) -> pa.Table:
    """One row a school."""
    rng = np.random.default_rng([k, int(year)])
    schools = codes(4)
    size = len(schools)
    area = rng.integers(50_000, 900_000, size).astype(np.int64)  # hundredths of square metres
    reason = np.full(size, "", dtype=object)
    lo_open = np.zeros(size, dtype=bool)
    lo: list[object] = _decimals(area, 2)
    hi: list[object] = list(lo)
    if k in BOUNDED:
        for row, kind in zip(
            rng.choice(size, 60, replace=False), rng.choice(["least", "more", "about", "unknown"], 60, p=[0.6, 0.2, 0.1, 0.1]), strict=True
        ):
            hi[row] = lo[row] if kind == "about" else None
            lo[row] = None if kind == "unknown" else lo[row]
            lo_open[row] = kind == "more"
            reason[row] = {"about": "approximate", "unknown": "unknown"}.get(kind, "")
    doubt = np.where(rng.random(size) < 0.002, "数字与上年相差过大", "") if k in DOUBTED else np.full(size, "")
    columns: dict[str, object] = {
        "row_id": [f"{k}-{year}-{code}" for code in schools],
        "org": schools,
        "period": [year] * size,
        "date": pa.nulls(size, pa.date32()),
        "doubt": pa.array(doubt.tolist(), pa.string()),
        "valid_from": pa.nulls(size, pa.date32()),
        "valid_to": pa.nulls(size, pa.date32()),
        "area__lo": pa.array(lo, DECIMAL),
        "area__hi": pa.array(hi, DECIMAL),
        "area__lo_open": lo_open,
        "area__hi_open": np.zeros(size, dtype=bool),
        "area__reason": pa.array(reason.tolist(), pa.string()),
        "stage": pa.array(rng.choice(["小学", "初中", "高中"], size).tolist(), pa.string()),
        "stage__reason": [""] * size,
    }
    plain = (
        ("pupils", rng.integers(20, 2500, size), 0),
        ("teachers", rng.integers(2, 180, size), 0),
        ("score", rng.integers(3000, 10_000, size), 2),
    )
    for name, numbers, digits in plain:
        column = pa.array(_decimals(numbers, digits), DECIMAL)
        columns |= {f"{name}__lo": column, f"{name}__hi": column, f"{name}__lo_open": [False] * size, f"{name}__hi_open": [False] * size}
        columns[f"{name}__reason"] = [""] * size
    wanted = schema(DATASETS[k - 1])
    return pa.table({field.name: columns[field.name] for field in wanted}, schema=wanted)


def _decimals(numbers: np.ndarray, digits: int) -> list[Decimal]:
    return [Decimal(int(number)).scaleb(-digits) for number in numbers]


class _Source:
    """Delivers the ledgers and the tree to the warehouse."""

    def __init__(self) -> None:
        self.made = sides()

    def datasets(self, place: str) -> Iterable[DatasetSpec]:
        return DATASETS

    def version(self, place: str, dataset: str) -> object:
        return "1" if dataset in self.made else dict.fromkeys(YEARS, "1")

    def table(self, place: str, dataset: str, period: str = "") -> pa.Table:
        return self.made[dataset] if dataset in self.made else ledger(int(dataset.removeprefix("ledger_")), period)

    def sides(self) -> Iterable[str]:
        return self.made


def snapshot(root: Path) -> Snapshot:
    """The province as the warehouse keeps it."""
    source = _Source()
    return working("bench", root=root, registry=Registry([source], [source]))  # type: ignore[list-item]
