"""Text → tree. Python's `ast` reads it, a whitelist copies it; nothing is ever evaluated by Python."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.faults import Fault, one_line
from xingtan.kernel.formula.kinds import TIME_NAMES
from xingtan.kernel.formula.lexer import scan
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T, Text

MAX_LENGTH = 2000
MAX_DEPTH = 60
_BINARY: dict[type[ast.operator], n.BinaryOp] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}
_COMPARE: dict[type[ast.cmpop], n.CompareOp] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """`expr` is None when there is a fault."""

    text: str
    expr: n.Expr | None
    faults: tuple[Fault, ...] = ()

    @property
    def issues(self) -> tuple[Issue, ...]:
        """The faults with excerpt and caret."""
        return tuple(fault.issue(self.text) for fault in self.faults)


@lru_cache(maxsize=4096)
def parse(text: str) -> Parsed:
    """Read a formula. Never raises on bad input; every fault carries its columns and a remedy."""
    if len(text) > MAX_LENGTH:
        hint = T("拆成几个指标")
        message = T("公式太长（%(n)s 字，最多 %(max)s 字）", n=len(text), max=MAX_LENGTH)
        return Parsed(text, None, (Fault("formula.too_long", message, (MAX_LENGTH, MAX_LENGTH + 1), hint),))
    if faults := scan(text):
        return Parsed(text, None, tuple(faults))
    line = one_line(text)
    bare = line.lstrip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(bare, mode="eval").body
    except SyntaxError as error:
        if "too many nested" in (error.msg or ""):
            return Parsed(text, None, (_too_deep((0, len(line))),))
        at = len(line) - len(bare) + max((error.offset or 1) - 1, 0)
        return Parsed(text, None, (_unread((min(at, len(line)), min(at + 1, len(line) + 1))),))
    except (ValueError, MemoryError, RecursionError):
        return Parsed(text, None, (_too_deep((0, len(line))),))
    reader = _Reader(line, len(line) - len(bare))
    expr = reader.read(tree, 1)
    return Parsed(text, None if reader.faults else expr, tuple(reader.faults))


def _unread(span: n.Span) -> Fault:
    return Fault("formula.syntax", T("这里读不懂"), span, T("检查前后的括号、逗号和运算符"))


def _too_deep(span: n.Span) -> Fault:
    return Fault("formula.too_deep", T("公式嵌套超过 %(max)s 层", max=MAX_DEPTH), span, T("拆成几个指标"))


@dataclass(slots=True)
class _Reader:
    line: str
    shift: int
    faults: list[Fault] = field(default_factory=list)
    columns: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        ends = accumulate((len(char.encode()) for char in self.line[self.shift :]), initial=0)
        self.columns = {byte: at + self.shift for at, byte in enumerate(ends)}  # ast counts bytes

    def span(self, node: Any) -> n.Span:
        return self.columns[node.col_offset], self.columns[node.end_col_offset]

    def fault(self, node: Any, message: Text, hint: Text | None = None, code: str = "formula.unsupported") -> n.Expr:
        self.faults.append(Fault(code, message, self.span(node), hint))
        return n.Number(Decimal(0))

    def read(self, node: ast.expr, depth: int) -> n.Expr:
        if depth > MAX_DEPTH:
            if not any(fault.code == "formula.too_deep" for fault in self.faults):
                self.faults.append(_too_deep(self.span(node)))
            return n.Number(Decimal(0))
        reader = _READERS.get(type(node))
        if reader is None:
            return self.fault(node, T("公式里没有这种写法"), T("公式只有名字、数、文字、列表、四则、比较、and or not 和函数"))
        return reader(self, node, depth + 1)

    def constant(self, node: ast.Constant, depth: int) -> n.Expr:
        start, end = self.span(node)
        text = self.line[start:end]
        if isinstance(node.value, str):
            if text[1:-1] != node.value or text[0] not in "'\"":
                return self.fault(node, T("文字的写法不对"), T("一段文字用一对引号，两段之间要有逗号"), "formula.syntax")
            return n.String(node.value, span=(start, end))
        return n.Number(Decimal(text), span=(start, end))

    def name(self, node: ast.Name, depth: int) -> n.Expr:
        return n.Name(node.id, span=self.span(node))

    def attribute(self, node: ast.Attribute, depth: int) -> n.Expr:
        if not isinstance(node.value, ast.Name):
            return self.fault(node, T("圆点只能用一次"), T("写成 台账.栏"))
        dotted = f"{node.value.id}.{node.attr}"
        if dotted in TIME_NAMES:
            return n.Name(dotted, span=self.span(node))
        return n.Field(node.value.id, node.attr, span=self.span(node))

    def list_of(self, node: ast.List, depth: int) -> n.Expr:
        if not node.elts:
            return self.fault(node, T("列表是空的"), T("写上至少一项"))
        return n.ListOf(tuple(self.read(item, depth) for item in node.elts), span=self.span(node))

    def tuple_of(self, node: ast.Tuple, depth: int) -> n.Expr:
        return self.fault(node, T("逗号只能用在函数和列表里"), T("列表用方括号：['甲', '乙']"))

    def call(self, node: ast.Call, depth: int) -> n.Expr:
        if not isinstance(node.func, ast.Name):
            return self.fault(node, T("括号前面要是函数名"), T("写成 函数(…)"))
        names = [word.arg for word in node.keywords]
        for word in node.keywords:
            if word.arg is None or names.count(word.arg) > 1:
                self.fault(word, T("参数 %(name)s 写了两次", name=word.arg or ""), T("删去其中一个"))
        args = tuple(self.read(item, depth) for item in node.args)
        kwargs = tuple((word.arg or "", self.read(word.value, depth)) for word in node.keywords)
        return n.Call(node.func.id, args, kwargs, span=self.span(node))

    def unary(self, node: ast.UnaryOp, depth: int) -> n.Expr:
        inner = self.read(node.operand, depth)
        return n.Not(inner, span=self.span(node)) if isinstance(node.op, ast.Not) else n.Unary("-", inner, span=self.span(node))

    def binary(self, node: ast.BinOp, depth: int) -> n.Expr:
        return n.Binary(_BINARY[type(node.op)], self.read(node.left, depth), self.read(node.right, depth), span=self.span(node))

    def compare(self, node: ast.Compare, depth: int) -> n.Expr:
        if len(node.ops) > 1:
            return self.fault(node, T("比较不能连写"), T("拆成两个，如 low <= x and x <= high"))
        left, right = self.read(node.left, depth), self.read(node.comparators[0], depth)
        return n.Compare(_COMPARE[type(node.ops[0])], left, right, span=self.span(node))

    def bool_(self, node: ast.BoolOp, depth: int) -> n.Expr:
        op: Any = "and" if isinstance(node.op, ast.And) else "or"
        return n.Bool(op, tuple(self.read(item, depth) for item in node.values), span=self.span(node))


_READERS: dict[type[ast.expr], Callable[[_Reader, Any, int], n.Expr]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.attribute,
    ast.List: _Reader.list_of,
    ast.Tuple: _Reader.tuple_of,
    ast.Call: _Reader.call,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.compare,
    ast.BoolOp: _Reader.bool_,
}
