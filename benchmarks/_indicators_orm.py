"""The object mapper's way: Django over SQLite, group-bys over the levels of the tree that return the same columns as the engine.

The ways to ask: `each` indicator and level a group-by (300 queries); all of a ledger `together` (60); numerator and denominator as two
queries (`halves`, as the limit was measured, the counts of rows and doubtful rows riding along with the denominator); every number `apart`.
Run as `python -m benchmarks._indicators_orm FOLDER`; prints seconds as JSON and leaves the figures in FOLDER/orm.parquet.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import django
import pyarrow as pa
import pyarrow.parquet as pq
from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from benchmarks._indicators_data import BOUNDED, KINDS_OF_FIGURE, LEDGERS, YEARS, ledger, parents

Row = tuple[Any, ...]  # value, lo, hi, numerator, denominator, rows, status
Found = dict[str, dict[tuple[int, str], Row]]  # indicator → (organisation, period) → figure
NAMES = ("value", "lo", "hi", "numerator", "denominator", "rows", "status")
ABOVE = frozenset({"pupils", "score", "passed", "area", "area_most", "boundless", "vague", "wx", "wxx"})  # what numerators are made of
JUNIOR, DOUBTED = Q(stage="初中"), ~Q(doubt="")
COLUMNS = ("pupils__lo", "teachers__lo", "score__lo", "area__lo", "area__hi", "area__reason", "stage", "doubt")


def prepare(folder: Path) -> tuple[dict[int, Any], dict[int, str]]:
    """Models and tables, filled with the rows of the benchmark; codes by organisation."""
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "orm.sqlite3")}
    settings.configure(DATABASES={"default": database}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True)
    django.setup()
    config = AppConfig.create("benchmarks")
    config.models_module = None
    apps.app_configs["benchmarks"] = config
    config.apps, config.models = apps, apps.all_models["benchmarks"]
    apps.ready = True

    class Org(models.Model):  # noqa: DJ008 - never shown
        code = models.CharField(max_length=20, unique=True)
        parent = models.ForeignKey("self", models.CASCADE, null=True)

        class Meta:
            app_label = "benchmarks"

    tables = {k: _ledger_model(k, Org) for k in LEDGERS}
    with connection.schema_editor() as editor:
        for model in (Org, *tables.values()):
            editor.create_model(model)
    ids: dict[str, int] = {"": 0}
    ids |= {code: number for number, code in enumerate(parents(), 1)}
    Org.objects.bulk_create([Org(id=ids[code], code=code, parent_id=ids[above] or None) for code, above in parents().items()], 1000)
    for k, model in tables.items():
        for year in YEARS:
            rows = ledger(k, year).to_pylist()
            made = [model(org_id=ids[row["org"]], period=year, **{name.replace("__", "_"): row[name] for name in COLUMNS}) for row in rows]
            model.objects.bulk_create(made, 1000)
    return tables, {number: code for code, number in ids.items()}


def _ledger_model(k: int, org: Any) -> Any:
    number = {"max_digits": 20, "decimal_places": 2, "null": True}
    fields: dict[str, Any] = {
        name: models.DecimalField(**number) for name in ("pupils_lo", "teachers_lo", "score_lo", "area_lo", "area_hi")
    }
    fields |= {
        "org": models.ForeignKey(org, models.CASCADE),
        "period": models.CharField(max_length=10, db_index=True),
        "stage": models.CharField(max_length=10),
        "area_reason": models.CharField(max_length=20),
        "doubt": models.CharField(max_length=200),
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "benchmarks"}),
    }
    return type(f"Ledger{k}", (models.Model,), fields)


def asked(kind: str, k: int, level: int) -> dict[str, Any]:
    """The aggregates behind the columns of one indicator."""
    every = {"n": Count("id"), "doubtful": Count("id", filter=DOUBTED)}
    if kind == "ratio":
        return {"pupils": Sum("pupils_lo"), "teachers": Sum("teachers_lo"), **every}
    if kind == "score":
        return {"score": Sum("score_lo"), **every}
    if kind == "share":
        return {"passed": Count("id", filter=Q(score_lo__gte=60)), **every}
    if kind == "area":
        return _area(k)
    if not level:  # nothing is spread within one school
        return every
    weight = Cast("pupils_lo", FloatField())
    x = ExpressionWrapper(weight / Cast("teachers_lo", FloatField()), FloatField())
    return {"w": Sum(weight), "wx": Sum(F("pupils_lo") * x, output_field=FloatField()), "wxx": Sum(weight * x * x), **every}


def _area(k: int) -> dict[str, Any]:
    sums = {"area": Sum("area_lo", filter=JUNIOR), "junior_pupils": Sum("pupils_lo", filter=JUNIOR)}
    counts = {"junior": Count("id", filter=JUNIOR), "junior_doubtful": Count("id", filter=JUNIOR & DOUBTED)}
    if k not in BOUNDED:
        return sums | counts
    counts["boundless"] = Count("id", filter=JUNIOR & Q(area_hi=None))
    counts["vague"] = Count("id", filter=JUNIOR & Q(area_reason="unknown"))
    return {**sums, "area_most": Sum("area_hi", filter=JUNIOR), **counts}


def _state(doubtful: int) -> str:
    return "doubtful" if doubtful else "known"


def ratio(found: Mapping[str, Any]) -> Row:
    above, below = float(found["pupils"]), float(found["teachers"])
    value = above / below if below else None
    return value, value, value, above, below, found["n"], _state(found["doubtful"]) if below else "unknown"


def score(found: Mapping[str, Any]) -> Row:
    value = float(found["score"]) / found["n"]
    return value, value, value, None, None, found["n"], _state(found["doubtful"])


def share(found: Mapping[str, Any]) -> Row:
    value = found["passed"] / found["n"]
    return value, value, value, float(found["passed"]), float(found["n"]), found["n"], _state(found["doubtful"])


def area(found: Mapping[str, Any]) -> Row:
    least, below, rows = float(found["area"] or 0), float(found["junior_pupils"] or 0), found["junior"]
    most = least if "area_most" not in found else None if found["boundless"] else float(found["area_most"] or 0)
    vague = bool(found.get("vague"))
    above = least if not vague and least == most else None
    status = "unknown" if not below or vague else _state(found["junior_doubtful"])
    if not below:
        return None, None, None, above, below, rows, status
    lo, hi = least / below, None if most is None else most / below
    return lo if lo == hi and not vague else None, lo, hi, above, below, rows, status


def spread(found: Mapping[str, Any]) -> Row:
    value = None
    if "w" in found:
        mean = found["wx"] / found["w"]
        value = math.sqrt(max(found["wxx"] / found["w"] - mean * mean, 0)) / mean
    return value, value, value, None, None, found["n"], _state(found["doubtful"])


MADE: Mapping[str, Callable[[Mapping[str, Any]], Row]] = {"ratio": ratio, "area": area, "score": score, "share": share, "spread": spread}


def figures(k: int, model: Any, level: int, kinds: tuple[str, ...], found: Found) -> None:
    """Some indicators of a ledger at one level: one group-by."""
    key = "org" + "__parent" * level
    aggregates = {name: one for kind in kinds for name, one in asked(kind, k, level).items()}
    for row in model.objects.values(key, "period").annotate(**aggregates):
        for kind in kinds:
            found[f"{kind}_{k}"][row[key], row["period"]] = MADE[kind](row)


def pieces(k: int, model: Any, level: int, kinds: tuple[str, ...], found: Found, *, halves: bool) -> None:
    """The same in several group-bys for one indicator, put together by organisation and period."""
    key = "org" + "__parent" * level
    for kind in kinds:
        every = asked(kind, k, level)
        above = {name: one for name, one in every.items() if name in ABOVE}
        below = {name: one for name, one in every.items() if name not in ABOVE}
        parts = [one for one in (above, below) if one] if halves else [{name: one} for name, one in every.items()]
        cells: dict[tuple[int, str], dict[str, Any]] = {}
        for part in parts:
            for row in model.objects.values(key, "period").annotate(**part):
                cells.setdefault((row[key], row["period"]), {}).update(row)
        found[f"{kind}_{k}"] |= {cell: MADE[kind](numbers) for cell, numbers in cells.items()}


WAYS: Mapping[str, tuple[Callable[..., None], list[tuple[str, ...]]]] = {
    "halves": (partial(pieces, halves=True), [(kind,) for kind in KINDS_OF_FIGURE]),
    "apart": (partial(pieces, halves=False), [(kind,) for kind in KINDS_OF_FIGURE]),
    "each": (figures, [(kind,) for kind in KINDS_OF_FIGURE]),
    "together": (figures, [KINDS_OF_FIGURE]),
}


def run(tables: Mapping[int, Any], way: str) -> tuple[Found, dict[str, float]]:
    """All figures, the seconds they took, and how many queries."""
    ask, groups = WAYS[way]
    found: Found = {f"{kind}_{k}": {} for k in LEDGERS for kind in KINDS_OF_FIGURE}
    queries = itertools.count()
    with connection.execute_wrapper(lambda execute, *given: (next(queries), execute(*given))[1]):
        wall, cpu = time.perf_counter(), time.process_time()
        for k, model in tables.items():
            for level in range(5):
                for kinds in groups:
                    ask(k, model, level, kinds, found)
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return found, took | {"queries": next(queries)}


def table(found: Found, codes: Mapping[int, str]) -> pa.Table:
    """The figures in the layout of the reference query."""
    keys = list(next(iter(found.values())))
    columns: dict[str, Any] = {"org": [codes[org] for org, _ in keys], "period": [period for _, period in keys]}
    for indicator, rows in found.items():
        for number, name in enumerate(NAMES):
            columns[f"{indicator}__{name}"] = [rows[key][number] for key in keys]
    return pa.table(columns)


def main(folder: Path) -> None:
    tables, codes = prepare(folder)
    found, each = run(tables, "each")
    pq.write_table(table(found, codes), folder / "orm.parquet")
    times = {"each": each}
    for way in ("together", "halves", "apart"):
        again, times[way] = run(tables, way)
        assert again == found
    sys.stdout.write(json.dumps(times) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
