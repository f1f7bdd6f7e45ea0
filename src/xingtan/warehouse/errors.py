"""What the warehouse refuses."""

from __future__ import annotations

from xingtan.kernel.errors import XingtanError


class ContractError(XingtanError):
    """A table is not shaped as its dataset promises; nothing of it was stored."""


class SnapshotError(XingtanError):
    """A snapshot cannot be made, found or read; what was there before stays as it was."""
