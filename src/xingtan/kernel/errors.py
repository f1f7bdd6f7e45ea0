"""The one exception a user may meet: it carries issues and is shown as a page or a command's message, never as a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from xingtan.kernel.issues import NOWHERE, Issue, Severity, Where
from xingtan.kernel.text import Text


class XingtanError(Exception):
    """Refusal with all its reasons at once; `issues` is never empty in use."""

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__(self.issues)

    @classmethod
    def one(cls, code: str, message: Text, hint: Text | None = None, where: Where = NOWHERE, value: str = "") -> Self:
        """Refuse for a single reason."""
        return cls((Issue(Severity.ERROR, code, message, where, hint, value),))

    def __str__(self) -> str:
        return "\n".join(str(issue) for issue in self.issues)
