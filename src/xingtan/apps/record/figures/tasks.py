"""Refreshing a large place's working snapshot, away from the page that noticed."""

from __future__ import annotations

from xingtan.apps.base.jobs.registry import Outcome, task
from xingtan.apps.base.jobs.run import Run
from xingtan.kernel.text import T

from . import services


@task("figures.refresh", title=T("更新指标数据"))
def refresh(run: Run) -> Outcome | None:
    """Harmless to repeat: a second refresh finds nothing to write."""
    place = run.place
    if place is None:
        return None
    services.snapshot_refresh(place=place)
    return Outcome(T("“%(place)s”的指标数据已更新", place=place.title))
