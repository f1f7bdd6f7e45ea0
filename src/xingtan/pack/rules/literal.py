"""Numbers typed into formulas. The checker of formulas finds them; this entry names the rule."""

from __future__ import annotations

from xingtan.kernel.formula import LITERAL
from xingtan.kernel.text import T

from .lint import Rule

RULE = Rule(
    LITERAL,
    T("公式里不直接写数"),
    T("公式里只许有 0、1、100、10000；其余的数写进 parameters，注明单位和出处。"),
    lambda _: (),
)
