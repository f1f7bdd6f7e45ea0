"""Findings about a formula, by columns; `issue` gives them the shape every floor shows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from xingtan.kernel.excerpt import excerpt
from xingtan.kernel.formula.nodes import Span
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding; `span` counts columns of the formula's text from 0."""

    code: str
    message: Text
    span: Span
    hint: Text | None = None
    value: str = ""
    severity: Severity = Severity.ERROR

    def issue(self, text: str) -> Issue:
        """The finding with the formula and a caret under the place; the column counts from 1."""
        start, end = self.span
        note = excerpt((one_line(text),), 1, start + 1, end - start)
        return Issue(self.severity, self.code, self.message, Where(column=start + 1), self.hint, self.value, note)


def one_line(text: str) -> str:
    """The text with every line break as a space, so that columns stay what they are."""
    return "".join(" " if char in "\r\n\t\v\f\x1c\x1d\x1e\x85\u2028\u2029" else char for char in text)


def did_you_mean(name: str, known: Iterable[str]) -> Text | None:
    """A hint naming the closest known name, if one is close."""
    close = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    return T("您是不是想写 %(name)s？", name=close[0]) if close else None
