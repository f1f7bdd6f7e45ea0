"""Verbs on single rows: create, change, withdraw, doubt, settle, nil return, draft. Each one transaction, one audit event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T

from .conflicts import ConflictError, conflict
from .locks import locked, moved, partition_of
from .models import Draft, LedgerState, NilReturn, Record
from .naming import nil_target, row_target, rows_target
from .rows import Row, RowReader, issues_of, slot_values
from .sealing import close, told
from .selectors import current, nil_returns, present
from .shape import Shape, laid_out, shape_of
from .times import read_period

__all__ = ["ConflictError", "Write", "nil_return", "record_change", "record_create", "record_doubt", "record_settle", "record_withdraw"]


GONE = T("这条记录已被作废")


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, as of which day, and why."""

    actor: Actor
    today: date
    reason: str = ""


def understood(shape: Shape, texts: Mapping[str, str], today: date) -> Row:
    """The row that the texts mean; raises XingtanError with all faults when it cannot be stored."""
    row = RowReader(shape, today).read(texts)
    if any(fault.severity is Severity.ERROR for _, fault in row.faults):
        titles = {name: item.title for name, item in shape.fields.items()} | dict.fromkeys(
            ("org", "period", "doubt", "valid_from", "valid_to"), ""
        )
        raise XingtanError(issues_of(row, titles))
    doubts = [str(fault.message) for _, fault in row.faults if fault.severity is Severity.DOUBT]
    row.doubt = row.doubt or "；".join(doubts)[:500]
    return row


@transaction.atomic
def record_create(*, actor: Actor, place: Place, ledger: str, texts: Mapping[str, str], today: date, reason: str = "") -> Record:
    """Enter a row from the texts of its columns (field ids and org, period, doubt, valid_from, valid_to).

    Raises XingtanError with every fault, `where.field` naming the column; also when a row with the same key counts already.
    """
    state = locked(place, ledger)
    shape = _shape(place, ledger, state)
    row = understood(shape, texts, today)
    _refuse_twin(shape, row, None)
    made = _store(shape, row, Write(actor, today, reason), None)
    _end_nil_return(shape, made)
    moved(state, [partition_of(made)])
    to = row_target(made)
    audit(actor=actor, action="record.create", place=place.slug, target=to, after=_told(made), reason=reason, pack=shape.pack.hash)
    return made


@transaction.atomic
def record_change(*, actor: Actor, record: Record, seen: int, texts: Mapping[str, str], today: date, reason: str = "") -> Record:
    """Write a new version of a row; `seen` is the pk of the version that was on the screen.

    Raises ConflictError (an XingtanError, with both versions) when somebody else wrote in between, XingtanError for faults.
    """
    state = locked(record.place, record.ledger)
    shape = _shape(record.place, record.ledger, state)
    old = _present(record)
    if old.pk != seen:
        raise conflict(shape, Record.objects.get(pk=seen), old, texts)
    row = understood(shape, texts, today)
    if row.content == old.content:
        return old
    _refuse_twin(shape, row, old)
    made = _store(shape, row, Write(actor, today, reason), old)
    moved(state, {partition_of(old), partition_of(made)})
    said, to = {"before": _told(old), "after": _told(made)}, row_target(made)
    audit(actor=actor, action="record.change", place=record.place.slug, target=to, **said, reason=reason, pack=shape.pack.hash)
    return made


@transaction.atomic
def record_withdraw(*, actor: Actor, records: Iterable[Record], reason: str) -> int:
    """Withdraw rows of one ledger; they stay readable with all versions. Returns how many; raises XingtanError without a reason."""
    rows = list(records)
    if not reason.strip():
        raise XingtanError.one("withdraw.reason", T("作废必须写明原因"), T("请填写原因，便于日后核对"))
    if not rows:
        return 0
    state = locked(rows[0].place, rows[0].ledger)
    ended = [old for row in rows if (old := present(row))]
    for old in ended:
        write_next(old, Write(actor, timezone.localdate(), reason), status=Record.Status.WITHDRAWN, live=False)
    moved(state, map(partition_of, ended))
    audit(
        actor=actor,
        action="record.withdraw",
        place=rows[0].place.slug,
        target=rows_target(ended or rows),
        before={"rows": [_told(old) for old in ended]},
        reason=reason,
    )
    return len(ended)


@transaction.atomic
def record_doubt(*, actor: Actor, record: Record, why: str) -> Record:
    """Mark a row as doubtful. It goes on counting, and every figure that uses it says so. Raises XingtanError without a reason."""
    if not why.strip():
        raise XingtanError.one("doubt.reason", T("存疑必须写明理由"), T("请写明哪里不可信、依据是什么"))
    return _redoubt(actor, record, why.strip()[:500], "record.doubt", why)


@transaction.atomic
def record_settle(*, actor: Actor, record: Record, why: str) -> Record:
    """Take the doubt off a row, with the reason. Raises XingtanError without one."""
    if not why.strip():
        raise XingtanError.one("doubt.reason", T("解除存疑必须写明理由"), T("请写明如何核实"))
    return _redoubt(actor, record, "", "record.settle", why)


@transaction.atomic
def nil_return(*, actor: Actor, place: Place, ledger: str, org: Organisation, period: str, note: str = "") -> NilReturn:
    """State that an organisation has nothing to report for a period. Raises XingtanError when it has rows, or the period is none."""
    state = locked(place, ledger)
    shape = _shape(place, ledger, state)
    found = read_period(period, shape.ledger.period)
    if found is None:
        raise XingtanError.one("row.period", T("“%(text)s”不是期间", text=period), T("请在页面上方选择期间"))
    if current(place, ledger).filter(org=org, period=found.text).exists():
        raise XingtanError.one("nil.rows", T("“%(org)s”这一期已经有记录，不能再报“无”", org=org.name), T("如果记录有误，请先作废"))
    made, fresh = NilReturn.objects.get_or_create(
        place=place, ledger=ledger, org=org, period=found.text, withdrawn=None,
        defaults={"note": note[:500], "actor_id": actor.id, "actor_label": actor.label, "stated": timezone.now()},
    )  # fmt: skip
    if fresh:
        moved(state, [found.text])
        audit(
            actor=actor,
            action="nil.state",
            place=place.slug,
            target=nil_target(made),
            after={"ledger": ledger, "org": org.code, "period": found.text},
            reason=note,
        )
    return made


@transaction.atomic
def draft_save(*, actor: Actor, place: Place, ledger: str, first: int, typed: Mapping[str, str]) -> Draft:
    """Keep what somebody has typed so far. A draft is nobody's record: no audit event."""
    kept = close(shape_of(place, ledger).ledger, {name: text[:5000] for name, text in typed.items()})
    draft, _ = Draft.objects.update_or_create(place=place, ledger=ledger, actor_id=actor.id, first=first, defaults={"typed": kept})
    return draft


def draft_drop(*, actor: Actor, place: Place, ledger: str, first: int) -> None:
    Draft.objects.filter(place=place, ledger=ledger, actor_id=actor.id, first=first).delete()


def _shape(place: Place, ledger: str, state: LedgerState) -> Shape:
    shape = shape_of(place, ledger)
    state.layout = laid_out(shape.ledger, state.layout)  # saved with the next `moved`
    return shape


def _present(record: Record) -> Record:
    found = present(record)
    if found is None:
        raise XingtanError.one("record.gone", GONE, T("请在台账里新建一条"))
    return found


def _refuse_twin(shape: Shape, row: Row, old: Record | None) -> None:
    if not shape.keyed:
        return
    twins = current(shape.place, shape.ledger.id).filter(key_hash=row.key_hash)
    twin = (twins.exclude(pk=old.pk) if old else twins).first()
    if twin is None:
        return
    columns = "、".join(shape.fields[name].title for name in shape.ledger.key)
    message = (
        T("“%(columns)s”相同的记录已经有了（第 %(pk)s 号）", columns=columns, pk=twin.pk)
        if columns
        else T("这个单位这一期的记录已经有了（第 %(pk)s 号）", pk=twin.pk)
    )
    raise XingtanError.one("key.twin", message, T("要改数据，请打开那条记录修改"), value=str(twin.pk))


def _store(shape: Shape, row: Row, write: Write, old: Record | None) -> Record:
    assert row.org_id is not None
    made = Record(
        place=shape.place, ledger=shape.ledger.id, org_id=row.org_id, period=row.period, date=row.date, starts=row.starts, ends=row.ends,
        valid_from=row.valid_from, valid_to=row.valid_to, key_hash=row.key_hash, content=row.content, pack_hash=shape.pack.hash,
        doubt=row.doubt, data=close(shape.ledger, row.data(shape)), written=timezone.now(), reason=write.reason[:500],
        actor_id=write.actor.id, actor_label=write.actor.label, **slot_values(row.cells, shape),
    )  # fmt: skip
    if old is not None:
        _end(old)
        made.version, made.chain, made.supersedes = old.version + 1, old.first, old
    made.save(force_insert=True)
    return made


def write_next(old: Record, write: Write, **changes: Any) -> Record:
    """A new version that says the same but for `changes` (fields of Record). The caller holds the lock and writes the event."""
    made = Record.objects.get(pk=old.pk)
    _end(old)
    made.pk, made.batch, made.ending = None, None, None
    made.version, made.chain, made.supersedes = old.version + 1, old.first, old
    made.written, made.reason, made.actor_id, made.actor_label = timezone.now(), write.reason[:500], write.actor.id, write.actor.label
    for name, value in changes.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made


def _end(old: Record) -> None:
    Record.objects.filter(pk=old.pk).update(live=False)


def _redoubt(actor: Actor, record: Record, doubt: str, action: str, why: str) -> Record:
    state = locked(record.place, record.ledger)
    old = _present(record)
    made = write_next(old, Write(actor, timezone.localdate(), why), doubt=doubt)
    moved(state, [partition_of(made)])
    audit(
        actor=actor, action=action, place=record.place.slug, target=row_target(made), before={"doubt": old.doubt}, after={"doubt": doubt},
        reason=why,
    )  # fmt: skip
    return made


def _end_nil_return(shape: Shape, made: Record) -> None:
    nil_returns(shape.place, shape.ledger.id).filter(org=made.org_id, period=made.period).update(withdrawn=timezone.now())


def _told(record: Record) -> dict[str, Any]:
    return {
        "row": record.first,
        "version": record.version,
        "org": record.org.code,
        "period": record.period,
        "doubt": record.doubt,
        "data": told(record.data),
    }
