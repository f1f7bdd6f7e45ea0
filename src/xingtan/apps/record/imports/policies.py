"""Who may see and handle an import: whoever may import for its organisation."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from xingtan.ui import policy
from xingtan.ui.policy import Policy

from .models import Import

IMPORT, ROSTER = "ledger.import", "pupil.manage"


class ImportPolicy(Policy[Import]):
    model = Import
    org = "org"

    def of(self, account: Any, rows: QuerySet[Import]) -> QuerySet[Import]:
        """The imports an account may handle, whatever they go into: each by the action that its target asks for."""
        ledgers = policy.reach(policy.granted(account, IMPORT), self.org)
        rosters = policy.reach(policy.granted(account, ROSTER), self.org)
        return rows.filter(Q(target=Import.Target.LEDGER) & ledgers | Q(target=Import.Target.ROSTER) & rosters)


imports = ImportPolicy()
