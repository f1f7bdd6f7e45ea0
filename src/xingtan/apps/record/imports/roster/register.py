"""What the register holds of a place, as one table: who is known, and where each pupil sits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from django.db import connection

from xingtan.apps.base.orgs.models import FOREVER, Place
from xingtan.apps.base.pupils import bulk

SPELL = (*bulk.SPELL, "valid_from")
_TYPES = {
    "birth": pl.Date, "temporary": pl.Boolean, "only_child": pl.Boolean, "preschool": pl.Boolean, "school_id": pl.Int64, "grade": pl.Int64,
    "school_class_id": pl.Int64, "boarding": pl.Boolean, "valid_from": pl.Date,
}  # fmt: skip
_KEYS = ("pupil_id", "person_id", "pupil_version", "person_version", "spell_id")


def standing(place: Place) -> pl.DataFrame:
    """Every pupil of the place with the spell that is open, columns prefixed p_ (person), u_ (pupil), s_ (spell)."""
    names = [*(f"p_{one}" for one in bulk.PERSON), *(f"u_{one}" for one in bulk.PUPIL), *(f"s_{one}" for one in SPELL)]
    columns = [*(f"p.{one}" for one in bulk.PERSON), *(f"u.{one}" for one in bulk.PUPIL), *(f"s.{one}" for one in SPELL)]
    sql = (
        f"SELECT u.id, p.id, u.version, p.version, s.id, {', '.join(columns)} FROM pupils_pupil u "  # noqa: S608 - names of ours
        "JOIN people_person p ON p.id = u.person_id LEFT JOIN pupils_enrolment s ON s.pupil_id = u.id AND s.valid_to = %s "
        "WHERE u.place_id = %s AND u.merged_into_id IS NULL"
    )
    schema: dict[str, Any] = dict.fromkeys(_KEYS, pl.Int64) | {name: _TYPES.get(name[2:], pl.String) for name in names}
    return fetched(sql, [FOREVER, place.pk], schema)


def others(place: Place) -> pl.DataFrame:
    """Persons with an identity number who are no pupils: a roster may find one of them at school again."""
    sql = (
        "SELECT p.id, p.version, p.name, p.birth, p.id_number_index FROM people_person p LEFT JOIN pupils_pupil u ON u.person_id = p.id "
        "WHERE p.place_id = %s AND u.id IS NULL AND p.id_number_index <> '' AND p.merged_into_id IS NULL"
    )
    schema: dict[str, Any] = {
        "other_id": pl.Int64, "other_version": pl.Int64, "other_name": pl.String, "other_birth": pl.Date, "idx": pl.String,
    }  # fmt: skip
    return fetched(sql, [place.pk], schema)


def last_movements(pupils: Sequence[int]) -> pl.DataFrame:
    """The day and kind of the latest movement that stands, of these pupils."""
    schema: dict[str, Any] = {"pupil_id": pl.Int64, "last_day": pl.Date, "last_kind": pl.String, "id": pl.Int64}
    found = _of("SELECT pupil_id, day, kind, id FROM pupils_movement WHERE undone = %s AND pupil_id IN ", pupils, schema, [False])
    return found.sort("last_day", "id").unique("pupil_id", keep="last").drop("id")


def open_transfers(pupils: Sequence[int]) -> set[int]:
    """Pupils of whom a transfer waits for its answer."""
    found = _of("SELECT pupil_id FROM pupils_transfer WHERE state = %s AND pupil_id IN ", pupils, {"pupil_id": pl.Int64}, ["proposed"])
    return set(found["pupil_id"].to_list())


def guardians(pupils: Sequence[int]) -> pl.DataFrame:
    """Their guardians, sealed as they stand."""
    schema: dict[str, Any] = {
        "pupil_id": pl.Int64, "id": pl.Int64, "order": pl.Int64, "relation": pl.String, "name": pl.String, "phone": pl.String,
        "phone_index": pl.String,
    }  # fmt: skip
    sql = 'SELECT pupil_id, id, "order", relation, name, phone, phone_index FROM pupils_guardian WHERE pupil_id IN '
    return _of(sql, pupils, schema).sort("pupil_id", "order")


def flags(pupils: Sequence[int]) -> pl.DataFrame:
    """Their flags that are open."""
    schema: dict[str, Any] = {"flag_id": pl.Int64, "pupil_id": pl.Int64, "kind_index": pl.String, "flag_from": pl.Date}
    return _of(
        "SELECT id, pupil_id, kind_index, valid_from FROM pupils_flag WHERE valid_to = %s AND pupil_id IN ", pupils, schema, [FOREVER]
    )


def _of(sql: str, pupils: Sequence[int], schema: dict[str, Any], first: Iterable[Any] = ()) -> pl.DataFrame:
    """Rows of many pupils: asked for in pieces, each with its keys written into the statement (whole numbers of ours)."""
    parts = [pl.DataFrame(schema=schema)]
    for start in range(0, len(pupils), 5000):
        keys = ", ".join(map(str, map(int, pupils[start : start + 5000])))
        parts.append(fetched(f"{sql}({keys})", list(first), schema))
    return pl.concat(parts)


def fetched(sql: str, params: list[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """A query as a table."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
