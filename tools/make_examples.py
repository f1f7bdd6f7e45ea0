"""Make the workbooks of `examples/` from the plain sheets beside them.

    python tools/make_examples.py

`examples/PLACE/sheets/机构.csv` becomes `examples/PLACE/机构.xlsx`; the files
`sheets/年报-甲.csv` and `sheets/年报-乙.csv` become two sheets of `年报.xlsx`.
Clerks keep workbooks, reviewers read text: the text is the source, `tests/packs/test_examples.py` holds the two equal cell by cell.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent / "examples"
MADE = datetime(2000, 1, 1)  # a fixed date, so that making twice gives the same bytes


def workbooks(place: Path) -> dict[str, list[tuple[str, Path]]]:
    """Workbook name → its sheets in order, each (name, source). A name without `-` is its own workbook."""
    books: dict[str, list[tuple[str, Path]]] = {}
    for path in sorted((place / "sheets").glob("*.csv")):
        book, _, sheet = path.stem.partition("-")
        books.setdefault(book, []).append((sheet or book, path))
    return books


def rows(path: Path) -> list[list[str]]:
    """The cells of a sheet as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(target: Path, sheets: list[tuple[str, Path]]) -> None:
    """One workbook. A cell that is a plain number is stored as one, as a clerk would have typed it; codes and periods stay text."""
    book = xlsxwriter.Workbook(str(target))
    book.set_properties({"created": MADE})
    for name, path in sheets:
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(rows(path)):
            for column, text in enumerate(cells):
                if text.isdigit() and len(text) < 9 and not text.startswith("0"):
                    sheet.write_number(at, column, int(text))
                elif text:
                    sheet.write_string(at, column, text)
    book.close()


def main() -> int:
    """Write every workbook of every place; says which."""
    for place in sorted(path for path in ROOT.iterdir() if (path / "sheets").is_dir()):
        for name, sheets in workbooks(place).items():
            write(place / f"{name}.xlsx", sheets)
            print(f"{place.name}/{name}.xlsx: {len(sheets)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
