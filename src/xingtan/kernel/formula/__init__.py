"""The one expression language of packs: a strict subset of Python expressions, parsed, never evaluated by Python."""

from __future__ import annotations

from xingtan.kernel.formula.kinds import FieldType, Kind, Scope
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

__all__ = [
    "SIGNATURES",
    "Binary",
    "Bool",
    "Call",
    "Compare",
    "Expr",
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
    "parse",
    "parts",
    "to_text",
    "walk",
]
