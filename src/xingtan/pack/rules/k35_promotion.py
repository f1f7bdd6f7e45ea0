"""K35: no targets for promotion, no appraisal by promotion rates."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .lint import Finding, Lint, Rule, unlawful
from .promotion import WORD, promoting_goals, promoting_sections


def find(lint: Lint) -> Iterator[Finding]:
    """Letters, schemes, duties and allocations that turn on promotion rates, of any stage."""
    for norm in lint.norms("K35"):
        for name, target in lint.pack.targets.items():
            for path in promoting_goals(lint, target):
                yield from unlawful(lint, norm, ("targets", name, path), T("下达升学指标"))
        for name, scheme in lint.pack.schemes.items():
            for path in promoting_sections(lint, scheme):
                yield from unlawful(lint, norm, ("schemes", name, path), T("以升学率考核"))
        for part in lint.concerned(WORD, among=("duties", "allocations")):
            spot = (part.collection, part.item, (*part.path, "concerns"))
            yield from unlawful(lint, norm, spot, T("按升学率派任务、分奖金"))


RULE = Rule(
    "K35",
    T("不下达升学指标，不以升学率考核"),
    T("目标、考核、职责和分配都不得以升学率、升学人数、上线人数为指标。"),
    find,
    lawful=True,
)
