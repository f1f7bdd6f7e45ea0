"""What a row makes of a pupil: blanks keep what stands, 清空 clears; which columns change, and in what the next spell differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from xingtan.apps.base.orgs.names import initials
from xingtan.apps.base.pupils.bulk import PERSON, PUPIL
from xingtan.apps.base.pupils.models import Enrolment, Movement
from xingtan.apps.base.vault.sealed import unseal

from . import register
from .comparing import Match
from .fields import FLAG, SLOTS, Column

Kind = Movement.Kind
SEALED = {
    "id_number": "people.person.id_number", "phone": "people.person.phone", "address": "people.person.address",
    "health": "pupils.pupil.health", "disability": "pupils.pupil.disability", "home_address": "pupils.pupil.home_address",
    "mail_address": "pupils.pupil.mail_address",
}  # fmt: skip
OPEN = [
    *(name for name in PERSON if name not in SEALED and name not in {"initials", "id_number_index", "phone_index"}),
    *(name for name in PUPIL if name not in SEALED and name not in {"temporary"}),
]  # fmt: skip
GUARDIAN_NAME, GUARDIAN_PHONE = "pupils.guardian.name", "pupils.guardian.phone"
Kin = tuple[str, str, str]  # relation, name, phone


@dataclass(slots=True)
class Secrets:
    """Texts to be sealed, by column: row of the table → text. Only what changes is here."""

    columns: dict[str, pl.Series]
    kin: list[list[Kin] | None]
    flags: list[tuple[list[str], list[int]] | None]  # kinds to set, flags to end


def merge(found: Match, known: dict[str, Column], indexes: dict[str, str]) -> Secrets:
    """Complete the table: for each open column what would be stored, `facts` (something of the person or pupil changes), `moves` (the seat
    does), `kind` (here becomes changed or same). `indexes`: blind index of a flag's kind → kind."""
    table = found.table
    table = table.with_columns(_kept(name, table) for name in OPEN if name in table.columns)
    changed: dict[str, pl.Series] = {name: _differs(name, table) for name in OPEN if name in known and name in table.columns}
    secrets = {name: _secret(name, context, table) for name, context in SEALED.items()}
    changed |= {name: text.is_not_null() for name, text in secrets.items()}
    kin = _kin(table)
    flags = _flags(table, known, indexes)
    changed["kin1_name"] = pl.Series([one is not None for one in kin], dtype=pl.Boolean)
    changed["flags"] = pl.Series([one is not None for one in flags], dtype=pl.Boolean)
    facts = pl.any_horizontal(pl.Series(name, mask) for name, mask in changed.items())
    table = table.with_columns(facts.alias("facts"), _moves(table).alias("moves"))
    here = pl.col("kind") == "here"
    table = table.with_columns(
        pl.when(here & (pl.col("facts") | pl.col("moves"))).then(pl.lit("changed")).when(here).then(pl.lit("same"))
        .otherwise(pl.col("kind")).alias("kind"),
        *(mask.alias(f"d_{name}") for name, mask in changed.items()),
    )  # fmt: skip
    found.table = table
    return Secrets(secrets, kin, flags)


def _kept(name: str, table: pl.DataFrame) -> pl.Expr:
    """What the column will say: the row's own, else what stands there, else nothing."""
    old = f"p_{name}" if name in PERSON else f"u_{name}"
    return pl.coalesce(name, old).alias(f"n_{name}")


def _differs(name: str, table: pl.DataFrame) -> pl.Series:
    old = f"p_{name}" if name in PERSON else f"u_{name}"
    return (table[name].is_not_null() & table[name].ne_missing(table[old])).fill_null(value=True)


def _secret(name: str, context: str, table: pl.DataFrame) -> pl.Series:
    """The new text of a sealed column where it differs from what stands there; null elsewhere."""
    if name not in table.columns or table[name].null_count() == table.height:
        return pl.Series(name, [None] * table.height, dtype=pl.String)
    if name == "id_number":
        same = table["idx"].eq_missing(table["p_id_number_index"])
        return table[name].set(same, None)
    old = table[f"p_{name}" if name in PERSON else f"u_{name}"]
    texts = [_fresh(new, stored or "", context) for new, stored in zip(table[name].to_list(), old.to_list(), strict=True)]
    return pl.Series(name, texts, dtype=pl.String)


def _fresh(new: str | None, stored: str, context: str) -> str | None:
    """The text, when it says something other than what is sealed already."""
    return None if new is None or new == (unseal(stored, context) if stored else "") else new


def _moves(table: pl.DataFrame) -> pl.Expr:
    """Whether the seat changes: a new pupil, another school, grade, class, boarding …; a blank class keeps the one there was."""
    differs = [
        pl.col("stage_word") != pl.col("s_stage"), pl.col("grade_no") != pl.col("s_grade"), pl.col("class_key").is_not_null(),
        pl.col("class_id").is_not_null() & pl.col("class_id").ne_missing(pl.col("s_school_class_id")),
        *(pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(f"s_{name}")) for name in ("seat", "boarding", "residence")),
    ]  # fmt: skip
    return (pl.col("kind") != "here") & (pl.col("kind") != "elsewhere") | ((pl.col("kind") == "here") & pl.any_horizontal(differs))


def _kin(table: pl.DataFrame) -> list[list[Kin] | None]:
    """The guardians a row names where they differ from those there are; None: nothing changes."""
    names = [name for name in (f"{slot}_{part}" for slot in SLOTS for part in ("name", "relation", "phone")) if name in table.columns]
    said = [name for name in names if table[name].null_count() < table.height]
    if not said:
        return [None] * table.height
    old: dict[int, list[Kin]] = {}
    asked = table.filter(pl.any_horizontal(pl.col(said).is_not_null()))["pupil_id"].drop_nulls().to_list()
    for pupil, _, _, relation, name, phone, _index in register.guardians(asked).rows():
        old.setdefault(pupil, []).append((relation, unseal(name, GUARDIAN_NAME), unseal(phone, GUARDIAN_PHONE)))
    found: list[list[Kin] | None] = []
    for pupil, *cells in table.select("pupil_id", *said).rows():
        new = _named(dict(zip(said, cells, strict=True)))
        found.append(new if new and new != old.get(pupil, []) else None)
    return found


def _named(cells: dict[str, str | None]) -> list[Kin]:
    kin = []
    for slot, usual in SLOTS.items():
        name = cells.get(f"{slot}_name")
        if name:
            kin.append((cells.get(f"{slot}_relation") or usual or "其他", name, cells.get(f"{slot}_phone") or ""))
    return kin


def _flags(table: pl.DataFrame, known: dict[str, Column], indexes: dict[str, str]) -> list[tuple[list[str], list[int]] | None]:
    """Flags to set and to end; a blank leaves a flag as it is."""
    names = [name for name in known if name.startswith(FLAG) and table[name].null_count() < table.height]
    if not names:
        return [None] * table.height
    have: dict[int, dict[str, int]] = {}
    for flag, pupil, kind_index, _from in register.flags(table["pupil_id"].drop_nulls().to_list()).rows():
        have.setdefault(pupil, {})[indexes.get(kind_index, "")] = flag
    found: list[tuple[list[str], list[int]] | None] = []
    for pupil, *cells in table.select("pupil_id", *names).rows():
        mine = have.get(pupil, {})
        said = {name[len(FLAG) :]: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        fresh = [kind for kind, yes in said.items() if yes and kind not in mine]
        over = [mine[kind] for kind, yes in said.items() if not yes and kind in mine]
        found.append((fresh, over) if fresh or over else None)
    return found


def movement(row: dict[str, object], day: date) -> str:
    """The kind of movement by which a pupil comes to the new seat."""
    if row["kind"] in {"added", "back"}:
        return str(Kind.RESUME if row.get("last_kind") == Kind.DROP else Kind.ENTER)
    if row["stage_word"] == row["s_stage"] and row["grade_no"] == row["s_grade"]:
        only_class = row["class_id"] is not None or row["class_key"] is not None
        return str(Kind.CLASS if only_class else Kind.CHANGE)
    up = row["stage_word"] == row["s_stage"] and int(str(row["grade_no"])) == int(str(row["s_grade"])) + 1
    return str(Kind.PROMOTE if up and row["s_status"] == Enrolment.Status.PRESENT else Kind.CHANGE)


def initials_of(names: pl.Series) -> pl.Series:
    """Pinyin initials, each distinct name once."""
    found = {name: initials(name)[:64] for name in names.drop_nulls().unique().to_list()}
    return names.replace_strict(list(found), list(found.values()), default="", return_dtype=pl.String)
