"""Who acts: an account or the system itself, as the audit log names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` finds the account again, `label` is what the log prints even after the account is gone."""

    id: str
    label: str
    kind: Literal["account", "system"] = "account"

    @classmethod
    def system(cls, label: str) -> Actor:
        """The system acting by itself: a command, a scheduled job."""
        return cls(id="", label=label, kind="system")
