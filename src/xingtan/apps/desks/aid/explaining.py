"""A scheme in the words of a reader: who is entitled, to how much, by which parameter."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.kernel.formula import evaluate, parse, words
from xingtan.kernel.formula.values import quantity
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import Text
from xingtan.pack import Pack, aid_run
from xingtan.pack.schema.aid import Aid
from xingtan.pack.scope import titles

from .earlier import day_of


@dataclass(frozen=True, slots=True)
class TierWords:
    """One tier: condition and amount in words, and the amount itself where it does not depend on the row."""

    title: str
    when: Text | None
    amount: Text
    value: Quantity | None


def tiers(pack: Pack, aid: Aid) -> list[TierWords]:
    """The tiers of a scheme."""
    known = dict(titles(pack)) | {field.id: field.title for field in pack.ledgers[aid.applications].fields}
    env = aid_run.environment(pack, aid.applications, day_of(""))
    found = []
    for tier in aid.tiers:
        amount = parse(tier.amount).expr
        assert amount is not None, "the pack loaded without errors"
        when = parse(tier.when).expr if tier.when else None
        value = quantity(evaluate(amount, {}, env))
        found.append(TierWords(tier.title, words(when, known) if when is not None else None, words(amount, known), value))
    return found
