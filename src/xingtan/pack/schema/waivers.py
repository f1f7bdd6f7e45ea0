"""Waivers: findings the county has read and answers for. Only warnings can be waived; the reason is printed."""

from __future__ import annotations

from pydantic import Field as Slot

from .common import Day, Model, Title


class Waiver(Model):
    """One warning, for one item, with a reason."""

    rule: str = Slot(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    item: str = Slot(description="noun and id of the item, such as `parameter debt_share`", pattern=r"^[a-z_]+ [A-Za-z][A-Za-z0-9_]*$")
    reason: Title = Slot(min_length=4)
    by: str = ""
    date: Day | None = None
