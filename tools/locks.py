"""Hold the lock files to names, versions and hashes: no address of any registry, every package hashed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def faults() -> list[str]:
    found = []
    for path in sorted(ROOT.glob("requirements*.txt")):
        text = path.read_text(encoding="utf-8")
        if "://" in text or re.search(r"^\s*--(extra-)?index-url|^\s*-f\s", text, re.MULTILINE):
            found.append(f"{path.name}: names an address")
        found += [
            f"{path.name}: {name} has no hash" for name in re.findall(r"^([A-Za-z0-9._\[\]-]+)==[^\\\n]+(?<!\\)$", text, re.MULTILINE)
        ]
    for folder in ("frontend", "tools/browser"):
        path = ROOT / folder / "package-lock.json"
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
        found += [f"{folder}: {name} names an address" for name, package in packages.items() if "resolved" in package]
        found += [f"{folder}: {name} has no hash" for name, package in packages.items() if name and "integrity" not in package]
        if not re.search(r"^omit-lockfile-registry-resolved=true$", (path.parent / ".npmrc").read_text(encoding="utf-8"), re.MULTILINE):
            found.append(f"{folder}/.npmrc: the next lock would name addresses")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
