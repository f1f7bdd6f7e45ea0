"""K15: what public funds (公用经费) may not be spent on."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import COMPULSORY, Finding, Lint, Rule, unlawful

FORBIDDEN = {"debt_repayment": T("偿还债务"), "personnel": T("人员支出"), "capital_construction": T("基本建设")}


def find(lint: Lint) -> Iterator[Finding]:
    """Items that spend public funds of the compulsory stage on debt, personnel or construction."""
    for norm in lint.norms("K15"):
        for part in lint.parts():
            if part.tags.spends != "public_funds" or (part.stages and not part.stages & COMPULSORY):
                continue
            for purpose in part.tags.on:
                if purpose in FORBIDDEN:
                    what = T("公用经费用于%(purpose)s", purpose=FORBIDDEN[purpose])
                    yield from unlawful(lint, norm, (part.collection, part.item, (*part.path, "on")), what)


RULE = Rule(
    "K15",
    T("公用经费不得用于还债、人员和基建"),
    T("标明 spends: public_funds 的条目，on 里不得有还债、人员支出和基本建设。"),
    find,
    lawful=True,
)
