"""K12: pupils in one class."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.text import T

from .limits import breaches
from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Parameters and goals that allow larger classes than the norm."""
    return breaches(lint, "K12", "class_size", T("班额"))


RULE = Rule("K12", T("班额不超过国家标准"), T("标明 concerns: [class_size] 的参数和目标，不得超过当时的班额标准。"), find, lawful=True)
