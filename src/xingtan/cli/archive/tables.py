"""Which tables a backup holds, and how a row is written as a line: the same text from SQLite and from PostgreSQL."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.sealed import Sealed

# What migrate makes by itself, what belongs to the old secret key, and what only lives while the program runs.
LEFT_OUT = frozenset({"contenttypes.contenttype", "auth.permission", "auth.group", "auth.group_permissions", "sessions.session",
                      "access.throttle", "access.sitting", "jobs.worker"})  # fmt: skip
CHUNK = 2000


def models() -> list[type[Model]]:
    """Return the models of a backup, each after those it refers to (as far as references run in one direction)."""
    chosen = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True) if _kept(model)}
    done: dict[str, type[Model]] = {}

    def visit(label: str, path: tuple[str, ...]) -> None:
        if label in done or label in path:
            return
        for field in chosen[label]._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target._meta.label_lower in chosen:
                visit(target._meta.label_lower, (*path, label))
        done[label] = chosen[label]

    for label in sorted(chosen):
        visit(label, ())
    return list(done.values())


def _kept(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the columns in a fixed order: the key, then by name. References to tables that are left out are left out too."""
    fields = [field for field in model._meta.concrete_fields if not _dangling(field)]
    return sorted(fields, key=lambda field: (not field.primary_key, field.attname))


def _dangling(field: Field[Any, Any]) -> bool:
    target = field.related_model
    return isinstance(target, type) and target._meta.label_lower in LEFT_OUT


def lines(model: type[Model]) -> Iterator[bytes]:
    """Yield the rows of a table by key, each as one line of JSON with the columns in order."""
    names = [field.attname for field in columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK)
    for row in rows:
        yield json.dumps([plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def plain(value: Any) -> Any:
    """Return a column's value as JSON."""
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return value
    if isinstance(value, Sealed | Decimal):
        return value.stored if isinstance(value, Sealed) else f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID | timedelta):
        return str(value)
    raise TypeError(f"a backup cannot write {type(value).__name__}")


def instance(model: type[Model], line: bytes) -> Model:
    """Return the row that a line tells, ready to be inserted."""
    fields = columns(model)
    values = json.loads(line)
    if len(values) != len(fields):
        raise ValueError(f"{model._meta.label_lower}: {len(values)} values for {len(fields)} columns")
    return model(**{field.attname: _typed(field, value) for field, value in zip(fields, values, strict=True)})


def _typed(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, SealedField):
        return field.opened(value)  # it was sealed when it was written
    target = field.target_field if field.related_model else field  # type: ignore[attr-defined]
    return value if value is None else target.to_python(value)


def insert(model: type[Model], rows: Iterator[bytes]) -> int:
    """Insert rows as they are: no save hooks, no automatic dates. Returns how many."""
    fields = columns(model)
    kept = [field for field in fields if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)]
    flags = [(field, field.auto_now, field.auto_now_add) for field in kept]  # type: ignore[attr-defined]
    for field in kept:
        field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]
    count = 0
    try:
        batch: list[Model] = []
        for line in rows:
            batch.append(instance(model, line))
            if len(batch) == CHUNK:
                count += _write(model, batch)
                batch = []
        count += _write(model, batch)
    finally:
        for field, now, add in flags:
            field.auto_now, field.auto_now_add = now, add  # type: ignore[attr-defined]
    return count


def _write(model: type[Model], batch: list[Model]) -> int:
    model._base_manager.bulk_create(batch, batch_size=CHUNK)
    return len(batch)


def reset_sequences(chosen: list[type[Model]]) -> None:
    """Let the next keys follow the inserted ones (PostgreSQL; SQLite follows by itself)."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), chosen):
            cursor.execute(statement)


def dropped() -> list[type[Model]]:
    """Return the tables that a restore empties and a backup does not hold: sessions, sign-in counts, workers."""
    gone = LEFT_OUT - {"contenttypes.contenttype", "auth.permission", "auth.group", "auth.group_permissions"}
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.label_lower in gone]
