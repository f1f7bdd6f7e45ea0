"""The object mapper's way: Django over SQLite, one group-by for each indicator and level of the tree.

It sums numerators and denominators only: no bounds, no states, no coefficients of variation. What it is spared makes it look better.
Run as `python -m benchmarks._indicators_orm FOLDER`; prints seconds as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection, models

from benchmarks._indicators_data import BOUNDED, LEDGERS, YEARS, ledger, parents


def prepare(folder: Path) -> dict[int, Any]:
    """Models and tables, filled with the rows of the benchmark."""
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
    for number, (code, above) in enumerate(parents().items(), 1):
        ids[code] = number
        Org(id=number, code=code, parent_id=ids[above] or None).save(force_insert=True)
    for k, model in tables.items():
        for year in YEARS:
            rows = ledger(k, year).to_pylist()
            names = ("pupils__lo", "teachers__lo", "score__lo", "area__lo", "area__hi", "stage")
            model.objects.bulk_create(
                [model(org_id=ids[row["org"]], period=year, **{name.replace("__", "_"): row[name] for name in names}) for row in rows], 1000
            )
    return tables


def _ledger_model(k: int, org: Any) -> Any:
    number = {"max_digits": 20, "decimal_places": 2, "null": True}
    fields: dict[str, Any] = {
        name: models.DecimalField(**number) for name in ("pupils_lo", "teachers_lo", "score_lo", "area_lo", "area_hi")
    }
    fields |= {
        "org": models.ForeignKey(org, models.CASCADE),
        "period": models.CharField(max_length=10, db_index=True),
        "stage": models.CharField(max_length=10),
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "benchmarks"}),
    }
    return type(f"Ledger{k}", (models.Model,), fields)


def figures(k: int, model: Any, level: int) -> int:
    """The five indicators of a ledger at one level: that many group-bys."""
    total, key = models.Sum, "org" + "__parent" * level
    asked: list[tuple[models.Q, dict[str, Any]]] = [
        (models.Q(), {"a": total("pupils_lo"), "b": total("teachers_lo")}),
        (models.Q(stage="初中"), {"a": total("area_lo"), "b": total("pupils_lo"), **({"c": total("area_hi")} if k in BOUNDED else {})}),
        (models.Q(), {"a": total("score_lo")}),
        (models.Q(), {"a": models.Count("id", filter=models.Q(score_lo__gte=60))}),
        (models.Q(), {"a": total("pupils_lo"), "b": total("teachers_lo")}),
    ]
    found = 0
    for condition, sums in asked:
        found += len(list(model.objects.filter(condition).values(key, "period").annotate(n=models.Count("id"), **sums)))
    return found


def run(folder: Path) -> dict[str, float]:
    tables = prepare(folder)
    wall, cpu, rows = time.perf_counter(), time.process_time(), 0
    for k, model in tables.items():
        for level in range(5):
            rows += figures(k, model, level)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
