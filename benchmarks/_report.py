"""The table of one benchmark: printed, and written as a section of results.md with machine and date."""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results.md"


@dataclass(frozen=True)
class Claim:
    """`ratio` against `limit`: at most it, or (`at_least`) at least."""

    what: str
    ratio: float
    limit: float
    at_least: bool = False
    unit: str = "×"

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def row(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"| {self.what} | {self.ratio:.2f} {self.unit} | {sign} {self.limit:g} {self.unit} | {'holds' if self.holds else 'FAILS'} |"


@dataclass(frozen=True)
class Timing:
    """Medians of several rounds, in seconds. `cpu` counts all threads of this process."""

    wall: float
    cpu: float


def alternate(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Run the jobs in turn, A B A B …, after one round that is not counted."""
    walls: dict[str, list[float]] = {name: [] for name in jobs}
    cpus: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            job()
            if number:
                walls[name].append(time.perf_counter() - wall)
                cpus[name].append(time.process_time() - cpu)
    return {name: Timing(median(walls[name]), median(cpus[name])) for name in jobs}


def machine() -> str:
    """Processor, cores, memory, load and versions."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    load = os.getloadavg()[0]
    processor = model[1] if model else platform.processor()
    return f"{processor}, {os.cpu_count()} cores, load {load:.1f}, Python {sys.version.split()[0]}, {platform.system()}"


def publish(name: str, lines: Sequence[str]) -> None:
    """Print the section and put it into results.md in place of the one of that name."""
    stamp = f"{datetime.now(UTC):%Y-%m-%d} · {machine()}"
    section = "\n".join([f"## {name}", "", stamp, "", *lines, ""])
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# What was measured\n\nWritten by `make bench`.\n"
    pattern = re.compile(rf"## {re.escape(name)}\n.*?(?=\n## |\Z)", re.DOTALL)
    new = pattern.sub(lambda _: section.rstrip() + "\n", old) if pattern.search(old) else f"{old.rstrip()}\n\n{section}"
    RESULTS.write_text(new, encoding="utf-8")
    print(section)
