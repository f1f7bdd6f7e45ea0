"""First look at a formula's text: the tokens, and every fault that can be told from two neighbours, each with its remedy.

Python's parser would say only “invalid syntax”, once; here a clerk learns all slips of typing at the same time.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from xingtan.kernel.formula.faults import Fault, one_line
from xingtan.kernel.text import T, Text

MAX_DIGITS = 15
_TOKEN = re.compile(r"""\s+|'[^']*'|"[^"]*"|[0-9][\w.]*|[^\W\d]\w*|\*\*|//|<>|=>|=<|&&|\|\||==|!=|<=|>=|<<|>>|:=|.""")
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in"})
_PAIRS = {")": "(", "]": "["}
_WRITE = {
    "（": "(", "）": ")", "，": ",", "、": ",", "＝": "==", "“": "'", "”": "'", "‘": "'", "’": "'", "＋": "+", "－": "-", "—": "-",
    "×": "*", "÷": "/", "％": "%", "＜": "<", "＞": ">", "≥": ">=", "≤": "<=", "≠": "!=", "。": ".", "．": ".", "【": "[", "】": "]",
    "［": "[", "］": "]", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "！": "not", "<>": "!=", "=>": ">=", "=<": "<=",
    ":=": "==", "~": "not",
}  # fmt: skip
_UNSUPPORTED: dict[str, Text] = {
    "**": T("公式里没有乘方；用 x * x"), "//": T("公式里没有整除；用 round(x / y)"),
    "if": T("写成 if_(条件, 甲, 乙)"), "else": T("写成 if_(条件, 甲, 乙)"),
    "is": T("相等写 ==，不等写 !="), "None": T("未知不能写成 None；没有值就是未知，用 coalesce 取后备的值"),
    "True": T("是非栏直接写名字，如 responsible"), "False": T("写 not 名字，如 not responsible"), "\\": T("公式里不用反斜杠"),
    "#": T("公式里不能写注释；注释写在 YAML 的 # 后面"), "{": T("列表用方括号 [ ]"), "}": T("列表用方括号 [ ]"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: number, string, name, word (and or not in), mark."""

    kind: str
    text: str
    start: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


def scan(text: str) -> list[Fault]:
    """All faults of spelling, brackets and order."""
    faults: list[Fault] = []
    tokens: list[Token] = []
    for found in _TOKEN.finditer(one_line(text)):
        token = Token(_kind(found[0]), found[0], found.start())
        if token.kind != "space":
            tokens.append(token)
            faults.extend(_spelling(token))
    if not faults:
        faults.extend(_brackets(tokens))
    if not faults:
        faults.extend(_order(tokens, len(text)))
    return faults


def _kind(text: str) -> str:
    if text.isspace():
        return "space"
    if text[0] in "'\"":
        return "string"
    if text[0] in "0123456789":
        return "number"
    if text in {"and", "or", "not", "in"}:
        return "word"
    return "name" if text[0].isalpha() or text[0] == "_" else "mark"


def _spelling(token: Token) -> list[Fault]:
    text = token.text
    if token.kind == "number":
        return _number(token)
    if token.kind == "string" or text in {"'", '"'}:
        return _string(token)
    if text in _UNSUPPORTED or (token.kind == "name" and keyword.iskeyword(text)):
        return [Fault("formula.unsupported", T("公式里不能用 %(text)s", text=text), token.span, _UNSUPPORTED.get(text))]
    if token.kind == "name":
        return _name(token)
    return [] if token.kind == "word" or text in _OPERATORS or text in "()[],.=" else [_strange(token)]


def _strange(token: Token) -> Fault:
    text = token.text
    if text in _WRITE:
        return Fault("formula.syntax", T("%(text)s 不是公式的符号", text=text), token.span, T("改写为半角的 %(write)s", write=_WRITE[text]))
    return Fault("formula.syntax", T("公式里不能有 %(text)s", text=_shown(text)), token.span, T("删去它；文字要放在引号里"))


def _string(token: Token) -> list[Fault]:
    if len(token.text) == 1:
        return [Fault("formula.syntax", T("引号没有关上"), token.span, T("补上另一半引号 %(mark)s", mark=token.text))]
    if "\\" not in token.text:
        return []
    hint = T("去掉反斜杠；文字里有单引号时，外面用双引号")
    return [Fault("formula.syntax", T("引号里不能有反斜杠"), token.span, hint)]


def _shown(char: str) -> str:
    return char if char.isprintable() else f"U+{ord(char[0]):04X}"


def _number(token: Token) -> list[Fault]:
    if _NUMBER.fullmatch(token.text):
        if len(token.text.replace(".", "")) <= MAX_DIGITS:
            return []
        return [Fault("formula.syntax", T("数字最多 %(max)s 位", max=MAX_DIGITS), token.span, T("核对单位"))]
    message = T("数字 %(text)s 的写法不对", text=token.text[:40])
    hint = T("写成 10000 或 0.6：不带单位、千分号和多余的零；名字不能以数字开头")
    return [Fault("formula.syntax", message, token.span, hint)]


def _name(token: Token) -> list[Fault]:
    text = token.text
    if _NAME.fullmatch(text):
        return []
    if not text.isascii():
        hint = T("文字加引号：写成 '%(text)s'；名字用编号（小写英文）", text=text[:40])
        return [Fault("formula.syntax", T("%(text)s 没有加引号", text=text[:40]), token.span, hint)]
    message = T("名字只用小写英文字母、数字和下划线，以字母开头")
    return [Fault("formula.syntax", message, token.span, T("写成 %(name)s", name=text.lower().strip("_")[:40]))]


def _brackets(tokens: list[Token]) -> list[Fault]:
    open_: list[Token] = []
    for token in tokens:
        if token.text in ("(", "["):
            open_.append(token)
        elif token.text in _PAIRS:
            mark = _PAIRS[token.text]
            if not open_:
                hint = T("删去它，或在前面补上 %(open)s", open=mark)
                return [Fault("formula.syntax", T("多了一个 %(mark)s", mark=token.text), token.span, hint)]
            if open_.pop().text != mark:
                message = T("括号不成对：这里不该是 %(mark)s", mark=token.text)
                return [Fault("formula.syntax", message, token.span, T("检查 ( ) 与 [ ] 的次序"))]
    message = T("括号没有关上")
    return [Fault("formula.syntax", message, token.span, T("补上 %(close)s", close=")" if token.text == "(" else "]")) for token in open_]


def _order(tokens: list[Token], end: int) -> list[Fault]:
    """Operands and operators take turns."""
    if not tokens:
        return [Fault("formula.syntax", T("公式是空的"), (0, end), T("写上公式，或删去这一项"))]
    faults: list[Fault] = []
    wants_operand = True
    edge = Token("edge", "", 0)
    for at, token in enumerate(tokens):
        before = tuple(tokens[at - back] if at >= back else edge for back in (1, 2))
        after = tokens[at + 1] if at + 1 < len(tokens) else edge
        turn = _operand(before[0], token) if wants_operand else _operator(before, token, after)
        faults.extend(turn[0])
        wants_operand = turn[1]
    if wants_operand and not faults:
        last = tokens[-1]
        percent = T("比率写成小数，放在 parameters 里") if last.text == "%" else T("%(text)s 后面还要写内容", text=last.text)
        faults.append(Fault("formula.syntax", T("公式没有写完"), last.span, percent))
    return faults


_Turn = tuple[list[Fault], bool]  # what is wrong with the token, and whether an operand must follow it


def _operator(before: tuple[Token, ...], token: Token, after: Token) -> _Turn:
    text = token.text
    if text in _PAIRS:
        return [], False
    if text == "=":
        keyword_ = before[0].kind == "name" and before[1].text in {"(", ","}
        return ([] if keyword_ else [_double(token)]), True
    if text == "[":
        return [Fault("formula.unsupported", T("公式里没有下标"), token.span, T("用条件选行，如 sum(台账.栏, 条件)"))], True
    call = text == "(" and before[0].kind == "name"
    if call or text in _OPERATORS or text in {",", "."} or (text == "not" and after.text == "in"):
        return [], True
    hint = T("两个值之间要有 + - * / == and or 或逗号")
    fault = Fault("formula.syntax", T("%(text)s 前面缺少运算符或逗号", text=text), token.span, hint)
    return [fault], text in {"(", "not"}


def _operand(before: Token, token: Token) -> _Turn:
    text = token.text
    if token.kind in {"number", "string", "name"}:
        return [], False
    if text in {"(", "[", "-", "not"} or (text == "in" and before.text == "not"):
        return [], True
    if text in _PAIRS and before.text in {"(", "[", ","}:
        return [], False  # an empty call or list, a comma at the end
    if text == "=" and before.text in {"=", "<", ">"}:
        return [_double(token)], True
    hint = T("补上名字、数或带引号的文字，或删去 %(text)s", text=text)
    return [Fault("formula.syntax", T("%(text)s 前面缺少内容", text=text), token.span, hint)], text not in _PAIRS


def _double(token: Token) -> Fault:
    return Fault("formula.syntax", T("比较相等要写两个等号"), token.span, T("改写为 =="))
