"""Parameters that the program itself reads, whether or not a formula does."""

from __future__ import annotations

from decimal import Decimal

from .schema.pack import PackData

SMALL_GROUP = "small_group"
# id -> what it decides, and what holds in a pack that does not state it
PROGRAM: dict[str, tuple[str, Decimal]] = {
    SMALL_GROUP: ("groups of fewer persons are not shown outside the school", Decimal(10)),
}
# id -> what it decides; a pack that does not state it leaves it undecided (apps/base/pupils)
READ: dict[str, str] = {
    "preschool_years": "years of preschool: which grades there are and what they are called",
    "primary_years": "years of primary school",
    "junior_years": "years of junior school",
    "senior_years": "years of senior school",
    "vocational_years": "years of vocational school",
    "special_years": "years of special school",
    "transfer_horizon_days": "how many days ahead a transfer may be dated",
    "transfer_answer_days": "days within which the other school answers a transfer",
    "temporary_number_days": "days after which a temporary pupil number is a finding",
}


def number(pack: PackData | None, name: str) -> Decimal:
    """The value of a parameter of the program: the pack's, else what holds without one."""
    stated = pack.parameters.get(name) if pack is not None else None
    return stated.value if stated is not None and isinstance(stated.value, Decimal) else PROGRAM[name][1]
