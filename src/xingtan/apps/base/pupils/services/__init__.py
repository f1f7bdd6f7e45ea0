"""Verbs on pupils, classes, enrolment, transfers, batches and the school-age list, each in one transaction."""

from __future__ import annotations

from .admission import pupil_admit
from .classes import class_change, class_close, class_open
from .facts import flag_end, flag_set, guardians_set, pupil_change
from .movements import (
    act_undo,
    pupil_change_seat,
    pupil_complete,
    pupil_die,
    pupil_drop,
    pupil_graduate,
    pupil_leave,
    pupil_promote,
    pupil_repeat,
    pupil_resume,
    pupil_skip,
    pupil_suspend,
)  # fmt: skip

__all__ = [
    "act_undo", "class_change", "class_close", "class_open", "flag_end", "flag_set", "guardians_set", "pupil_admit", "pupil_change",
    "pupil_change_seat", "pupil_complete", "pupil_die", "pupil_drop", "pupil_graduate", "pupil_leave", "pupil_promote", "pupil_repeat",
    "pupil_resume", "pupil_skip", "pupil_suspend",
]  # fmt: skip
