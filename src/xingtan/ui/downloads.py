"""Files on their way out: names in Chinese survive every browser, and nothing is opened inside our origin by guesswork."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
PNG = "image/png"
SVG = "image/svg+xml"
CSV = "text/csv; charset=utf-8"
# What Windows, macOS and zip tools refuse in a name, and control characters.
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def safe_name(name: str) -> str:
    """Return a file name that every system can store; never empty."""
    return FORBIDDEN.sub("_", name).strip(" .")[:150] or "xingtan"


def download(data: bytes | Iterable[bytes], name: str, kind: str, *, inline: bool = False) -> HttpResponseBase:
    """Return a file to keep (or, `inline`, to look at). `data` may be produced piece by piece."""
    response: HttpResponseBase
    if isinstance(data, bytes):
        response = HttpResponse(data, content_type=kind)
    else:
        response = StreamingHttpResponse(data, content_type=kind)
    disposition = content_disposition_header(not inline, safe_name(name))
    if disposition:
        response.headers["Content-Disposition"] = disposition
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
