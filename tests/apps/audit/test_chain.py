from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from xingtan.apps.base.audit import guard
from xingtan.apps.base.audit.models import Chain, Event
from xingtan.apps.base.audit.services import Actor, Target, record
from xingtan.apps.base.audit.verify import Head, heads, verify

ROW = Target("people.person", "7", "𠮷先生")


def write(count: int = 5, place: str = "xishan") -> None:
    for number in range(count):
        with transaction.atomic():
            record(actor=Actor.system("试验"), action="person.change", place=place, target=ROW, after={"n": number}, reason="依据")


def codes(place: str | None = "xishan", **more: object) -> list[str]:
    return [issue.code for issue in verify(place, **more)]  # type: ignore[arg-type]


def raw(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.django_db
def test_an_untouched_chain_is_whole() -> None:
    write(5)
    write(2, "shiqiao")
    assert verify() == ()
    assert [event.sequence for event in Event.objects.filter(place="xishan").order_by("sequence")] == [1, 2, 3, 4, 5]
    assert {head.place: head.length for head in heads()} == {"xishan": 5, "shiqiao": 2}


@pytest.mark.django_db
def test_values_are_kept_as_canonical_json_whatever_their_type() -> None:
    with transaction.atomic():
        event = record(
            actor=Actor("3", "季述"), action="x.y", place="", target=ROW,
            before={"b": Decimal("1.10"), "a": date(2009, 3, 8)}, after={"text": "\x00𠮷", "none": None},
        )  # fmt: skip
    stored = Event.objects.get(pk=event.pk)
    assert stored.before == '{"a":"2009-03-08","b":"1.10"}'
    assert stored.became == {"text": "\x00𠮷", "none": None}
    assert json.loads(stored.before) == stored.was
    assert verify("") == ()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(actor=Actor.system("试验"), action="x.y", place="", target=ROW)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_leaves_no_event_and_no_gap() -> None:
    write(1)
    with transaction.atomic():
        record(actor=Actor.system("试验"), action="x.y", place="xishan", target=ROW)
        transaction.set_rollback(True)
    write(1)
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    assert verify() == ()


FORBIDDEN = (
    "UPDATE audit_event SET reason = 'x' WHERE sequence = 2",
    "DELETE FROM audit_event WHERE sequence = 5",
    "DELETE FROM audit_chain",
    "UPDATE audit_chain SET length = 4",
    "UPDATE audit_chain SET place = 'other', length = length + 1",
)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_database_itself_refuses_to_change_the_log(sql: str) -> None:
    write(5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(sql)
    assert verify() == ()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["audit_event", "audit_chain"])
def test_truncate_is_refused(table: str) -> None:
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(f"TRUNCATE {table}")


COLUMNS = (
    "at = '2001-01-01 00:00:00+00:00'", "actor_kind = 'account'", "actor_id = '9'", "actor_label = '别人'", "action = 'x'",
    "target_type = 'x'", "target_id = '9'", "target_label = 'x'", "before = '{}'", "after = '{}'", "reason = ''", "pack = 'x'",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("change", COLUMNS)
def test_an_edit_of_any_column_is_found(change: str) -> None:
    write(5)
    with guard.unlocked():
        raw(f"UPDATE audit_event SET {change} WHERE sequence = 3")
    found = verify("xishan")
    assert [(issue.code, issue.where.row) for issue in found] == [("audit.edited", 3)]
    assert found[0].hint is not None


def reforge(sequence: int) -> None:
    """Edit one event and give it a fitting hash: the next one betrays it."""
    from xingtan.apps.base.audit.canon import digest

    event = Event.objects.get(sequence=sequence)
    event.reason = "改"
    raw("UPDATE audit_event SET reason = %s, hash = %s WHERE sequence = %s", "改", digest(event), sequence)


TAMPERINGS: tuple[tuple[Callable[[], None], list[str]], ...] = (
    (lambda: reforge(3), ["audit.link"]),
    (lambda: reforge(5), ["audit.head"]),
    (lambda: raw("DELETE FROM audit_event WHERE sequence IN (2, 3)"), ["audit.missing"]),
    (lambda: raw("DELETE FROM audit_event WHERE sequence >= 4"), ["audit.missing"]),
    (lambda: raw("DELETE FROM audit_event"), ["audit.missing"]),
    (lambda: raw("DELETE FROM audit_chain"), ["audit.head"]),
    (lambda: raw("UPDATE audit_event SET previous = '' WHERE sequence = 2"), ["audit.link", "audit.edited"]),
    (
        lambda: raw("UPDATE audit_event SET place = 'shiqiao' WHERE sequence = 5"),
        ["audit.missing", "audit.missing", "audit.edited", "audit.head"],
    ),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("tamper", "expected"), TAMPERINGS)
def test_tampering_is_found(tamper: Callable[[], None], expected: list[str]) -> None:
    write(5)
    with guard.unlocked():
        tamper()
    assert sorted(issue.code for issue in verify()) == sorted(expected)


@pytest.mark.django_db
def test_a_tail_cut_together_with_its_head_is_betrayed_by_a_noted_head() -> None:
    write(5)
    noted = heads()
    with guard.unlocked():
        raw("DELETE FROM audit_event WHERE sequence >= 4")
        raw("UPDATE audit_chain SET length = 3, head = (SELECT hash FROM audit_event WHERE sequence = 3)")
    assert codes() == []
    assert codes(noted=noted) == ["audit.missing"]


@pytest.mark.django_db
def test_a_rewritten_chain_is_betrayed_by_a_noted_head() -> None:
    write(3)
    assert codes(noted=[Head("xishan", 2, "0" * 64)]) == ["audit.noted"]


@pytest.mark.django_db
def test_the_guard_is_back_after_a_test_has_unlocked_it() -> None:
    write(1)
    with guard.unlocked():
        raw("UPDATE audit_event SET reason = 'x'")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw("UPDATE audit_event SET reason = 'y'")
    assert Chain.objects.count() == 1
