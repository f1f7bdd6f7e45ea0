"""Who may see and handle an import: whoever may import for its organisation."""

from __future__ import annotations

from xingtan.ui.policy import Policy

from .models import Import

IMPORT = "ledger.import"


class ImportPolicy(Policy[Import]):
    model = Import
    org = "org"


imports = ImportPolicy()
