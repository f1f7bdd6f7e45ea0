"""How long the packs take: read cold, checked cold with every lint rule, stored and restored."""

from __future__ import annotations

from time import process_time

from benchmarks._report import Claim, publish
from xingtan.kernel.formula.parser import parse as parse_formula
from xingtan.pack import Pack, builtin_root, check, dump, load, restore, version_folder
from xingtan.pack.tree import parse

ROUNDS = 3


def cold() -> None:
    parse.cache_clear()
    parse_formula.cache_clear()


def main() -> bool:
    """Measure each pack three times, take the best; whether all limits hold."""
    names = sorted(path.name for path in builtin_root().iterdir() if path.is_dir())
    found = {name: tuple(map(min, zip(*(measure(name) for _ in range(ROUNDS)), strict=True))) for name in names}
    checked = sum(one[1] for one in found.values())
    claims = [
        Claim("checking all packs cold, CPU", checked, 5, unit="s"),
        Claim("restoring a stored pack, the slowest, CPU", 1000 * max(one[2] for one in found.values()), 150, unit="ms"),
    ]
    rows = [f"| {name} | {1000 * one[0]:.0f} | {1000 * one[1]:.0f} | {1000 * one[2]:.0f} |" for name, one in found.items()]
    table = ["| pack | read, ms CPU | checked, ms CPU | restored, ms CPU |", "|---|---|---|---|", *rows, ""]
    publish("Packs", [*table, "| claim | measured | limit | |", "|---|---|---|---|", *(claim.row() for claim in claims)])
    return all(claim.holds for claim in claims)


def measure(name: str) -> tuple[float, float, float]:
    """Seconds of processor time to read, check and restore a pack."""
    folder = version_folder(builtin_root() / name)
    cold()
    begin = process_time()
    pack = load(folder).pack
    read = process_time() - begin
    assert isinstance(pack, Pack)
    cold()
    begin = process_time()
    check(folder)
    checked = process_time() - begin
    stored = dump(pack)
    begin = process_time()
    again = restore(stored)
    restored = process_time() - begin
    assert dump(again) == stored
    return read, checked, restored


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
