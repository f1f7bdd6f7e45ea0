"""The marked-up copy of somebody's own xlsx: the very file, with faulty cells coloured and the reasons in a column of their own.

Only the sheet that was read and the styles are edited, as text and row by row; everything else (widths, merges, other sheets, print
settings, pictures) is carried over as it lies. Files with macros or ties to the outside are not handed on: `marked.py` writes them anew.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .marking_styles import Styles, UnusualError
from .reading.guard import CHUNK, letters, place, sheet_parts

STYLES = "xl/styles.xml"
LIVE = re.compile(r"vbaProject|/activeX/|/embeddings/|/externalLinks/|/connections\.xml|/customUI|/ctrlProps/|/macrosheets/|/queryTables/")
WIDTH = 60
_ROW = re.compile(r'<row\b(?=[^>]*?\sr="(\d+)")[^>]*?(?:/>|>.*?</row>)', re.DOTALL)
_CELL = re.compile(r'<c\b(?=[^>]*?\sr="([A-Z]{1,3}\d{1,7})")[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_STYLE = re.compile(r'(<c\b[^>]*?\ss=")(\d+)(")')
_COL = re.compile(r"<col\b[^>]*/>")
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Marks:
    """`fills`: row → column (from 0) → colour; `reasons`: row → text; `column`: where the reasons go."""

    fills: Mapping[int, Mapping[int, str]]
    reasons: Mapping[int, str]
    column: int


def mark(path: Path, sheet: str, marks: Marks) -> bytes:
    """The file with its marks. Raises UnusualError when it is not one that can be edited so."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as new:
        if any(LIVE.search(name) for name in old.namelist()) or STYLES not in old.namelist():
            raise UnusualError("live parts")
        part = next((part for part, name in sheet_parts(old).items() if name == sheet), "")
        styles = Styles(old.read(STYLES).decode("utf-8"))
        for info in old.infolist():
            if info.filename == part:
                _edit(old, new, info, _Editor(styles, marks))
            elif info.filename != STYLES:
                _copy(old, new, info)
        new.writestr(STYLES, styles.text())
    return target.getvalue()


def _copy(old: zipfile.ZipFile, new: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    with old.open(info) as source, new.open(info.filename, "w", force_zip64=info.file_size > 1 << 31) as target:
        while block := source.read(CHUNK):
            target.write(block)


def _edit(old: zipfile.ZipFile, new: zipfile.ZipFile, info: zipfile.ZipInfo, editor: _Editor) -> None:
    with old.open(info) as source, new.open(info.filename, "w", force_zip64=info.file_size > 1 << 31) as target:
        text = io.TextIOWrapper(source, "utf-8", newline="")
        for piece in editor.pieces(iter(lambda: text.read(CHUNK), "")):
            target.write(piece.encode("utf-8"))
    if not editor.complete:
        raise UnusualError("rows")


class _Editor:
    """Edits one sheet as it streams by. Rows must be numbered and in order, as every spreadsheet program writes them."""

    def __init__(self, styles: Styles, marks: Marks) -> None:
        self.styles, self.marks = styles, marks
        self.waiting = sorted({*marks.fills, *marks.reasons}, reverse=True)
        self.fresh = {style: styles.marked(style, "") for style in styles.stale}
        self.complete = False

    def pieces(self, blocks: Iterator[str]) -> Iterator[str]:
        rest = ""
        for block in blocks:
            rest += block
            if "<sheetData" in rest and not self.complete:
                head, rest = self._head(rest)
                yield head
                self.complete = True
            cut = rest.rfind("</row>") + 6
            if self.complete and cut > 6:
                yield self._rows(rest[:cut])
                rest = rest[cut:]
        end = rest.find("</sheetData>")
        if end >= 0:
            yield self._rows(rest[:end]) + "".join(self._missing(None)) + rest[end:]
        else:
            self.complete = False

    def _head(self, text: str) -> tuple[str, str]:
        """What stands before the rows: no stated size any more, and a wide column for the reasons."""
        at = text.index("<sheetData")
        end = text.index(">", at) + 1
        if text[end - 2] == "/":
            raise UnusualError("no rows")
        head = re.sub(r"<dimension\b[^>]*/>", "", text[:at])
        found = re.search(r"<cols>(.*?)</cols>", head, re.DOTALL)
        cols = f"<cols>{_columns(found[1] if found else '', self.marks.column + 1)}</cols>"
        head = head[: found.start()] + cols + head[found.end() :] if found else head + cols
        return head + text[at:end], text[end:]

    def _rows(self, text: str) -> str:
        out, last = [], 0
        for match in _ROW.finditer(text):
            out.append(text[last : match.start()])
            number = int(match[1])
            out.extend(self._missing(number))
            out.append(self._row(number, match[0]))
            last = match.end()
        return "".join([*out, text[last:]])

    def _missing(self, number: int | None) -> Iterator[str]:
        """Rows that are marked and not in the file, before a row (None: to the end)."""
        while self.waiting and (number is None or self.waiting[-1] < number):
            row = self.waiting.pop()
            yield self._marked(row, f'<row r="{row}"></row>')

    def _row(self, number: int, text: str) -> str:
        if self.fresh:
            text = _STYLE.sub(lambda m: f"{m[1]}{self.fresh.get(int(m[2]), int(m[2]))}{m[3]}", text)
            text = self._without_reasons(number, text)
        if not self.waiting or self.waiting[-1] != number:
            return text
        self.waiting.pop()
        return self._marked(number, text)

    def _without_reasons(self, number: int, text: str) -> str:
        """A copy that comes back has the last time's reasons in it."""
        old = f"{letters(self.marks.column)}{number}"
        return _CELL.sub(lambda m: "" if m[1] == old else m[0], text)

    def _marked(self, number: int, text: str) -> str:
        opening = text[: text.index(">") + 1].removesuffix("/>").removesuffix(">")
        cells = {place(m[1].encode())[1]: m[0] for m in _CELL.finditer(text)}
        for column, colour in self.marks.fills.get(number, {}).items():
            ref = f"{letters(column)}{number}"
            cells[column] = self._filled(cells.get(column, f'<c r="{ref}"/>'), colour)
        if number in self.marks.reasons:
            said = _escaped(self.marks.reasons[number])
            ref, style = f"{letters(self.marks.column)}{number}", self.styles.reason()
            cells[self.marks.column] = f'<c r="{ref}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
        opening = re.sub(r'\sspans="[^"]*"', "", opening)
        return f"{opening}>{''.join(cells[column] for column in sorted(cells))}</row>"

    def _filled(self, cell: str, colour: str) -> str:
        found = re.match(r'<c\b[^>]*?\ss="(\d+)"', cell)
        style = self.styles.marked(int(found[1]) if found else 0, colour)
        if found:
            return f"{cell[: found.start(1)]}{style}{cell[found.end(1) :]}"
        return cell.replace("<c ", f'<c s="{style}" ', 1)


def _columns(inside: str, column: int) -> str:
    """The widths, with a wide and visible column (from 1) for the reasons cut out of whatever range it lay in."""
    found = []
    for item in _COL.findall(inside):
        first, last = (int(re.search(rf'\b{name}="(\d+)"', item)[1]) for name in ("min", "max"))  # type: ignore[index]
        for start, end in ((first, min(last, column - 1)), (max(first, column + 1), last)):
            if start <= end:
                found.append((start, re.sub(r'\bmax="\d+"', f'max="{end}"', re.sub(r'\bmin="\d+"', f'min="{start}"', item))))
    found.append((column, f'<col min="{column}" max="{column}" width="{WIDTH}" customWidth="1"/>'))
    return "".join(item for _, item in sorted(found))


def _escaped(text: str) -> str:
    clean = _BAD.sub("", text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
