"""The one expression language of packs: a strict subset of Python expressions, parsed, never evaluated by Python."""

from __future__ import annotations

from xingtan.kernel.formula.calls import bind
from xingtan.kernel.formula.check import LITERAL, Checked, check
from xingtan.kernel.formula.context import Uses
from xingtan.kernel.formula.evaluate import compile_row, evaluate
from xingtan.kernel.formula.faults import Fault
from xingtan.kernel.formula.kinds import NUMERIC, ROW_NAMES, TEXTUAL, TIME_NAMES, FieldType, Kind, Scope
from xingtan.kernel.formula.nodes import (
    Binary,
    Bool,
    Call,
    Compare,
    Expr,
    Field,
    ListOf,
    Name,
    Not,
    Number,
    Span,
    String,
    Unary,
    parts,
    walk,
)
from xingtan.kernel.formula.parser import Parsed, parse
from xingtan.kernel.formula.printer import to_text
from xingtan.kernel.formula.signatures import SIGNATURES, Signature, Slot, Takes
from xingtan.kernel.formula.values import Env, Value
from xingtan.kernel.formula.words import in_words, words

__all__ = [
    "LITERAL",
    "NUMERIC",
    "ROW_NAMES",
    "SIGNATURES",
    "TEXTUAL",
    "TIME_NAMES",
    "Binary",
    "Bool",
    "Call",
    "Checked",
    "Compare",
    "Env",
    "Expr",
    "Fault",
    "Field",
    "FieldType",
    "Kind",
    "ListOf",
    "Name",
    "Not",
    "Number",
    "Parsed",
    "Scope",
    "Signature",
    "Slot",
    "Span",
    "String",
    "Takes",
    "Unary",
    "Uses",
    "Value",
    "bind",
    "check",
    "compile_row",
    "evaluate",
    "in_words",
    "parse",
    "parts",
    "to_text",
    "walk",
    "words",
]
