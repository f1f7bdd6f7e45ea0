"""K21: shares of performance pay, and promotion rates in it."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T
from xingtan.pack.schema.norms import Norm
from xingtan.pack.schema.scheme import Scheme

from .limits import beyond, breaches
from .lint import COMPULSORY, Finding, Lint, Rule, unlawful
from .promotion import promoting_sections

SHARES = (("basic", "basic_performance_pay", T("基础性绩效工资占比")), ("rewarding", "rewarding_performance_pay", T("奖励性绩效工资占比")))


def find(lint: Lint) -> Iterator[Finding]:
    """Shares off the norm, and schemes that pay by promotion rates in the compulsory stage."""
    for _, concern, title in SHARES:
        yield from breaches(lint, "K21", concern, title)
    for norm in lint.norms("K21"):
        for name, scheme in lint.pack.schemes.items():
            yield from _shares(lint, norm, scheme)
            if pays(scheme) and (not scheme.stages or set(scheme.stages) & COMPULSORY):
                for path in promoting_sections(lint, scheme):
                    what = T("绩效工资按升学率发放")
                    yield from unlawful(lint, norm, ("schemes", name, path), what)


def _shares(lint: Lint, norm: Norm, scheme: Scheme) -> Iterator[Finding]:
    """The shares written into a scheme's pay."""
    for key, concern, title in SHARES:
        share = lint.number(getattr(scheme.pay, key)) if scheme.pay else None
        for limit in norm.limits:
            if limit.about == concern and share is not None and beyond(limit, share):
                what = T("%(title)s %(share)s", title=title, share=share)
                yield from unlawful(lint, norm, ("schemes", scheme.id, ("pay", key)), what, limit)


def pays(scheme: Scheme) -> bool:
    """Whether money follows the scheme."""
    return scheme.pay is not None or "performance_pay" in scheme.concerns


RULE = Rule(
    "K21",
    T("绩效工资的比例和指标"),
    T("义务教育学校绩效工资基础性占七成、奖励性占三成，不得把升学率作为发放的指标。"),
    find,
    lawful=True,
)
