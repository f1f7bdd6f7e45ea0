"""What a file is, by its content. Its name is never believed."""

from __future__ import annotations

from typing import Literal

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T, Text

Form = Literal["xlsx", "xls", "csv"]
LARGEST_FILE = 50 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = T("请在表格软件里打开，另存为“Excel 工作簿（.xlsx）”后再上传")


class UnreadableError(XingtanError):
    """The file cannot be read at all; the issue says why and what to do."""


def unreadable(code: str, message: Text, hint: Text | None = None) -> UnreadableError:
    return UnreadableError.one(code, message, hint or _SAVE_AS)


def sniff(data: bytes) -> Form:
    """The form of the file. Raises UnreadableError for everything that is no sheet."""
    if not data:
        raise unreadable("file.empty", T("文件是空的"), T("请确认表格已经保存，再上传一次"))
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // 1024 // 1024
        raise unreadable("file.large", T("文件超过 %(limit)s MB", limit=limit), T("请按学校或学期分成几个文件上传，或删去图片后另存"))
    if data.startswith(b"PK"):
        return _zip(data)
    if data.startswith(_OLE):
        return _ole(data)
    return _text(data)


def _zip(data: bytes) -> Form:
    if b"xl/workbook" in data or b"xl/worksheets" in data:
        return "xlsx"
    if b"word/document" in data:
        raise unreadable("file.word", T("这是 Word 文档，不是表格"), T("请把表格复制到 Excel 里，另存为 .xlsx 后再上传"))
    if b"opendocument.spreadsheet" in data:
        raise unreadable("file.ods", T("这是 OpenDocument 表格（.ods）"))
    raise unreadable(
        "file.zip", T("这是压缩包，或已损坏的表格"), T("请先解压，把里面的 .xlsx 文件逐个上传；若本来就是表格，请重新另存一次")
    )


def _ole(data: bytes) -> Form:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise unreadable("file.password", T("表格加了打开密码"), T("请去掉密码（文件 → 信息 → 保护工作簿）后再上传"))
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise unreadable("file.ole", T("这是旧版 Office 文件，但不是表格"))


def _text(data: bytes) -> Form:
    head = data[:4096].lstrip().lower()
    if head.startswith(b"%pdf"):
        raise unreadable("file.pdf", T("这是 PDF 文件，不是表格"), T("请上传生成这份 PDF 的原表格"))
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise unreadable("file.html", T("这是网页，只是名字像表格"))
    if data.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise unreadable("file.binary", T("这是图片或压缩包，不是表格"), T("请上传 .xlsx、.xls 或 .csv 文件"))
    decoded(data)
    return "csv"


def decoded(data: bytes) -> str:
    """The text of a csv: UTF-8 (with or without BOM), UTF-16 with BOM, or GB 18030 (which holds GBK). Raises UnreadableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if b"\x00" in data:
        raise unreadable("file.binary", T("这不是文本，也不是表格"), T("请上传 .xlsx、.xls 或 .csv 文件"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise unreadable(
            "file.encoding", T("第 %(line)s 行起的文字编码无法识别", line=line), T("请另存为“CSV UTF-8”或 .xlsx 后再上传")
        ) from error
