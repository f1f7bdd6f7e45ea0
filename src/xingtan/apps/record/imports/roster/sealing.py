"""From the compared table to what `pupils.bulk` writes: texts sealed, blind indexes made, what stood before kept for undoing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.pupils.bulk import PERSON, PUPIL, Line, before_text
from xingtan.apps.base.pupils.models import Enrolment
from xingtan.apps.base.vault import index
from xingtan.apps.base.vault.masks import Kind as Secret
from xingtan.apps.base.vault.sealed import seal, unseal

from . import register
from .comparing import Asked
from .merging import GUARDIAN_NAME, GUARDIAN_PHONE, OPEN, SEALED, initials_of, movement
from .plan import Plan

FLAG_KIND = "pupils.flag.kind"
CHUNK = 2000
Step = Callable[[int, int], None]


@dataclass(slots=True)
class Prepared:
    """The lines to write, and for each changed pupil what stood before (key, JSON in plain words: to be sealed as one)."""

    lines: list[Line]
    before: list[tuple[int, str]]


def prepare(asked: Asked, made: Plan, step: Step) -> Prepared:
    """Seal what is to be written, in pieces between which a worker can be stopped."""
    assert made.match is not None
    assert made.secrets is not None
    table = _completed(asked.place, made)
    kept = table.filter(made.good)
    at = made.good.arg_true().to_list()
    kin, flags = [made.secrets.kin[n] for n in at], [made.secrets.flags[n] for n in at]
    pupils = kept["pupil_id"].drop_nulls().to_list()
    last = dict(register.last_movements(pupils).select("pupil_id", "last_kind").rows())
    old_kin = _old_kin(kept, kin)
    result = Prepared([], [])
    for start in range(0, kept.height, CHUNK):
        for n, row in enumerate(kept.slice(start, CHUNK).rows(named=True), start):
            row["last_kind"] = last.get(row["pupil_id"])
            line = _line(asked, row, kin[n], flags[n])
            result.lines.append(line)
            if row["pupil_id"] is not None:
                result.before.append((row["pupil_id"], _before(row, line, old_kin.get(row["pupil_id"], []))))
        step(min(start + CHUNK, kept.height), kept.height)
    return result


def _completed(place: Place, made: Plan) -> pl.DataFrame:
    """Every sealed column as it will stand (ciphertext), the blind indexes, the initials."""
    assert made.match is not None
    assert made.secrets is not None
    table, good = made.match.table, made.good
    found = {name: _cipher(name, context, table, made.secrets.columns[name], good) for name, context in SEALED.items()}
    said = made.secrets.columns["phone"].set(~good, None).to_list()
    phones = [None if text is None else index.blind(Secret.PHONE, place.slug, text) for text in said]
    return table.with_columns(
        *(series.alias(f"n_{name}") for name, series in found.items()),
        pl.coalesce("idx", "p_id_number_index", pl.lit("")).alias("n_id_number_index"),
        pl.coalesce(pl.Series(phones, dtype=pl.String), "p_phone_index", pl.lit("")).alias("n_phone_index"),
        initials_of(table["n_name"]).alias("n_initials"),
        (pl.coalesce("idx", "p_id_number_index", pl.lit("")) == "").alias("n_temporary"),
    )


def _cipher(name: str, context: str, table: pl.DataFrame, fresh: pl.Series, good: pl.Series) -> pl.Series:
    old = table[f"p_{name}" if name in PERSON else f"u_{name}"].to_list()
    texts = fresh.set(~good, None).to_list()
    sealed = [stored or "" if text is None else seal(text, context) for text, stored in zip(texts, old, strict=True)]
    return pl.Series(name, sealed, dtype=pl.String)


BLANK: dict[str, Any] = {"birth": None, "only_child": None, "preschool": None}


def _values(row: dict[str, Any], names: tuple[str, ...], prefix: str = "n_") -> tuple[Any, ...]:
    return tuple(row[prefix + name] if row[prefix + name] is not None else BLANK.get(name, "") for name in names)


def _line(asked: Asked, row: dict[str, Any], kin: Any, flags: Any) -> Line:
    fresh = row["pupil_id"] is None
    slug, (set_now, ended) = asked.place.slug, flags or ((), ())
    line = Line(
        row["other_id"] if fresh else row["person_id"], row["pupil_id"],
        (row["person_version"] or row["other_version"] or 0, row["pupil_version"] or 0),
        kin=None if kin is None else [_sealed_kin(slug, one) for one in kin],
        flags=[(seal(kind, FLAG_KIND), index.blind(Secret.POVERTY, slug, kind)) for kind in set_now], ended_flags=ended,
    )  # fmt: skip
    if line.person_id is None or (row["facts"] and not fresh):
        line.person = _values(row, PERSON)
    if fresh or row["facts"]:
        line.pupil = _pupil_values(row, asked)
    if row["moves"]:
        line.seat, line.class_key, line.kind = _seat(row), row["class_key"], movement(row, asked.day)
        line.spell_id = row["spell_id"]
        line.left = asked.names.get(row["school_id"], "") if row["kind"] == "moved" else ""
    return line


def _pupil_values(row: dict[str, Any], asked: Asked) -> tuple[Any, ...]:
    if row["pupil_id"] is None and not row["n_entry_month"]:
        row["n_entry_month"] = f"{asked.day:%Y-%m}"
    return _values(row, PUPIL)


def _seat(row: dict[str, Any]) -> tuple[Any, ...]:
    """The columns of the next spell: as the sheet says; what it leaves blank stays while the pupil stays at the school."""
    stays = row["kind"] == "changed"
    same_grade = stays and row["stage_word"] == row["s_stage"] and row["grade_no"] == row["s_grade"]
    klass = row["class_id"] if row["class_id"] is not None else row["s_school_class_id"] if same_grade and not row["class_key"] else None

    def kept(name: str, blank: Any) -> Any:
        said = row[name]
        return said if said is not None else row[f"s_{name}"] if stays and row[f"s_{name}"] is not None else blank

    status = row["s_status"] if stays else Enrolment.Status.PRESENT.value
    residence = kept("residence", row["n_residence"] or "")
    mode = row["s_entry_mode"] if stays else row["n_entry_mode"] or ""
    return (row["school_id"], row["stage_word"], row["grade_no"], klass, kept("seat", ""), kept("boarding", None), residence, mode, status)


def _sealed_kin(slug: str, kin: tuple[str, str, str]) -> tuple[str, str, str, str]:
    relation, name, phone = kin
    return relation, seal(name, GUARDIAN_NAME), seal(phone, GUARDIAN_PHONE), index.blind(Secret.PHONE, slug, phone)


def _old_kin(kept: pl.DataFrame, kin: list[Any]) -> dict[int, list[list[Any]]]:
    pupils = [pupil for pupil, one in zip(kept["pupil_id"].to_list(), kin, strict=True) if pupil is not None and one is not None]
    found: dict[int, list[list[Any]]] = {}
    for pupil, key, order, relation, name, phone, phone_index in register.guardians(pupils).rows():
        opened = (unseal(name, GUARDIAN_NAME), unseal(phone, GUARDIAN_PHONE))
        found.setdefault(pupil, []).append([key, order, relation, *opened, phone_index])
    return found


def _before(row: dict[str, Any], line: Line, kin: list[list[Any]]) -> str:
    """What stood before, in plain words; `versions` are those that the roster leaves."""
    versions = [row["person_version"] + (line.person is not None), row["pupil_version"] + (line.pupil is not None)]
    told: dict[str, Any] = {"person_id": row["person_id"], "versions": versions, "ended_flags": list(line.ended_flags)}
    if line.person is not None:
        told["person"] = list(_opened(row, PERSON, "p_"))
    if line.pupil is not None:
        told["pupil"] = list(_opened(row, PUPIL, "u_"))
    if line.kin is not None:
        told["kin"] = kin
    return before_text(told)


def _opened(row: dict[str, Any], names: tuple[str, ...], prefix: str) -> Iterator[Any]:
    for name in names:
        value = row[prefix + name]
        yield unseal(value, SEALED[name]) if name in SEALED and value else value


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two comparisons of one file come to the same."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


assert set(OPEN) <= {*PERSON, *PUPIL}, "the columns of the register and of its bulk writer have drifted apart"
