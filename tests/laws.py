"""How many examples a law is tried on: half of what it states, the same ones every time, in `make test`; ten times as many, new ones, in
`make thorough`."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("XINGTAN_THOROUGH", "") == "1"
FACTOR = 10 if THOROUGH else 0.5
FEWEST = 5


def tried(times: int, **more: Any) -> settings:
    """Settings of a law that is dearer than others. How long an example takes says more about the machine than about the law."""
    return settings(max_examples=_many(times), deadline=None, derandomize=not THOROUGH, suppress_health_check=list(HealthCheck), **more)


def _many(times: int) -> int:
    return max(FEWEST, int(times * FACTOR))


def load_profile() -> None:
    """The settings of all other laws."""
    too_slow = [HealthCheck.too_slow]
    settings.register_profile("xingtan", max_examples=_many(100), deadline=None, derandomize=not THOROUGH, suppress_health_check=too_slow)
    settings.load_profile("xingtan")
