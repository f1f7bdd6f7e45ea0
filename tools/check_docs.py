"""Render an official document with LibreOffice and count: GB/T 9704 wants 22 lines of 28 characters on a page.

Says so and succeeds where there is no LibreOffice (or no pdftotext to read its PDF); fails when the page is another one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from xingtan.press import docx
from xingtan.press.document import Document, Paragraph, Run
from xingtan.press.fonts import font_folders

LINES, CHARACTERS = 22, 28
# The standard's faces are not free; where they are missing the free ones of the same width stand in.
ALIASES = {
    "Noto Serif SC": ("仿宋_GB2312", "楷体_GB2312", "方正小标宋简体", "宋体"),
    "Noto Sans SC": ("黑体", "等线"),
}


def fonts(folder: Path) -> Path:
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="append" binding="weak"><string>{face}</string></edit></match>'
        for face, names in ALIASES.items()
        for name in names
    )
    folders = "".join(f"<dir>{path}</dir>" for path in (*font_folders(), Path("/usr/share/fonts")))
    path = folder / "fonts.conf"
    cache = f"<cachedir>{folder}/fonts</cachedir>"
    path.write_text(f"<?xml version='1.0'?><fontconfig>{folders}{cache}{aliases}</fontconfig>", encoding="utf-8")
    return path


def pages(office: str, folder: Path) -> list[list[str]]:
    """The lines of each page as LibreOffice sets them."""
    body = Paragraph((Run("本页用于核对版心每面二十二行每行二十八字所以只有汉字没有标点" * 80),))
    source = folder / "page.docx"
    source.write_bytes(docx.official(Document("版心核对", (body,))))
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts(folder)), "HOME": str(folder)}
    own = f"-env:UserInstallation=file://{folder}/office"
    command = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
    text = subprocess.run(["pdftotext", "-layout", str(folder / "page.pdf"), "-"], check=True, capture_output=True, text=True).stdout
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in text.split("\f") if page.strip()]


def main() -> int:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office or not shutil.which("pdftotext"):
        sys.stdout.write("LibreOffice or pdftotext is not installed: nothing rendered\n")
        return 0
    with tempfile.TemporaryDirectory() as name:
        found = pages(office, Path(name))
    full = [line for line in found[1] if "—" not in line]  # the page number stands between dashes
    widths = {len(line) for line in full}
    sys.stdout.write(f"{len(found)} pages; the second has {len(full)} lines of {sorted(widths)} characters\n")
    return 0 if len(full) == LINES and widths == {CHARACTERS} else 1


if __name__ == "__main__":
    sys.exit(main())
