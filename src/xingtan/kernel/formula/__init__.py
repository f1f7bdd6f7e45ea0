"""The one expression language of packs: a strict subset of Python expressions, parsed, never evaluated by Python."""

from __future__ import annotations

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
from xingtan.kernel.formula.signatures import SIGNATURES, Signature, Slot, Takes
from xingtan.kernel.formula.types import FieldType, Kind, Scope

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
    "Scope",
    "Signature",
    "Slot",
    "Span",
    "String",
    "Takes",
    "Unary",
    "parts",
    "walk",
]
