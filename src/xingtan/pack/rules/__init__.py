"""The rules a pack is held to: one a file, all in one table."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.formula import LITERAL
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T
from xingtan.pack.formulas import Formulas
from xingtan.pack.schema.pack import PackData
from xingtan.pack.sources import Sources

from . import (
    aid_amount,
    aid_publication,
    aid_tiers,
    idle_ledger,
    infeasible_target,
    k12_class_size,
    k15_public_funds,
    k16_per_pupil_funds,
    k21_performance_pay,
    k33_admission,
    k34_exams,
    k35_promotion,
    k37_due_process,
    k39_fees,
    k40_pupil_data,
    literal,
    money_unit,
    sanction_scope,
    sensitive_read,
    typed_quantity,
    unproved_ledger,
    unused_parameter,
)
from .lint import NOUNS, Finding, Lint, Rule

_MODULES = (
    literal, idle_ledger, unproved_ledger, unused_parameter, typed_quantity, infeasible_target, sanction_scope, sensitive_read, money_unit,
    k12_class_size, k15_public_funds, k16_per_pupil_funds, k21_performance_pay, k33_admission, k34_exams, k35_promotion, k37_due_process,
    k39_fees, k40_pupil_data, aid_amount, aid_publication, aid_tiers,
)  # fmt: skip
RULES: dict[str, Rule] = {module.RULE.id: module.RULE for module in _MODULES}


def lint(pack: PackData, sources: Sources, formulas: Formulas) -> list[Issue]:
    """The findings of all rules. A warning with a waiver becomes information that carries the reason; an error stays one."""
    context = Lint(pack, sources, formulas)
    found = [(rule, finding) for rule in RULES.values() for finding in rule.find(context)]
    issues = [_issue(rule, _waived(pack, rule, finding), sources) for rule, finding in found]
    return [*issues, *formulas.issues(sources, literals=True), *_waivers(pack, found, sources)]


def _issue(rule: Rule, finding: Finding, sources: Sources) -> Issue:
    node = finding.node or sources.node(finding.collection, finding.item, finding.path)
    kind = (finding.severity, rule.id)
    return sources.issue(kind, finding.message, node, span=finding.span, hint=finding.hint, value=finding.value or finding.subject)


def _waived(pack: PackData, rule: Rule, finding: Finding) -> Finding:
    if finding.severity is not Severity.WARNING:
        return finding
    waiver = next((one for one in pack.waivers if one.rule == rule.id and one.item == finding.subject), None)
    if waiver is None:
        return finding
    message = T("%(message)s。已知悉并放行：%(reason)s", message=finding.message, reason=waiver.reason)
    return Finding(
        Severity.INFO, finding.collection, finding.item, finding.path, message, finding.hint, finding.node, finding.span, finding.value
    )


def _waivers(pack: PackData, found: list[tuple[Rule, Finding]], sources: Sources) -> Iterator[Issue]:
    """A waiver of an error is refused; a waiver of nothing is to be taken out."""
    weights = {(rule.id, finding.subject): finding.severity for rule, finding in found}
    for at, waiver in enumerate(pack.waivers):
        severity = weights.get((waiver.rule, waiver.item))
        node = sources.node("waivers", f"{at}", ("rule",))
        if severity is Severity.ERROR or waiver.rule == LITERAL:
            yield sources.issue((Severity.ERROR, "pack.waived_error"), T("错误不能放行"), node, hint=T("改正规则包本身"))
        elif severity is None:
            message = T("没有 %(rule)s 这样的警告可放行", rule=waiver.rule)
            yield sources.issue((Severity.WARNING, "pack.idle_waiver"), message, node, hint=T("删去这一条"))


def noun_items(pack: PackData) -> frozenset[str]:
    """All items as waivers name them."""
    return frozenset(f"{noun} {name}" for collection, noun in NOUNS.items() for name in getattr(pack, collection))


__all__ = ["RULES", "Finding", "Lint", "Rule", "lint", "noun_items"]
