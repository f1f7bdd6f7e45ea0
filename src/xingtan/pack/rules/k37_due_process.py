"""K37: teachers' paid lessons, and what a sanction needs: facts found, the person heard, a decision, an appeal."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T
from xingtan.pack.schema.norms import Norm

from .lint import Finding, Lint, Rule, unlawful

STEPS = {"investigation": T("调查"), "hearing": T("听取本人陈述和申辩"), "appeal": T("申诉")}


def find(lint: Lint) -> Iterator[Finding]:
    """Cases of sanction without due process, and consequences that nobody with a post decides."""
    for norm in lint.norms("K37"):
        yield from _cases(lint, norm)
        yield from _consequences(lint, norm)


def _cases(lint: Lint, norm: Norm) -> Iterator[Finding]:
    for name, case in lint.pack.cases.items():
        missing = [title for step, title in STEPS.items() if not getattr(case, step)]
        if "sanction" in case.concerns and missing:
            what = T("“%(title)s”给人处分，却没有%(steps)s", title=case.title, steps="、".join(map(str, missing)))
            yield from unlawful(lint, norm, ("cases", name, ("concerns",)), what)


def _consequences(lint: Lint, norm: Norm) -> Iterator[Finding]:
    for name, scheme in lint.pack.schemes.items():
        for at, consequence in enumerate(scheme.consequences):
            case = lint.pack.cases[consequence.propose]
            if "sanction" in {*consequence.concerns, *case.concerns} and consequence.decided_by is None:
                what = T("处分“%(title)s”没有写明由谁决定", title=case.title)
                yield from unlawful(lint, norm, ("schemes", name, ("consequences", at, "propose")), what)
        for at, veto in enumerate(scheme.vetoes):
            if "sanction" in veto.concerns:
                what = T("否决项“%(title)s”不经调查、听证就处分", title=veto.title)
                yield from unlawful(lint, norm, ("schemes", name, ("vetoes", at)), what)


RULE = Rule(
    "K37",
    T("处分教师要有程序"),
    T("给人处分的事项要有调查、听取陈述申辩和申诉；考核的后果只能提出处分，由有权的岗位决定。"),
    find,
    lawful=True,
)
