"""Seal anew under the key that seals now, chunk by chunk; and look whether everything sealed can be opened.

Both are safe while the house is open and safe to stop: every row says under which key it lies.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from . import keyring
from .fields import SealedField
from .sealed import Sealed, key_of

CHUNK = 500
SETTLED = 60.0  # seconds after which no transaction of before the new key is still open
Step = Callable[[int], None]


class Store:
    """What is sealed elsewhere than in a `SealedField`: apps register how to seal it anew and how to name the keys it lies under."""

    def __init__(self, name: str, reseal: Callable[[], int], keys: Callable[[], Counter[str]]) -> None:
        self.name, self.reseal, self.keys = name, reseal, keys


_stores: dict[str, Store] = {}


def register(store: Store) -> None:
    """From `AppConfig.ready()`."""
    _stores[store.name] = store


def sealed_models() -> list[tuple[type[Model], list[SealedField]]]:
    """Every model with sealed fields."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
        if fields:
            found.append((model, fields))
    return found


def quiet(_done: int) -> None:
    """Progress for nobody."""


def reseal(step: Step = quiet) -> int:
    """Seal everything under the active key; returns the rows written. Raises XingtanError when something cannot be opened."""
    done = 0
    for model, fields in sealed_models():
        for chunk in _behind(model, fields):
            done += _chunk(model, fields, chunk)
            step(done)
    for store in _stores.values():
        done += store.reseal()
        step(done)
    return done


def _behind(model: type[Model], fields: list[SealedField]) -> Iterator[list[int]]:
    """Keys of the rows in which some field lies under another key, chunk by chunk. The rows of a chunk are gone from the next question."""
    active, quote = keyring.ring().active, connection.ops.quote_name
    columns = [quote(str(field.column)) for field in fields]
    condition = " OR ".join(f"({column} <> '' AND {column} NOT LIKE %s)" for column in columns)
    key, table = quote(str(model._meta.pk.column)), quote(model._meta.db_table)
    sql = f"SELECT {key} FROM {table} WHERE {condition} ORDER BY {key} LIMIT {CHUNK}"  # noqa: S608 - names of our own models
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"{active}:%"] * len(columns))
            rows = [row[0] for row in cursor.fetchall()]
        if not rows:
            return
        yield rows


@transaction.atomic
def _chunk(model: type[Model], fields: list[SealedField], keys: list[int]) -> int:
    rows = list(model._base_manager.select_for_update().filter(pk__in=keys))
    active = keyring.ring().active
    for row in rows:
        for field in fields:
            value: Sealed = getattr(row, field.attname)
            if value and key_of(value.stored) != active:
                setattr(row, field.attname, value.plain())
    model._base_manager.bulk_update(rows, [field.name for field in fields])
    return len(rows)


def keys_in_use() -> Counter[str]:
    """How many sealed values lie under each key."""
    found: Counter[str] = Counter()
    for model, fields in sealed_models():
        for field in fields:
            for value in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator(chunk_size=2000):
                found[key_of(value.stored)] += 1
    for store in _stores.values():
        found += store.keys()
    return found


def check() -> list[Issue]:
    """Everything sealed that cannot be opened: row by row for fields, key by key for what apps keep elsewhere."""
    issues = []
    for model, fields in sealed_models():
        for field in fields:
            rows: Any = model._base_manager.exclude(**{field.name: ""}).values_list("pk", field.name).iterator(chunk_size=2000)
            for pk, value in rows:
                try:
                    value.plain()
                except XingtanError as fault:
                    where = Where(file=model._meta.label_lower, row=pk, field=field.name)
                    issues += [Issue(one.severity, one.code, one.message, where, one.hint) for one in fault.issues]
    known = keyring.ring().keys
    for store in _stores.values():
        for key in sorted(set(store.keys()) - set(known)):
            message = T("密钥文件里没有密钥 %(key)s", key=key[:16])
            hint = T("恢复当时的 keys.json；没有它，这一项谁也打不开")
            issues.append(Issue(Severity.ERROR, "vault.no_key", message, Where(file=store.name), hint))
    return issues


def rotate(step: Step = quiet) -> tuple[str, int]:
    """Add a key and seal everything under it. Returns the key's id and the rows written. The older keys stay until `finish`."""
    keyring.store(keyring.ring().with_new_key())
    return keyring.ring().active, reseal(step)


def finish(step: Step = quiet) -> tuple[int, int]:
    """Seal what is still under an older key and drop the keys that then open nothing; returns the rows written and the keys dropped.

    Nothing is dropped within a minute of the last change of the ring: somebody may have sealed under the old key and not committed yet.
    """
    done, settled = reseal(step), time.time() - keyring.path().stat().st_mtime > SETTLED
    ring, used = keyring.ring(), frozenset(keys_in_use())
    gone = frozenset(ring.keys) - used - {ring.active}
    if not settled or not gone:
        return done, 0
    keyring.store(ring.without(gone))
    return done, len(gone)
