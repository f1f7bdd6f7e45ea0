"""Datasets that the program keeps itself: every pack may count them as it counts its ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xingtan.engine.indicators.spec import DatasetSpec, FieldSpec

from . import aid
from .pupil_registers import pupil_registers
from .schema.pack import PackData
from .staff_registers import SEXES, STAFF_CODES, staff_registers

__all__ = ["PUPIL_ROWS", "SEXES", "STAFF_CODES", "registers"]


# Registers in which a row is a pupil: numbers made from them are counts of persons.
PUPIL_ROWS = frozenset({"roll", "movement", "pupil_flag", "flag_movement", "school_age", "sweep"})


def registers(pack: PackData) -> Mapping[str, DatasetSpec]:
    """The registers by id. `staff` has one row for each appointment: who holds which post where, from when to when."""
    posts = tuple(post.id for post in pack.organisation.posts)
    staff = DatasetSpec(
        "staff",
        "任职名册",
        (
            FieldSpec("person", "person", "人员"),
            FieldSpec("post", "code", "职务", codes=posts),
            FieldSpec("sex", "code", "性别", codes=SEXES),
            FieldSpec("birth", "date", "出生日期"),
        ),
    )
    return MappingProxyType({one.id: one for one in (staff, *staff_registers(pack), *pupil_registers(pack), *aid.registers(pack))})
