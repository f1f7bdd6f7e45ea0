"""What is shown of a sealed value to somebody who may not read it, by the kind of the value."""

from __future__ import annotations

from enum import StrEnum

DOT = "●"
HIDDEN = DOT * 2
ADDRESS_SHOWN = 6


class Kind(StrEnum):
    """What a sealed field tells of a person. Packs state by these words who may read it, and for which purpose."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    HEALTH = "health"
    POVERTY = "poverty"
    GUARDIAN = "guardian"
    OTHER = "other"


def mask(kind: str, text: str) -> str:
    """The mask of a text: of numbers the first three and last two characters, of an address the first six, of anything else nothing.

    Whatever is too short for that shows nothing either.
    """
    if not text:
        return ""
    if kind in {Kind.ID_NUMBER, Kind.PHONE}:
        return f"{text[:3]}{DOT * (len(text) - 5)}{text[-2:]}" if len(text) >= 10 else HIDDEN
    if kind == Kind.ADDRESS:
        return f"{text[:ADDRESS_SHOWN]}{HIDDEN}" if len(text) > 2 * ADDRESS_SHOWN else HIDDEN
    return HIDDEN
