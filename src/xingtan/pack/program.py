"""Parameters that the program itself reads, whether or not a formula does."""

from __future__ import annotations

from decimal import Decimal

from .schema.pack import PackData

SMALL_GROUP = "small_group"
# id -> what it decides, and what holds in a pack that does not state it
PROGRAM: dict[str, tuple[str, Decimal]] = {
    SMALL_GROUP: ("groups of fewer persons are not shown outside the school", Decimal(10)),
}


def number(pack: PackData | None, name: str) -> Decimal:
    """The value of a parameter of the program: the pack's, else what holds without one."""
    stated = pack.parameters.get(name) if pack is not None else None
    return stated.value if stated is not None and isinstance(stated.value, Decimal) else PROGRAM[name][1]
