"""Look into an xlsx before anything parses it: bombs, lies about sizes, entities; and what the fast reader does not tell:
formulas without a stored result, error cells, merged cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from xingtan.kernel.text import T

from .sniff import UnreadableError, unreadable

LARGEST_INSIDE = 700 * 1024 * 1024
MOST_PARTS, STEEPEST, STEEP_FROM = 5000, 200, 20 * 1024 * 1024
CHUNK = 1 << 20
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>(.*?)</c>', re.DOTALL)
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_FIRST = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"[^>]*>(?:<f\b[^>]*?(?:/>|>[^<]*</f>))?<(?:v>[^<]|is>)')
_LONG = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)><v>(?:[0-9]{16,}|[0-9.]+[eE]\+?1[5-9])</v>')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Span = tuple[int, int, int, int]  # first row, first column, last row, last column; from 1 and from 0


@dataclass(slots=True)
class Traits:
    """What stands in a sheet besides values. Cells by (row from 1, column from 0)."""

    merges: list[Span] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)  # formulas without a stored result
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # #DIV/0! and its kin
    lost: set[tuple[int, int]] = field(default_factory=set)  # numbers longer than a spreadsheet can keep: their last digits are gone
    first: int = 0  # the first row in which anything stands; 0: not known


def inspect(path: Path) -> dict[str, Traits]:
    """Traits by sheet name. Raises UnreadableError for a bomb, a broken zip or a workbook that is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            _declared(archive, path.stat().st_size)
            names = sheet_parts(archive)
            found = {name: Traits() for name in names.values()}
            for info in archive.infolist():
                _walk(archive, info, found.get(names.get(info.filename, "")))
            return found
    except (zipfile.BadZipFile, EOFError, KeyError, ElementTree.ParseError, NotImplementedError, RuntimeError) as error:
        raise unreadable(
            "file.broken", T("表格文件已损坏，或不是真正的 .xlsx"), T("请在表格软件里打开核对，重新另存一次后再上传")
        ) from error


def _declared(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    inside = sum(info.file_size for info in parts)
    packed = sum(info.compress_size for info in parts)
    if (
        len(parts) > MOST_PARTS
        or inside > LARGEST_INSIDE
        or packed > size + len(parts) * 64
        or (inside > STEEP_FROM and inside > size * STEEPEST)
    ):
        raise bomb()


def bomb() -> UnreadableError:
    return unreadable("file.bomb", T("文件解压后大得不正常，为安全起见没有打开"), T("请新建一个表格，只把需要的数据复制进去，再上传"))


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names by the part that holds them."""
    book = ElementTree.fromstring(_small(archive, "xl/workbook.xml"))  # noqa: S314 - parts with entities were refused
    relations = ElementTree.fromstring(_small(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION, ""), "")
        found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return found


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    data = archive.read(name) if archive.getinfo(name).file_size < 4 * CHUNK else b""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise bomb()
    return data


def _walk(archive: zipfile.ZipFile, info: zipfile.ZipInfo, traits: Traits | None) -> None:
    """Unpack a part to its real end, counting; a part longer or other than declared fails its checksum here."""
    real = 0
    if not info.filename.endswith((".xml", ".rels", ".vml")):
        return
    for piece in _pieces(archive, info):
        # A document type stands before the first element, if anywhere.
        if not real and (b"<!DOCTYPE" in piece[:CHUNK] or b"<!ENTITY" in piece[:CHUNK]):
            raise bomb()
        real += len(piece)
        if real > LARGEST_INSIDE + CHUNK:
            raise bomb()
        if traits is not None:
            _collect(piece, traits)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end where an element ends, so that no cell is torn."""
    rest = b""
    with archive.open(info) as stream:
        while block := stream.read(CHUNK):
            block = rest + block if rest else block
            cut = max(block.rfind(b"</c>") + 4, 4)
            cut = cut if cut > 4 else block.rfind(b"/>") + 2
            if cut < 2 or len(block) - cut > 16 * CHUNK:
                cut = len(block)
            yield block[:cut]
            rest = block[cut:]
    if rest:
        yield rest


def _collect(piece: bytes, traits: Traits) -> None:
    if not traits.first and (match := _FIRST.search(piece)):
        traits.first = int(match[1])
    if b"<f" in piece or b't="e"' in piece:
        for match in _CELL.finditer(piece):
            _cell(match, traits)
    for ref, attributes in _LONG.findall(piece):
        if b't="s' not in attributes:
            traits.lost.add(place(ref))
    if b"<mergeCell " in piece:
        for left, top, right, bottom in _MERGE.findall(piece):
            traits.merges.append((int(top), column(left), int(bottom), column(right)))


def _cell(match: re.Match[bytes], traits: Traits) -> None:
    ref, attributes, body = match.groups()
    spot = place(ref)
    value = _VALUE.search(body)
    if b't="e"' in attributes:
        traits.errors[spot] = value[1].decode() if value else "#N/A"
    elif b"<f" in body and (value is None or not value[1]):
        traits.formulas.add(spot)


def column(letters: bytes) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def place(ref: bytes) -> tuple[int, int]:
    """C7 → (7, 2)."""
    letters = ref.rstrip(b"0123456789")
    return int(ref[len(letters) :]), column(letters)


def letters(number: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
