"""A small .xls as old spreadsheet programs write it: BIFF8 records in a compound file. Written by hand, so that no test needs an old program."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

Cell = str | float | None
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(rows: Sequence[Sequence[Cell]], name: str = "表") -> bytes:
    """One sheet of texts and numbers."""
    return _compound(_workbook(rows, name))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")


def _workbook(rows: Sequence[Sequence[Cell]], name: str) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)) + _record(0x0042, struct.pack("<H", 1200))
    end = _record(0x000A)
    size = len(_record(0x0085, struct.pack("<IBB", 0, 0, 0) + _text(name, "<B")))
    place = struct.pack("<IBB", len(begin) + size + len(end), 0, 0)
    return begin + _record(0x0085, place + _text(name, "<B")) + end + _sheet(rows)


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(len(row) for row in rows)
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    head += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    return head + b"".join(_cells(rows)) + _record(0x000A)


def _cells(rows: Sequence[Sequence[Cell]]) -> Iterable[bytes]:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            spot = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                yield _record(0x0204, spot + _text(cell, "<H"))
            elif cell is not None:
                yield _record(0x0203, spot + struct.pack("<d", cell))


def _compound(stream: bytes) -> bytes:
    """A compound file: header, the stream (at least 4096 bytes, so that it needs no small sectors), the directory, the table of sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, count, 0, 4096, END, 0, END, 0
    )
    header += struct.pack("<I", count + 1) + struct.pack("<I", FREE) * 108
    chain = [*range(1, count), END, END, FAT]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 0, len(stream)) + _entry("", 0, FREE, 0, 0) * 2
    return header + stream + directory + table


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le") + (b"\0\0" if name else b"")
    return struct.pack("<64sHBBIII36xIQ", spelled, len(spelled), kind, 1, FREE, FREE, child, start, size)
