"""Identity numbers and the other particulars of a person: read, checked, and what a resident number tells by itself.

The check digit is python-stdnum's; birth date and sex must agree with the number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

RESIDENT = "居民身份证"
LIMITS = {"ethnic": 24, "former_name": 64, "phone": 32, "address": 200, "id_number": 64}
_DESTROYED = re.compile(r"^\d(\.\d+)?E\+?\d+$|^\d{15,16}\.0+$")
_PHONE = re.compile(r"^\+?[0-9() -]{5,30}$")


class Particulars(TypedDict, total=False):
    """What may be stated of a person besides name, sex and birth. A key that is left out stays as it is; "" clears it."""

    id_kind: str
    id_number: str
    ethnic: str
    former_name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a resident identity number says of its holder."""

    birth: date
    sex: str


def normal_number(text: str) -> str:
    """An identity number as it is kept: NFKC, capitals, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def told(number: str) -> Told | None:
    """Birth date and sex from a resident number of 18 characters; None when it is none."""
    try:
        birth = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return None
    return Told(birth, "男" if number[16:17] in "13579" else "女")


def number_faults(kind: str, number: str, sex: str, birth: date | None) -> list[Issue]:
    """Everything that speaks against an identity number, with place, reason and remedy. `number` is `normal_number(…)`."""
    where = Where(field="id_number")
    if not number:
        return []
    if _DESTROYED.fullmatch(number) or (len(number) == 18 and number.endswith("000") and _bad(number)):
        message = T("证件号像是被电子表格改坏了（15 位以后变成了 0，或成了科学计数）")
        return [error("people.id_destroyed", message, where, T("把这一栏设为“文本”，重新填写完整的号码"))]
    if kind not in {"", RESIDENT}:
        return _foreign(number, where)
    if len(number) == 15 and number.isdigit():
        return [error("people.id_old", T("这是 15 位的旧身份证号"), where, T("改填现行的 18 位号码"))]
    if len(number) != 18 or _bad(number):
        hint = T("对照证件重新录入；别的证件请选对应的证件类型")
        return [error("people.id_number", T("身份证号不对：位数、日期或校验码不符"), where, hint)]
    return _disagreeing(number, sex, birth, where)


def _foreign(number: str, where: Where) -> list[Issue]:
    if number.isascii() and number.isalnum() and 4 <= len(number) <= 32:
        return []
    return [error("people.id_foreign", T("证件号只能由 4 至 32 位字母和数字组成"), where, T("对照证件重新录入"))]


def _bad(number: str) -> bool:
    digits = number[:17].isascii() and number[:17].isdigit() and number[17:] in {*"0123456789X"}
    return not digits or number[17] != ric.calc_check_digit(number) or told(number) is None


def _disagreeing(number: str, sex: str, birth: date | None, where: Where) -> list[Issue]:
    says, found = told(number), []
    assert says is not None
    if birth is not None and birth != says.birth:
        message = T("身份证号上的出生日期是%(says)s，填的是%(birth)s", says=says.birth.isoformat(), birth=birth.isoformat())
        found.append(error("people.id_birth", message, where, T("核对证件，改正其中一项")))
    if sex and sex != says.sex:
        message = T("身份证号表示%(says)s，填的是%(sex)s", says=says.sex, sex=sex)
        found.append(error("people.id_sex", message, where, T("核对证件，改正其中一项")))
    return found


def particular_faults(given: Particulars) -> list[Issue]:
    """Texts too long or with control characters, and telephone numbers that are none."""
    found = []
    labels = {"ethnic": T("民族"), "former_name": T("曾用名"), "phone": T("电话"), "address": T("住址"), "id_number": T("证件号")}
    for name, label in labels.items():
        text = str(given.get(name, ""))
        if len(text) > LIMITS[name]:
            message = T("%(label)s有 %(count)s 字，太长", label=label, count=len(text))
            found.append(error("text.long", message, Where(field=name), T("最多 %(limit)s 字", limit=LIMITS[name])))
        elif any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
            message = T("%(label)s里有看不见的控制字符", label=label)
            found.append(error("text.control", message, Where(field=name), T("删去后重新录入")))
    phone = unicodedata.normalize("NFKC", given.get("phone", "")).strip()
    if phone and not _PHONE.fullmatch(phone):
        found.append(error("people.phone", T("电话号码读不懂"), Where(field="phone"), T("只填数字，区号与号码之间可用横线")))
    return found
