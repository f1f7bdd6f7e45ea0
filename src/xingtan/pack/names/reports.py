"""Names in the templates of reports."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T, Text
from xingtan.pack.schema.report import Report
from xingtan.pack.templates import FILTERS, Reference, read
from xingtan.pack.tree import Node

from .asking import LEVEL, Asker

_WHAT = {"figure": T("指标"), "parameter": T("参数"), "filter": T("写法")}

_REMEDY = {"figure": T("先在 indicators 里写明它"), "parameter": T("先在 parameters 里写明它"), "filter": T("可以写 wan、number、unit")}


def reports(ask: Asker) -> None:
    """Kinds, figures and parameters of reports."""
    for name, report in ask.pack.reports.items():
        ask.all_known(LEVEL, report.at, ask.levels, ("reports", name, ("at",)))
        found = read(report.body)
        if found.error is not None:
            line, why = found.error
            message = T("报告模板读不懂：%(why)s", why=why)
            hint = T("检查 {{ }} 和 {% %} 是否成对")
            ask.issues.append(at_line(ask, report, (line, ""), ("pack.template", message), hint))
        for reference in dict.fromkeys(found.references):
            _reference(ask, report, reference)


def _reference(ask: Asker, report: Report, reference: Reference) -> None:
    known = _known(ask, reference.kind)
    if reference.name in known:
        return
    close = difflib.get_close_matches(reference.name, sorted(known), n=1, cutoff=0.6)
    if reference.kind == "figure" and reference.name in ask.pack.parameters:
        hint = T("参数写成 parameter.%(name)s", name=reference.name)
    elif close:
        hint = T("您是不是想写 %(name)s？", name=close[0])
    else:
        hint = _REMEDY[reference.kind]
    message = T("没有%(what)s %(name)s", what=_WHAT[reference.kind], name=reference.name)
    ask.issues.append(at_line(ask, report, (reference.line, reference.name), ("pack.unknown_name", message), hint))


def _known(ask: Asker, kind: str) -> Collection[str]:
    if kind == "filter":
        return FILTERS
    return ask.pack.indicators if kind == "figure" else ask.pack.parameters


def at_line(ask: Asker, report: Report, spot: tuple[int, str], said: tuple[str, Text], hint: Text) -> Issue:
    """An error at a line of a report's body, under the word if it is found there."""
    line, word = spot
    body = ask.sources.node("reports", report.id, ("body",))
    number = (body.line if body else 0) + line
    text = ask.sources.lines.get(body.file, ())[number - 1 : number] if body else ()
    column = text[0].find(word) + 1 if text else 0
    node = Node(body.file if body else "", number, max(column, 1), word, raw=word)
    return ask.sources.issue((Severity.ERROR, said[0]), said[1], node, span=(0, len(word)), hint=hint, value=word)
