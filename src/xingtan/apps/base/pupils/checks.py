"""What is wrong with a pupil's facts, all at once: names, dates, identity numbers, words of code tables, guardians."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.utils import timezone

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.names import text_faults
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.people.identity import Particulars
from xingtan.apps.base.people.particulars import draft
from xingtan.kernel.issues import Issue, Severity, Where, error
from xingtan.kernel.text import T, Text

from .rules import TABLES, Rules

OLDEST = 40  # nobody above this age is a pupil: the date is a slip
NAME_LIMIT = 64
# A pupil's number of the national system is a letter and the identity number: it is never stored as a number.
NATIONAL = re.compile(r"[A-Za-z]?(\d{17}[\dXx])")
NUMBER = re.compile(r"[0-9A-Za-z-]{1,32}")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
LABELS: Mapping[str, Text] = {
    "birth_place": T("出生地"),
    "native_place": T("籍贯"),
    "nationality": T("国籍/地区"),
    "overseas": T("港澳台侨外"),
    "politics": T("政治面貌"),
    "hukou_place": T("户口所在地"),
    "hukou_kind": T("户口性质"),
    "residence": T("城乡"),
    "entry_month": T("入学年月"),
    "entry_mode": T("入学方式"),
    "origin": T("学生来源"),
    "inclusive": T("随班就读"),
    "health": T("健康状况"),
    "disability": T("残疾类型"),
    "home_address": T("家庭地址"),
    "mail_address": T("通信地址"),
    "postcode": T("邮政编码"),
    "email": T("电子信箱"),
    "talent": T("特长"),
    "note": T("备注"),
    "only_child": T("是否独生子女"),
    "preschool": T("是否受过学前教育"),
}
LIMITS: Mapping[str, int] = {
    "birth_place": 60,
    "native_place": 60,
    "hukou_place": 60,
    "home_address": 200,
    "mail_address": 200,
    "email": 100,
    "talent": 100,
    "note": 2000,
    "phone": 32,
}


@dataclass(frozen=True)
class Who:
    """What the person's row holds. None: not stated, stays as it is; "" clears."""

    name: str
    sex: str = ""
    birth: date | None = None
    id_kind: str | None = None
    id_number: str | None = None
    ethnic: str | None = None
    former_name: str | None = None
    phone: str | None = None
    address: str | None = None

    def particulars(self) -> Particulars:
        """What the services of people call by that name; what is None stays as it is."""
        stated = {name: getattr(self, name) for name in ("id_kind", "id_number", "ethnic", "former_name", "phone", "address")}
        return cast(Particulars, {name: value for name, value in stated.items() if value is not None})


@dataclass(frozen=True)
class Kin:
    """One guardian."""

    relation: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Facts:
    """What the pupil's row holds, by column; a column left out is not touched."""

    values: Mapping[str, Any] = field(default_factory=dict)
    guardians: Sequence[Kin] | None = None


def who_faults(place: Place, who: Who) -> list[Issue]:
    """Everything wrong with the person and the identity number; that somebody else has the number is told by the callers."""
    found = draft(place, {"name": who.name, "sex": who.sex, "birth": who.birth, "note": ""}, who.particulars())[1]
    return birth_faults(who.birth) + [issue for issue in found if issue.code != "people.id_taken"]


def birth_faults(birth: date | None, day: date | None = None) -> list[Issue]:
    """A date of birth that cannot be."""
    today = day or timezone.localdate()
    if birth is None:
        return []
    if birth > today:
        message = T("出生日期%(birth)s还没有到", birth=day_text(birth))
        return [error("pupils.birth_future", message, Where(field="birth"), T("核对年月日"))]
    if today.year - birth.year > OLDEST:
        message = T("出生日期%(birth)s距今已 %(years)s 年", birth=day_text(birth), years=today.year - birth.year)
        return [error("pupils.birth_old", message, Where(field="birth"), T("核对年份"))]
    return []


def facts_faults(facts: Facts, rules: Rules) -> list[Issue]:
    """Everything wrong with the columns of the pupil and with the guardians."""
    values = facts.values
    found = long_faults(values)
    for column, text in values.items():
        if column in TABLES and isinstance(text, str):
            found += rules.fault(column, column, LABELS[column], text)
    month = values.get("entry_month", "")
    if month and not MONTH.fullmatch(month):
        found.append(
            error("pupils.month", T("入学年月“%(text)s”读不懂", text=str(month)[:12]), Where(field="entry_month"), T("写成 2023-09"))
        )
    code = values.get("postcode", "")
    if code and not re.fullmatch(r"\d{6}", code):
        found.append(error("pupils.postcode", T("邮政编码应为 6 位数字"), Where(field="postcode"), T("核对后重填，不详则留空")))
    if "number" in values and values["number"] and not NUMBER.fullmatch(values["number"]):
        found.append(error("pupils.number", T("学籍号只能有数字、英文字母和横线，最多 32 位"), Where(field="number"), T("核对后重填")))
    for at, kin in enumerate(facts.guardians or ()):
        found += _kin_faults(kin, at, rules)
    return found


def _kin_faults(kin: Kin, at: int, rules: Rules) -> list[Issue]:
    name = f"guardian_{at + 1}"
    found = text_faults(f"{name}_name", T("监护人姓名"), kin.name, NAME_LIMIT)
    found += text_faults(f"{name}_relation", T("监护人关系"), kin.relation, 16)
    found += rules.fault("relation", f"{name}_relation", T("监护人关系"), kin.relation)
    if len(kin.phone) > LIMITS["phone"]:
        found.append(_long(f"{name}_phone", T("监护人电话"), kin.phone, LIMITS["phone"]))
    return found


def long_faults(values: Mapping[str, Any]) -> list[Issue]:
    """Texts longer than their column, or with characters nobody sees."""
    found = []
    for column, text in values.items():
        if not isinstance(text, str) or column not in LABELS:
            continue
        limit = LIMITS.get(column, 24)
        if len(text) > limit:
            found.append(_long(column, LABELS[column], text, limit))
        elif any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
            message = T("%(label)s里有看不见的控制字符", label=LABELS[column])
            found.append(error("text.control", message, Where(field=column), T("删去后重新录入")))
    return found


def _long(column: str, label: Text, text: str, limit: int) -> Issue:
    message = T("%(label)s有 %(count)s 字，太长", label=label, count=len(text))
    return Issue(Severity.ERROR, "text.long", message, Where(field=column), T("最多 %(limit)s 字", limit=limit))
