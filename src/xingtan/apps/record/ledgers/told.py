"""How the audit log tells what happened to ledgers."""

from __future__ import annotations

from xingtan.apps.base.audit import display, history
from xingtan.kernel.text import T

SENTENCES = {
    "record.create": T("新增台账记录 %(target)s"),
    "record.change": T("修改台账记录 %(target)s"),
    "record.withdraw": T("作废台账记录 %(target)s"),
    "record.doubt": T("标记台账记录存疑：%(target)s"),
    "record.settle": T("解除台账记录存疑：%(target)s"),
    "record.rehome": T("台账记录改挂到%(target)s"),
    "nil.state": T("零报告：%(target)s"),
    "batch.commit": T("导入入账：%(target)s"),
    "batch.undo": T("撤销导入：%(target)s"),
}
TITLES = {
    "row": T("记录编号"), "version": T("版本"), "org": T("单位"), "period": T("期间"), "doubt": T("存疑"), "data": T("内容"),
    "rows": T("行数"), "ledger": T("台账"), "nil": T("零报告数"), "source": T("来源"), "from": T("自"), "to": T("至"),
}  # fmt: skip


def _versions(key: str) -> list[tuple[str, str]]:
    """All versions of a row: each has events of its own."""
    from .models import Record
    from .selectors import versions

    row = Record.objects.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    return [("ledgers.record", str(one.pk)) for one in versions(row)] if row else []


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in SENTENCES.items():
        display.register(action, sentence)
    history.register("ledgers.record", _versions)
    for prefix in ("record", "nil", "batch"):
        display.titles(prefix, TITLES)
