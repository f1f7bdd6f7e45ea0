"""The types of what operators join, and what they give."""

from __future__ import annotations

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.context import ANY, Context, title
from xingtan.kernel.formula.faults import did_you_mean
from xingtan.kernel.formula.kinds import NUMERIC, TEXTUAL, FieldType, Kind
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

NUMBER = FieldType(Kind.NUMBER)
BOOLEAN = FieldType(Kind.BOOLEAN)
_ORDER = frozenset({"<", "<=", ">", ">="})


def literal(node: n.Expr) -> bool:
    """A number written out, perhaps with a minus."""
    return isinstance(node, n.Number) or (isinstance(node, n.Unary) and literal(node.x))


def numeric(context: Context, node: n.Expr, found: FieldType) -> FieldType:
    """The type itself if it is numeric, else a fault."""
    if found.kind in NUMERIC or found.kind is Kind.ANY:
        return found
    hint = T("各下级的数要先汇总，如 mean(children(…))") if found.kind is Kind.FIGURES else T("四则运算只用于数、钱、比率")
    return context.fault("type", T("这里要数，得到的是%(kind)s", kind=title(found.kind)), node, hint)


def boolean(context: Context, node: n.Expr, found: FieldType) -> None:
    """A fault unless the type is boolean."""
    if found.kind not in {Kind.BOOLEAN, Kind.ANY}:
        hint = T("写成比较，如 %(text)s > 0", text=node.id) if isinstance(node, n.Name) else T("写成比较，如 x == '甲' 或 x > 0")
        context.fault("type", T("这里要条件，得到的是%(kind)s", kind=title(found.kind)), node, hint)


def arithmetic(context: Context, node: n.Binary, sides: tuple[FieldType, FieldType], row: str | None) -> FieldType:
    """The type of a sum, product or quotient."""
    left, right = numeric(context, node.l, sides[0]), numeric(context, node.r, sides[1])
    if node.op in "/%":
        if row is not None:
            hint = T("把除数乘到另一边：写 甲 > 线 * 乙，不写 甲 / 乙 > 线")
            return context.fault("division", T("行的条件里不能用除法和求余"), node, hint)
        if isinstance(node.r, n.Number) and node.r.value == 0:
            return context.fault("zero_division", T("除数是 0"), node.r, T("核对公式"))
    if Kind.ANY in {left.kind, right.kind}:
        return ANY
    if node.op in "+-":
        return _sum(context, node, left, right)
    if node.op == "*":
        return FieldType(Kind.MONEY) if Kind.MONEY in {left.kind, right.kind} else NUMBER
    return left if node.op == "%" or (left.kind is Kind.MONEY and right.kind is not Kind.MONEY) else NUMBER


def _sum(context: Context, node: n.Binary, left: FieldType, right: FieldType) -> FieldType:
    if literal(node.l) or literal(node.r):
        return right if literal(node.l) else left
    _same_money(context, node, left, right)
    return left if left.kind == right.kind else FieldType(Kind.MONEY if Kind.MONEY in {left.kind, right.kind} else Kind.NUMBER)


def _same_money(context: Context, node: n.Binary | n.Compare, left: FieldType, right: FieldType) -> None:
    if (left.kind is Kind.MONEY) != (right.kind is Kind.MONEY) and not (literal(node.l) or literal(node.r)):
        hint = T("核对单位；参数的 unit 写明“元”才算钱")
        context.fault("unit", T("钱与不是钱的数在这里相加减或比较"), node, hint, Severity.WARNING)


def comparison(context: Context, node: n.Compare, left: FieldType, right: FieldType) -> FieldType:
    """Check one comparison; it is boolean in any case."""
    if node.op in {"in", "not in"}:
        _membership(context, node, left)
    elif Kind.ANY not in {left.kind, right.kind}:
        _pair(context, node, left, right)
    return BOOLEAN


def _pair(context: Context, node: n.Compare, left: FieldType, right: FieldType) -> None:
    if left.kind in NUMERIC and right.kind in NUMERIC:
        _same_money(context, node, left, right)
        return
    for here, value in ((left, node.r), (right, node.l)):
        if here.kind in TEXTUAL and isinstance(value, n.String) and not isinstance(_other(node, value), n.String):
            word(context, here, value)
            if node.op in _ORDER:
                _ordered(context, node, here)
            return
    if left.kind in TEXTUAL and right.kind in TEXTUAL:
        if node.op in _ORDER:
            _ordered(context, node, left if left.ordered and right.codes == left.codes else FieldType(Kind.TEXT))
    elif left.kind is not right.kind or left.kind in {Kind.LIST, Kind.FIGURES} or (left.kind is Kind.BOOLEAN and node.op in _ORDER):
        date = T("日期放在 parameters 里，写成带引号的 '2009-09-01'") if Kind.DATE in {left.kind, right.kind} else T("两边要同类")
        context.fault("type", T("%(left)s不能与%(right)s比较", left=title(left.kind), right=title(right.kind)), node, date)


def _other(node: n.Compare, side: n.Expr) -> n.Expr:
    return node.l if side is node.r else node.r


def _ordered(context: Context, node: n.Compare, column: FieldType) -> None:
    if not column.ordered:
        hint = T("用 == 或 in；要分先后，代码表写 ordered: true")
        context.fault("type", T("文字和没有次序的代码不能比大小"), node, hint)


def word(context: Context, column: FieldType, value: n.String) -> None:
    """A code column is compared with its codes only."""
    if column.kind is Kind.CODE and column.codes and value.value not in column.codes:
        shown = "、".join(column.codes[:12]) + ("…" if len(column.codes) > 12 else "")
        hint = did_you_mean(value.value, column.codes) or T("代码表里有：%(codes)s", codes=shown)
        context.fault("code", T("代码表里没有 %(code)s", code=value.value), value, hint)


def _membership(context: Context, node: n.Compare, left: FieldType) -> None:
    if not isinstance(node.r, n.ListOf):
        context.fault("type", T("in 的右边要是列表"), node.r, T("写成 in ['甲', '乙']"))
        return
    for item in node.r.items:
        text = isinstance(item, n.String)
        if left.kind in TEXTUAL and isinstance(item, n.String):
            word(context, left, item)
        elif left.kind is not Kind.ANY and (text or left.kind not in NUMERIC):
            context.fault("type", T("列表里的值与左边不同类"), item, T("左边是%(kind)s", kind=title(left.kind)))


def together(context: Context, items: list[tuple[n.Expr, FieldType]]) -> FieldType:
    """The one type of several values (of min, if_, coalesce …)."""
    telling = (this for node, this in items if not (literal(node) or isinstance(node, n.String)) and this.kind is not Kind.ANY)
    found = next(telling, items[0][1] if items else ANY)
    for node, this in items:
        if Kind.ANY not in {this.kind, found.kind} and _family(this.kind) != _family(found.kind):
            message = T("这里的值要同类：前面是%(first)s，这个是%(this)s", first=title(found.kind), this=title(this.kind))
            context.fault("type", message, node, T("核对括号里的各项"))
    return found


def _family(kind: Kind) -> object:
    return NUMERIC if kind in NUMERIC else TEXTUAL if kind in TEXTUAL else kind
