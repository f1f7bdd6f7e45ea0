"""Who carries on after organisations that a list ends. (Used by `loads`.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xingtan.kernel.issues import Issue, error
from xingtan.kernel.text import T

from .models import EVER, OrgAct, Organisation, Place, Succession
from .tree import Forest

if TYPE_CHECKING:
    from .loads import OrgRow


def faults(rows: Sequence[OrgRow], old: Forest) -> list[Issue]:
    """What is wrong with the heirs that the rows name."""
    found = []
    known = {row.code for row in rows}
    for row in rows:
        if row.heirs and row.end is None:
            message = T("“%(org)s”没有终止日期，却写了承接单位", org=row.name[:40])
            found.append(error("orgs.heir_open", message, row.where, T("补上终止日期，或删去承接单位")))
        if sum(share for _, share in row.heirs) > 1:
            message = T("“%(org)s”各承接单位的份额超过 100%%", org=row.name[:40])
            found.append(error("orgs.heir_share", message, row.where, T("各份额相加不超过 100%%")))
        for code, _ in row.heirs:
            if code == row.code or not (code in known or code in old):
                message = T("“%(org)s”的承接单位 %(code)s 不存在或就是它自己", org=row.name[:40], code=code)
                found.append(error("orgs.no_heir", message, row.where, T("填另一个单位的代码")))
            elif row.end and not _stands(rows, old, code, row):
                message = T("承接单位 %(code)s 在“%(org)s”终止那天还没有或已经撤销", org=row.name[:40], code=code)
                found.append(error("orgs.heir_absent", message, row.where, T("核对两个单位的起止日期")))
    return found


def _stands(rows: Sequence[OrgRow], old: Forest, code: str, row: OrgRow) -> bool:
    assert row.end is not None
    spans = [(one.start or EVER, one.end) for one in rows if one.code == code] or [(one.start, one.end) for one in old.spells[code]]
    return any(start <= row.end and (end is None or row.end < end) for start, end in spans)


def unwritten(place: Place, rows: Sequence[OrgRow]) -> list[OrgRow]:
    """The rows whose heirs are not on record as they say."""
    stating = [row for row in rows if row.heirs]
    known: dict[str, set[tuple[object, ...]]] = {}
    found = Succession.objects.filter(predecessor__place=place, predecessor__code__in=[row.code for row in stating])
    for code, *facts in found.values_list("predecessor__code", "successor__code", "share", "day"):
        known.setdefault(code, set()).add(tuple(facts))
    return [row for row in stating if {(code, share, row.end) for code, share in row.heirs} - known.get(row.code, set())]


def write(act: OrgAct, rows: Sequence[OrgRow]) -> None:
    """Record the heirs with the act of loading, so that they go when it is undone. What an earlier list said of the same day gives way."""
    codes = {code for row in rows for code in (row.code, *(heir for heir, _ in row.heirs))}
    orgs = {org.code: org for org in Organisation.objects.filter(place=act.place, code__in=codes)}
    for row in rows:
        assert row.end is not None, "faults() refuses heirs of what has no end"
        Succession.objects.filter(predecessor=orgs[row.code], day=row.end).delete()
        Succession.objects.bulk_create(
            Succession(act=act, predecessor=orgs[row.code], successor=orgs[code], share=share, day=row.end) for code, share in row.heirs
        )
