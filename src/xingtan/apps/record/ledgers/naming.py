"""A row in words, for the audit log: which ledger, whose row, of when, what tells it apart. Nothing personal: the log is never thinned."""

from __future__ import annotations

from collections.abc import Sequence

from xingtan.apps.base.audit.services import Target
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.period import Period
from xingtan.pack.schema.ledger import Ledger

from .cells import load, plain_text
from .models import NilReturn, Record

ROW = "ledgers.record"


def row_target(record: Record) -> Target:
    """One version of a row."""
    ledger = _ledger(record.place, record.ledger)
    return Target(ROW, str(record.pk), _told(ledger, record) if ledger else f"{record.ledger} · {record.org.name}")


def rows_target(rows: Sequence[Record]) -> Target:
    """Several rows of one ledger; one is named, of more the number is told."""
    if len(rows) == 1:
        return row_target(rows[0])
    ledger = _ledger(rows[0].place, rows[0].ledger)
    pks = ",".join(str(row.pk) for row in rows[:200])
    return Target(ROW, pks, f"{ledger.title if ledger else rows[0].ledger} × {len(rows)}")


def nil_target(nil: NilReturn) -> Target:
    """A nil return."""
    ledger = _ledger(nil.place, nil.ledger)
    return Target("ledgers.nilreturn", str(nil.pk), _joined(ledger.title if ledger else nil.ledger, nil.org.name, _when(nil.period)))


def _told(ledger: Ledger, record: Record) -> str:
    when = _when(record.period) if record.period else record.date.isoformat() if record.date else ""
    keys = [item for name in ledger.key if (item := ledger.field(name)) and item.type != "person" and name not in ledger.visible.sensitive]
    cells = [load(item, record.data.get(item.id)) for item in keys]
    return _joined(ledger.title, record.org.name, when, *(cell.text or plain_text(cell.value) for cell in cells if cell is not None))


def _when(period: str) -> str:
    return str(Period.parse(period).label())


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _ledger(place: Place, name: str) -> Ledger | None:
    """The ledger under the pack in force; None when that has it no more."""
    pack = active_pack_or_none(place)
    return pack.ledgers.get(name) if pack else None
