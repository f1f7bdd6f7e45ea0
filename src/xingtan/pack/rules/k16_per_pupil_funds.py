"""K16: the least public funds for a pupil and year."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .limits import breaches
from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Parameters and goals below the base of their day and region."""
    return breaches(lint, "K16", "per_pupil_public_funds", T("生均公用经费"))


RULE = Rule(
    "K16",
    T("生均公用经费不低于国家基准"),
    T("标明 concerns: [per_pupil_public_funds] 的参数和目标，不得低于当时、当地区的基准定额。"),
    find,
    lawful=True,
)
