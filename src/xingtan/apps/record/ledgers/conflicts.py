"""Two people on one record: what I read, what the other wrote meanwhile, what I typed. Nothing is lost or overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T

from .cells import load, typed, words
from .models import Record
from .sealing import masked
from .shape import Shape


class ConflictError(XingtanError):
    """`theirs` is the version that counts now; `issues` name each column on which it and mine differ."""

    theirs: Record


def _writer(record: Record) -> dict[str, object]:
    return {"who": record.actor_label, "when": record.written, "version": record.version}


def conflict(shape: Shape, seen: Record, theirs: Record, mine: Mapping[str, str]) -> ConflictError:
    """Say who wrote meanwhile, and beside each column what stands there now where that is not what I typed."""
    issues = [
        Issue(
            Severity.ERROR, "record.conflict", T("%(who)s 已于 %(when)s 改过这条记录（第 %(version)s 版）", **_writer(theirs)),
            hint=T("您填的内容还在下面；核对标出的栏后再保存，就以您的为准"),
        )
    ]  # fmt: skip
    for name, item in shape.fields.items():
        was, now = load(item, seen.data.get(name)), load(item, theirs.data.get(name))
        if typed(item, was) == typed(item, now) or mine.get(name, "").strip() == typed(item, now):
            continue
        said = words(item, now, shape.titles(name))
        shown = (masked(shape.ledger, item, said) if name in shape.ledger.visible.sensitive else said) or T("空")
        issues.append(Issue(Severity.WARNING, "record.conflict.cell", T("对方改成了“%(value)s”", value=shown), Where(field=name)))
    found = ConflictError(issues)
    found.theirs = theirs
    return found
