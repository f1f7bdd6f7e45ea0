"""A disadvantage for somebody whom the scheme does not appraise."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T
from xingtan.pack.schema.scheme import Scheme

from .lint import Finding, Lint, Rule

AGAINST = {"pupil": T("学生"), "superior": T("上级单位")}


def find(lint: Lint) -> Iterator[Finding]:
    """Vetoes against pupils or superiors, and consequences for posts and kinds outside the scheme."""
    for name, scheme in lint.own("schemes"):
        for at, veto in enumerate(scheme.vetoes):
            if veto.against in AGAINST and not (veto.against == "pupil" and scheme.appraises == "pupils"):
                message = T("考核对象是 %(who)s，否决项却落在%(other)s身上", who=scheme.appraises, other=AGAINST[veto.against])
                yield Finding(Severity.WARNING, "schemes", name, ("vetoes", at, "against"), message, T("否决只能落在被考核者身上"))
        for at, consequence in enumerate(scheme.consequences):
            if not _within(lint, scheme, consequence.for_):
                message = T("考核对象是 %(who)s，后果却由 %(other)s 承担", who=scheme.appraises, other=consequence.for_)
                hint = T("改为被考核者，或另立考核办法")
                yield Finding(Severity.WARNING, "schemes", name, ("consequences", at, "for"), message, hint)


def _within(lint: Lint, scheme: Scheme, who: str) -> bool:
    """Whether the post or kind belongs to what the scheme appraises: a school's posts do, a teacher's principal does not."""
    organisation = lint.pack.organisation
    if who == scheme.appraises or organisation.post(scheme.appraises) is not None:
        return who == scheme.appraises
    kinds = {kind.id for kind in organisation.kinds if scheme.appraises in {kind.id, kind.tier}}
    post = organisation.post(who)
    if post is not None:
        tiers = {kind.tier for kind in organisation.kinds if kind.id in kinds}
        return not post.at or bool(set(post.at) & (kinds | tiers))
    kind = organisation.kind(who)
    return kind is not None and kind.id in kinds


RULE = Rule("sanction_scope", T("后果只落在被考核者身上"), T("考核办法的否决项和后果，只能由它所考核的单位或人承担。"), find)
