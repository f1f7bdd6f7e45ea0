"""Which function runs which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T, Text

if TYPE_CHECKING:
    from xingtan.apps.base.jobs.run import Run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to, in a sentence, and where to look at it."""

    text: Text
    url: str = ""


Handler = Callable[["Run"], Outcome | None]


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: its title for people, its function and how often it is tried."""

    kind: str
    title: Text
    handler: Handler
    attempts: int


_TASKS: dict[str, Task] = {}


def task(kind: str, *, title: Text, attempts: int = 3) -> Callable[[Handler], Handler]:
    """Register a function as the runner of a kind of job. It may run more than once (a killed process is taken up again), so it either
    is harmless to repeat or commits its work together with `run.finish(...)` in one transaction."""

    def register(handler: Handler) -> Handler:
        if kind in _TASKS and _TASKS[kind].handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"job kind {kind!r} is registered twice")
        _TASKS[kind] = Task(kind, title, handler, attempts)
        return handler

    return register


@cache
def discover() -> None:
    """Read each app's `tasks.py`, which registers its kinds of job: when a job is met, not when the program starts, for they bring heavy
    libraries along."""
    autodiscover_modules("tasks")


def task_of(kind: str) -> Task:
    """Return the task of a kind. Raises XingtanError when no application registered it."""
    discover()
    found = _TASKS.get(kind)
    if found is None:
        raise XingtanError.one("jobs.kind", T("没有“%(kind)s”这一类后台任务", kind=kind), T("程序可能已换版本；请重新提交这项工作"))
    return found


def title_of(kind: str) -> Text:
    discover()
    return _TASKS[kind].title if kind in _TASKS else T("%(kind)s", kind=kind)
