"""Names and types of a formula: every fault at once, and what the formula refers to."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.calls import check_call
from xingtan.kernel.formula.context import Context, Uses
from xingtan.kernel.formula.faults import Fault
from xingtan.kernel.formula.kinds import LITERALS, FieldType, Kind, Scope
from xingtan.kernel.formula.operators import NUMBER, arithmetic, boolean, comparison, numeric
from xingtan.kernel.formula.parser import Parsed, parse
from xingtan.kernel.formula.printer import to_text
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T

LITERAL = "formula.literal"


@dataclass(frozen=True, slots=True)
class Checked:
    """`type` is that of the value; of kind ANY where a fault hides it. Faults of a formula that does not parse are those of the parser."""

    text: str
    type: FieldType
    faults: tuple[Fault, ...]
    uses: Uses

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The faults with excerpt and caret."""
        return tuple(fault.issue(self.text) for fault in self.faults)


def check(source: Parsed | n.Expr | str, scope: Scope) -> Checked:
    """Check a formula against the names of its place. A literal that should be a parameter is an error of code `formula.literal`."""
    parsed = source if isinstance(source, Parsed) else parse(source if isinstance(source, str) else to_text(source))
    context = Context(scope, list(parsed.faults))
    found = _Inference(context).infer(parsed.expr, scope.row_dataset) if parsed.expr is not None else FieldType(Kind.ANY)
    faults = sorted(dict.fromkeys(context.faults), key=lambda fault: fault.span)
    return Checked(parsed.text, found, tuple(faults), context.uses())


class _Inference:
    def __init__(self, context: Context) -> None:
        self.context = context

    def infer(self, node: n.Expr, row: str | None) -> FieldType:
        """The type of a node that stands in a row of dataset `row`, or in no row."""
        if isinstance(node, n.Call):
            return check_call(self.context, node, row, self.infer)
        if isinstance(node, n.Binary):
            return arithmetic(self.context, node, (self.infer(node.l, row), self.infer(node.r, row)), row)
        if isinstance(node, n.Compare):
            right = FieldType(Kind.LIST) if isinstance(node.r, n.ListOf) and node.op in {"in", "not in"} else self.infer(node.r, row)
            self._listed(node, row)
            return comparison(self.context, node, self.infer(node.l, row), right)
        if isinstance(node, n.Bool | n.Not):
            for item in n.parts(node):
                boolean(self.context, item, self.infer(item, row))
            return FieldType(Kind.BOOLEAN)
        return self._leaf(node, row)

    def _listed(self, node: n.Compare, row: str | None) -> None:
        if isinstance(node.r, n.ListOf) and node.op in {"in", "not in"}:
            for item in node.r.items:
                if not isinstance(item, n.String):
                    self.infer(item, row)

    def _leaf(self, node: n.Expr, row: str | None) -> FieldType:
        if isinstance(node, n.Name):
            return self.context.name(node, row)
        if isinstance(node, n.Number):
            return self._number(node)
        if isinstance(node, n.String):
            return FieldType(Kind.TEXT)
        if isinstance(node, n.Unary):
            return numeric(self.context, node.x, self.infer(node.x, row))
        if isinstance(node, n.Field):
            hint = T("行的条件里只写 %(field)s；在别处写成 sum(%(dataset)s.%(field)s)", dataset=node.dataset, field=node.field)
            return self.context.fault("type", T("台账的栏要放在 sum、mean 等函数里"), node, hint)
        return self.context.fault("type", T("列表只能用在 in 的右边和 band 里"), node)

    def _number(self, node: n.Number) -> FieldType:
        if node.value not in LITERALS:
            hint = T("放进 parameters.yaml，写明单位和出处，公式里写它的编号")
            self.context.fault("literal", T("公式里直接写了数 %(value)s", value=str(node.value)), node, hint)
        return NUMBER
