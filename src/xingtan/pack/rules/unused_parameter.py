"""A parameter nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T
from xingtan.pack.program import PROGRAM, READ
from xingtan.pack.templates import read

from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Own parameters that no formula, no report and no standard names."""
    used = {name for one in lint.formulas.all for name in one.checked.uses.parameters}
    used |= PROGRAM.keys() | READ.keys()
    used |= {one.name for report in lint.pack.reports.values() for one in read(report.body).references if one.kind == "parameter"}
    for standard in lint.pack.equity.values():
        used |= {standard.needed, standard.floor, standard.limit, *(one.at_least for one in standard.conditions)}
    for name, parameter in lint.own("parameters"):
        if name not in used:
            message = T("参数“%(title)s”没有用处", title=parameter.title)
            hint = T("在公式、目标或报告里引用它（parameter.%(name)s），或删去它", name=name)
            yield Finding(Severity.WARNING, "parameters", name, ("id",), message, hint)


RULE = Rule("unused_parameter", T("参数要有用处"), T("没有公式、目标和报告引用的参数，多半是写漏了引用，或已经过时。"), find)
