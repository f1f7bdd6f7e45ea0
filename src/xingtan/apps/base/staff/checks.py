"""What speaks against a spell: its days, its organisation on those days, and the other spells of the person."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import F, QuerySet
from django.utils import timezone

from xingtan.apps.base.orgs.models import EVER, FOREVER, Organisation, OrgSpell, Place
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.models import Person
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T, Text

from .models import Spell

S = TypeVar("S", bound=Spell)
TEXT_LIMITS = {"basis": 200, "awarded_by": 100, "detail": 100, "institution": 100, "duty": 100, "programme": 100, "contract": 200,
               "sender_name": 200, "host_name": 200, "evaluation": 1000, "evaluated_by": 100}  # fmt: skip


def span_faults(start: date, end: date) -> list[Issue]:
    """The days by themselves."""
    found = []
    if end <= start:
        found.append(error("staff.span", T("结束日期不晚于开始日期"), Where(field="until"), T("核对两个日期")))
    if start > timezone.localdate().replace(year=timezone.localdate().year + 1):
        message = T("开始日期%(day)s太远", day=day_text(start))
        found.append(error("staff.far", message, Where(field="day"), T("最多早填一年")))
    return found


def birth_faults(person: Person, start: date) -> list[Issue]:
    """Nobody works before he is born, nor as a child."""
    if person.birth is None or start == EVER or start >= person.birth.replace(year=person.birth.year + 15, day=min(person.birth.day, 28)):
        return []
    message = T("%(name)s那一天还不满十五岁", name=person.name)
    return [error("staff.too_young", message, Where(field="day"), T("核对出生日期和开始日期"))]


def org_faults(place: Place, org: Organisation, start: date, field: str = "org") -> list[Issue]:
    """The organisation is one of the place's and there on the first day (open since unrecorded days: at some time)."""
    where = Where(field=field)
    if org.place_id != place.pk:
        return [error("staff.other_place", T("“%(org)s”不属于%(place)s", org=org.name, place=place.title), where, T("选本地的单位"))]
    spells = OrgSpell.objects.filter(org=org)
    if start != EVER and not spells.filter(valid_from__lte=start, valid_to__gt=start).exists():
        message = T("“%(org)s”在%(day)s不存在", org=org.name, day=day_text(start))
        return [error("staff.org_absent", message, where, T("核对日期，或选当时存在的单位"))]
    return []


def crossing(rows: QuerySet[S], start: date, end: date) -> QuerySet[S]:
    """Those rows that share a day with the span. Spells that never were in force share none."""
    return rows.filter(valid_from__lt=end, valid_to__gt=start).exclude(valid_from__gte=F("valid_to"))


def text_faults(**texts: str) -> list[Issue]:
    """Free texts: short enough for their columns, nothing invisible."""
    found = []
    for name, text in texts.items():
        limit = TEXT_LIMITS[name]
        if len(text) > limit:
            found.append(
                error("text.long", T("有 %(count)s 字，太长", count=len(text)), Where(field=name), T("最多 %(limit)s 字", limit=limit))
            )
        if any(ord(char) < 32 and char not in "\n\t" for char in text):
            found.append(error("text.control", T("含有看不见的控制字符"), Where(field=name), T("删去后重新录入")))
    return found


def end_fault(spell: Spell, day: date, label: Text) -> list[Issue]:
    """Whether a spell can end on the day."""
    where = Where(field="day")
    if spell.valid_to != FOREVER and spell.valid_to <= day:
        return [error("staff.ended", T("%(label)s已于%(day)s结束", label=label, day=day_text(spell.valid_to)), where, T("不必再结束"))]
    if day < spell.valid_from:
        message = T("结束日期早于开始日期%(day)s", day=day_text(spell.valid_from))
        return [error("staff.before", message, where, T("填开始日期或以后的日子；填开始日期视为误录"))]
    return []


def stale(person: Person) -> XingtanError:
    """Two people on one row: the second one is told."""
    message = T("%(name)s的记录刚刚被别人改过，您的修改没有保存", name=person.name)
    return XingtanError.one("staff.stale", message, T("打开最新的记录，核对后再改"))
