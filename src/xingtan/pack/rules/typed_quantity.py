"""A quantity typed into a report where a figure should stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.phrases import Phrases
from xingtan.pack.schema.report import Report
from xingtan.pack.sources import Path
from xingtan.pack.tree import Node

from .lint import Finding, Lint, Rule

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ARABIC = r"\d[\d,，]*(?:\.\d+)?"
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+"
_UNITS = [
    "%",
    "％",
    "‰",
    "个百分点",
    "元",
    "万元",
    "亿元",
    "角",
    "人",
    "人次",
    "名",
    "位",
    "所",
    "个",
    "次",
    "件",
    "篇",
    "项",
    "套",
    "册",
    "本",
    "台",
    "间",
    "栋",
    "平方米",
    "㎡",
    "亩",
    "公里",
    "千米",
    "米",
    "吨",
    "年",
    "个月",
    "小时",
    "分钟",
    "学时",
    "课时",
    "倍",
    "户",
    "家",
    "天",
    "周",
    "节",
    "门",
    "张",
    "辆",
    "处",
    "片",
    "幅",
    "种",
    "类",
    "批",
    "期",
    "场",
]
# Dates, ordinals and document numbers; words of the language in which a numeral counts nothing.
_EXEMPT = (
    r"\d{4}(?:\s*[-—–至]\s*\d{2,4})?\s*(?:学年度?|年度?|届)",
    r"[零〇一二三四五六七八九]{4}年",
    r"\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?",
    r"\d{1,2}\s*日",
    r"[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?",
    rf"第\s*(?:{_ARABIC}|{_CHINESE})",
    r"[〔\[（(]\d{4}[〕\]）)]\s*\d*号?",
    r"(?:GB|JY)/?T?\s*[\d.]+(?:[-—]\d+)?",
    r"[’'‘]?0\d\s*年",
    r"学前[一二三]年",
    rf"(?:{_CHINESE}|\d+)\s*年(?:级|制|一贯制|义务教育)",
    r"一年(?!级)",
    r"十分(?!钟|之)",
    *(["一部分", "千家万户", "一家人", "一批批", "一个个", "一次次", "一次性", "一项项"]),
)


_MESSAGE, _HINT = T("报告里直接写了数量“%(text)s”"), T("换成指标 {{ … }} 或参数 {{ parameter.… }}；是固定说法的，写进 phrases.yaml")
_FRAME_HINT = T("标题、摘要和文件各栏里不写数量：写进正文，用指标 {{ … }}；是固定说法的，写进 phrases.yaml")


def find(lint: Lint) -> Iterator[Finding]:
    """Quantities in own reports, each at its place: in the body, in summary and title, in the frame of the document."""
    patterns = _patterns(lint.pack.phrases)
    for name, report in lint.own("reports"):
        yield from _in_body(lint, name, report, *patterns)
        yield from _in_frame(name, report, *patterns)


def _in_frame(name: str, report: Report, quantity: re.Pattern[str], exempt: re.Pattern[str]) -> Iterator[Finding]:
    """Texts around the body, which cannot hold figures. The document's number and its date are numbers by nature."""
    frame = report.document
    texts: list[tuple[Path, str]] = [(("heading",), report.heading or ""), (("summary",), report.summary)]
    texts += [(("document", key), getattr(frame, key)) for key in ("issuer", "addressee")]
    texts += [(("document", "copy_to", at), text) for at, text in enumerate(frame.copy_to)]
    for path, said in texts:
        text = _TEMPLATE.sub(lambda found: "\0" * len(found[0]), said)
        for line in text.splitlines():
            for start, end in _quantities(line, quantity, exempt):
                message = Text(_MESSAGE.template, {"text": line[start:end]})
                yield Finding(Severity.ERROR, "reports", name, path, message, _FRAME_HINT, value=line[start:end])


def _in_body(lint: Lint, name: str, report: Report, quantity: re.Pattern[str], exempt: re.Pattern[str]) -> Iterator[Finding]:
    body = lint.sources.node("reports", name, ("body",))
    text = _TEMPLATE.sub(lambda found: re.sub(r"[^\n]", "\0", found[0]), report.body)
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for start, end in _quantities(line, quantity, exempt):
            node = Node(body.file, body.line + number, 1, line, raw=line) if body is not None else None
            message = Text(_MESSAGE.template, {"text": line[start:end]})
            yield Finding(Severity.ERROR, "reports", name, ("body",), message, _HINT, node, (start, end), line[start:end])


def _patterns(phrases: Phrases) -> tuple[re.Pattern[str], re.Pattern[str]]:
    units = sorted({*_UNITS, *phrases.measure_words}, key=len, reverse=True)
    unit = "|".join(map(re.escape, units))
    # A numeral with its unit, a percentage in words, or a number with decimals, which can only be a measurement.
    quantity = rf"(?:{_ARABIC}|{_CHINESE})\s*[余多几]?\s*(?:{unit})|百分之(?:{_CHINESE}|{_ARABIC})|\d[\d,]*\.\d+"
    listed = sorted({*phrases.set_phrases}, key=len, reverse=True)
    words = "|".join(map(re.escape, sorted({*phrases.document_words}, key=len, reverse=True)))
    parts = [*map(re.escape, listed), *_EXEMPT, *([rf"(?:{_ARABIC}|{_CHINESE})\s*(?:{words})"] if words else [])]
    return re.compile(quantity), re.compile("|".join(parts))


def _quantities(line: str, quantity: re.Pattern[str], exempt: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Places of quantities. A list mark at the start of the line is none; an exempt phrase hides what lies inside it."""
    mark = re.match(r"\s*(?:\d{1,3}[.)、]|[-*])\s+", line)
    rest = exempt.sub(lambda found: "\0" * len(found[0]), line)
    for found in quantity.finditer(rest, mark.end() if mark else 0):
        yield found.span()


RULE = Rule(
    "typed_quantity",
    T("报告里的数量只能来自指标"),
    T("报告里带单位或量词的数（阿拉伯数字或汉字）必须写成指标；正文里的小标题、日期、文号和 phrases.yaml 里的固定说法除外。"),
    find,
)
