"""`make bench`: run every benchmark (benchmarks/*.py), each in a process of its own; fail if one misses what it claims."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    missed = []
    for path in sorted(HERE.glob("[!_]*.py")):
        sys.stdout.write(f"== {path.stem}\n")
        sys.stdout.flush()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}"], check=False).returncode:
            missed.append(path.stem)
    sys.stdout.write(f"missed: {', '.join(missed)}\n" if missed else "all claims hold\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
