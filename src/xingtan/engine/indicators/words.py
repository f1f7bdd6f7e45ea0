"""How a figure is made, in the words a clerk reads: the formula, and how it is rolled up."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.engine.indicators.model import Model
from xingtan.engine.indicators.rewrite import mentioned
from xingtan.kernel.formula.nodes import Binary, Call, Expr, walk
from xingtan.kernel.formula.parser import parse
from xingtan.kernel.formula.words import words
from xingtan.kernel.text import T, Text

_BY_FUNCTION = (
    ({"children", "cv"}, T("先算下属机构各自的数，再由这些数得出上级的数")),
    ({"rank", "share"}, T("各级机构各算各的：与同级或上级的数相比")),
    ({"median", "quantile", "distinct", "first", "last"}, T("上级的数由本级及所有下属机构的记录合在一起重新得出，不能由下级的数相加")),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`formula` in words; `roll_up`: how the figure of a larger organisation comes about; `rules`: what else decides."""

    formula: Text
    roll_up: Text
    rules: tuple[Text, ...]


def explain(model: Model, indicator: str) -> Explanation:
    """Raises KeyError for an indicator that the model lacks."""
    spec = model.indicators[indicator]
    parsed = parse(spec.formula).expr
    assert parsed is not None
    return Explanation(words(parsed, titles(model)), _roll_up(parsed), _rules(model, indicator, parsed))


def titles(model: Model) -> dict[str, str]:
    """Titles of everything a formula may name, keyed as `kernel.formula.words` asks."""
    spec = model.spec
    found = {f"{dataset.id}.{field.id}": field.title or field.id for dataset in spec.datasets for field in dataset.fields}
    found |= {dataset.id: dataset.title for dataset in spec.datasets}
    found |= {one.id: one.title for one in spec.indicators}
    return found | {f"org_kind:{kind}": title for kind, title in spec.org_kinds.items()}


def _roll_up(formula: Expr) -> Text:
    functions = {node.function for node in walk(formula) if isinstance(node, Call)}
    for some, sentence in _BY_FUNCTION:
        if functions & some:
            return sentence
    if isinstance(formula, Binary) and formula.op == "/":
        return T("上级的数是本级及所有下属机构的分子之和除以分母之和，不是下级各数的平均")
    if "mean" in functions:
        return T("上级的数是本级及所有下属机构的记录合在一起的平均数，不是下级各数的平均")
    known = any(True for _ in mentioned(formula))
    return T("上级的数由本级及所有下属机构的记录合计得出") if known else T("上级的数由上级自己的各项指标按同一公式得出")


def _rules(model: Model, indicator: str, formula: Expr) -> tuple[Text, ...]:
    spec = model.indicators[indicator]
    found = [T("机构的隶属关系按期初的情况") if spec.at == "start" else T("机构的隶属关系按期末的情况；期内撤销的机构按撤销前的情况")]
    kinds = {found.rule.kind for found in mentioned(formula)}
    if "on" in kinds:
        found.append(T("有的记录按公式写明的日子是否有效来取，不按期间"))
    if "within" in kinds:
        found.append(T("有的记录只取期末之前公式写明的一段时间之内的"))
    due = sorted({dataset.title for one in mentioned(formula) if (dataset := model.datasets[one.dataset]).due_from})
    if due and spec.missing == "partial":
        found.append(T("《%(datasets)s》有应报未报的，仍按已报的计算，并列出缺谁", datasets="》《".join(due)))
    elif due:
        found.append(T("《%(datasets)s》有应报未报的，这个数就是未知", datasets="》《".join(due)))
    return tuple(found)
