"""A quantity as one number and one sign: what programs exchange where people read words (`wording`)."""

from __future__ import annotations

from decimal import Decimal

from xingtan.kernel.quantity import Bound, Quantity


def stated(quantity: Quantity) -> tuple[Decimal | None, Bound | None]:
    """The number, and `> ≥ < ≤ ~` when it is only a bound or a guess; an interval has its sign and no number.

    A lower end of 0 goes without saying, as in the words: 3%以内 of a rate is ≤ 0.03 although a rate is never below 0.
    What is unknown or not applicable states neither.
    """
    if quantity.is_unknown or quantity.is_not_applicable:
        return None, None
    bound = quantity.bound
    if bound == "interval" and quantity.lo == 0:
        return quantity.hi, "<" if quantity.hi_open else "≤"
    if bound in ("<", "≤"):
        return quantity.hi, bound
    return (quantity.lo if bound in (">", "≥") else quantity.value), bound
