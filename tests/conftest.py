from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from tests import cast as casting
from tests.laws import load_profile

from xingtan.apps.base.audit import guard
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.record.ledgers import periods

load_profile()

_numbers = count()
_flush = TransactionTestCase._fixture_teardown


def _flush_past_the_guard(self: TransactionTestCase) -> None:
    """Tests with real transactions empty all tables afterwards; the audit log's guard stands down for that moment only."""
    with guard.unlocked(connection):
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_past_the_guard  # type: ignore[method-assign]


def _drop_whoever_is_in_it(self: Any, test_database_name: str, verbosity: int) -> None:
    """A process that a test killed may hold its session a moment longer than the test; the throw-away database goes all the same."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")


if connection.vendor == "postgresql":
    from django.db.backends.postgresql.creation import DatabaseCreation

    DatabaseCreation._destroy_test_db = _drop_whoever_is_in_it  # type: ignore[method-assign]


# What asks no database gives the same answer beside either: it runs once, beside SQLite.
STORELESS = ("kernel", "pack", "packs", "press", "architecture", "engine")
STORES = {"db", "transactional_db", "django_db_setup", "cast", "client_of"}


# Journeys about what a browser draws; key files and server processes; and who gets which page: rights are told by queries that the apps'
# own tests ask of both.
ONCE = {"test_every_page", "test_keyboard", "test_frame", "test_everyday", "test_access_matrix", "test_keys", "test_serve"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what waits for a browser, so that no process waits for another at the end.

    Beside PostgreSQL, leave out tests of the lower floors that neither use the database nor compare engines on it, and of drawing.
    """
    items.sort(key=lambda item: "journeys" not in item.path.parts)
    if connection.vendor != "postgresql":
        return
    left = [item for item in items if _storeless(item)]
    items[:] = [item for item in items if item not in set(left)]
    config.hook.pytest_deselected(items=left)


def _storeless(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if folder == "journeys" or item.path.stem in ONCE:
        return item.path.stem in ONCE
    asks = item.get_closest_marker("django_db") is not None or bool(STORES & set(getattr(item, "fixturenames", ())))
    return folder in STORELESS and not asks and not any(word in item.path.stem for word in ("parity", "postgres", "database"))


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One key ring for the whole run: rows of one test's cast are put back in the next one's home."""
    from django.conf import settings

    os.environ["XINGTAN_KEYS"] = settings.XINGTAN_KEYS = str(tmp_path_factory.getbasetemp() / "keys.json")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Every test has a home of its own for uploads, packs and snapshots; it is made when something is first written to it."""
    folder = tmp_path_factory.getbasetemp() / f"home-{next(_numbers)}"
    monkeypatch.setenv("XINGTAN_HOME", str(folder))
    settings.XINGTAN_HOME, settings.MEDIA_ROOT = folder, folder / "media"
    periods.forget()  # kept by the numbers of a place and of its last change, which come again when a test is rolled back
    return folder


@pytest.fixture
def actor() -> Actor:
    return casting.ACTOR


@pytest.fixture
def cast(db: None) -> casting.Cast:
    """The small county (tests/cast.py)."""
    return casting.make_cast()


@pytest.fixture
def client_of(cast: casting.Cast) -> Callable[[str], Client]:
    """`client_of("director")`: a browser in which that member of the cast has signed in."""

    def signed_in(login: str) -> Client:
        client = Client()
        client.force_login(cast.accounts[login])
        return client

    return signed_in
