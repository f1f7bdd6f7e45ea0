"""The lists of figures."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from xingtan.press import xlsx
from xingtan.ui.figures import light
from xingtan.ui.named import named
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render

from .explaining import Reading, spark
from .printing import PERCENT
from .selectors import Line
from .trail import Step


def shown(reading: Reading) -> SafeString:
    """The value as a link to its provenance."""
    return format_html('<a class="figure" href="{}">{}</a>', reading.url, render(reading.text))


def lights(reading: Reading) -> SafeString:
    """What must be said beside the value."""
    found = [(light(state, word).tone, light(state).shape, light(state, word).word) for state, word in reading.lights]
    return format_html_join(" ", '<span class="light {}"><span aria-hidden="true">{}</span> {}</span>', found)


def said(reading: Reading) -> Any:
    """The value for a workbook: a number where it is one, else its words."""
    value, spec = reading.figure.value, reading.indicator
    if not value.is_exact:
        return render(reading.text)
    if spec.unit not in PERCENT:
        return value.value
    return xlsx.Cell(value.value, kind="percent", digits=2 if spec.digits is None else spec.digits)


def drawn(line: Line) -> SafeString:
    """The sparkline; drawn by us from numbers, so it is safe."""
    return mark_safe(spark(line.numbers))  # noqa: S308


def search(lines: Any, words: str) -> list[Line]:
    """Lines whose title, English title or id holds the words."""
    needle = words.casefold()
    called = [(line, line.indicator) for line in lines]
    return [line for line, one in called if needle in f"{one.title} {one.title_en} {named(one)} {one.id}".casefold()]


def with_status(lines: Any, status: str) -> list[Line]:
    return [line for line in lines if line.now.status == status]


STATUSES = (("known", _("已知")), ("partial", _("部分")), ("doubtful", _("存疑")), ("unknown", _("未知")))
VALUE: Column[Line] = Column("value", _("数值"), lambda line: shown(line.now), kind="figure", export=lambda line: said(line.now))
STATUS: Column[Line] = Column("status", _("状态"), lambda line: lights(line.now), kind="html", export=lambda line: line.now.standing)
NUMERATOR: Column[Line] = Column(
    "numerator", _("分子"), lambda line: line.now.numerator or "", kind="number", minor=True, export=lambda line: line.now.figure.numerator
)
DENOMINATOR: Column[Line] = Column(
    "denominator",
    _("分母"),
    lambda line: line.now.denominator or "",
    kind="number",
    minor=True,
    export=lambda line: line.now.figure.denominator,
)
SOURCES: Column[Line] = Column("rows", _("来源行"), lambda line: line.now.figure.rows, kind="number", sort=True, minor=True)
TREND: Column[Line] = Column("trend", _("走势"), drawn, kind="html", export=lambda _line: "", minor=True)

INDICATORS: Table[Line] = Table(
    columns=(
        Column("title", _("指标"), lambda line: named(line.indicator), link=lambda line: line.now.url, sort=True),
        VALUE,
        STATUS,
        NUMERATOR,
        DENOMINATOR,
        SOURCES,
        TREND,
    ),
    filters=(Filter("status", _("状态"), with_status, choices=STATUSES),),
    search=search,
    search_label=_("按名称查找"),
    size=200,
    key=lambda line: line.indicator.id,
)
BELOW: Table[Line] = Table(
    columns=(
        Column("org", _("单位"), lambda line: line.now.org_name, link=lambda line: line.now.url, sort=True),
        NUMERATOR,
        DENOMINATOR,
        VALUE,
        STATUS,
        TREND,
        SOURCES,
    ),
    size=200,
    key=lambda line: line.now.figure.org,
    prefix="b_",
)
ROWS: Table[Step] = Table(
    columns=(
        Column("dataset", _("台账"), lambda step: step.dataset, sort=True),
        Column("org", _("单位"), lambda step: step.org, sort=True),
        Column("when", _("期间"), lambda step: step.when, sort=True),
        Column("content", _("内容"), lambda step: step.content, link=lambda step: step.url),
        Column("part", _("用在"), lambda step: step.part, sort=True),
        Column("counted", _("是否计入"), lambda step: step.counted, minor=True),
        Column("doubt", _("存疑"), lambda step: step.doubt),
    ),
    key=lambda step: step.key,
)
