"""Pupils, their guardians and flags, classes, dated enrolment, and the acts that change them."""

from __future__ import annotations

from .acts import Act, Movement, PupilMerge, Stamp, Transfer
from .children import Child, Sweep, SweepLine
from .roll import Enrolment, SchoolClass
from .who import Flag, Guardian, Pupil

__all__ = [
    "Act", "Child", "Enrolment", "Flag", "Guardian", "Movement", "Pupil", "PupilMerge", "SchoolClass", "Stamp", "Sweep",
    "SweepLine", "Transfer",
]  # fmt: skip
