"""What the audit log keeps of a pupil: codes, dates and masks; never a name, a number or an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xingtan.apps.base.vault.sealed import Sealed

from .models import Enrolment, SchoolClass
from .moving import Seat


def seat_told(seat: Seat, day: date) -> dict[str, Any]:
    """Where a pupil sits from a day on."""
    return {
        "school": seat.school.code, "school_name": seat.school.name, "stage": seat.stage, "grade": seat.grade,
        "class": str(seat.school_class) if seat.school_class else "", "boarding": seat.boarding, "residence": seat.residence,
        "status": seat.status, "day": day.isoformat(),
    }  # fmt: skip


def spell_told(spell: Enrolment | None) -> dict[str, Any]:
    """A spell that ended, or {}."""
    if spell is None:
        return {}
    return seat_told(Seat.of(spell), spell.valid_from)


def class_told(row: SchoolClass) -> dict[str, Any]:
    return {
        "school": row.school.code, "stage": row.stage, "entry_year": row.entry_year, "number": row.number, "title": row.title,
        "head": row.head.name if row.head else "", "from": row.valid_from.isoformat(), "to": row.valid_to.isoformat(),
    }  # fmt: skip


def masked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values with the sealed ones masked."""
    return {name: value.mask if isinstance(value, Sealed) else value for name, value in values.items()}
