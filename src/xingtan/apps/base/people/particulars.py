"""What is known of a person, checked and put on the row: shared by the verbs of this app and by those who enter persons in bulk."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.db import IntegrityError, transaction

from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.names import initials, text_faults
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.apps.base.vault.index import blind
from xingtan.apps.base.vault.masks import Kind
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .identity import RESIDENT, Particulars, normal_number, number_faults, particular_faults
from .identity import told as number_tells
from .models import Person

NAME_LIMIT = 64
NOTE_LIMIT = 2000
_OPEN = ("id_kind", "ethnic", "former_name")
_SEALED = ("phone", "address")


class Known(TypedDict):
    """What every person has."""

    name: str
    sex: str
    birth: date | None
    note: str


def draft(place: Place, known: Known, more: Particulars) -> tuple[Person, list[Issue]]:
    """A new person, not saved, and everything that speaks against it."""
    person = Person(place=place)
    return person, fill(person, known, more)


def fill(person: Person, known: Known, more: Particulars) -> list[Issue]:
    """Put what is stated on a row (not saved); returns all faults. A particular that is not named stays as it is."""
    name, note = known["name"].strip(), known["note"]
    number = normal_number(more["id_number"]) if "id_number" in more else person.id_number.plain()
    kind = more.get("id_kind", person.id_kind) or (RESIDENT if number else "")
    issues = _faults(name, known["sex"], note) + particular_faults(more) + _pack_faults(person.place, kind, more)
    issues += number_faults(kind, number, known["sex"], known["birth"])
    if issues:
        return issues
    says = number_tells(number) if kind == RESIDENT else None
    person.name, person.initials, person.note = name, initials(name)[:64], note
    person.sex, person.birth = known["sex"] or (says.sex if says else ""), known["birth"] or (says.birth if says else None)
    _particulars(person, {**more, "id_kind": kind})
    if "id_number" in more:
        person.id_number = number
        person.id_number_index = blind(Kind.ID_NUMBER, person.place.slug, number)
    return _taken(person)


def _particulars(person: Person, more: Particulars) -> None:
    for name in _OPEN:
        setattr(person, name, str(more.get(name, getattr(person, name))).strip())
    for name in _SEALED:
        if name in more:
            setattr(person, name, str(more[name]).strip())  # type: ignore[literal-required]
    if "phone" in more:
        person.phone_index = blind(Kind.PHONE, person.place.slug, more["phone"])


def keep(person: Person, *, force_insert: bool = False) -> None:
    """Save; somebody who entered the same identity number at the same moment is told like one who came later."""
    try:
        with transaction.atomic():
            person.save(force_insert=force_insert)
    except IntegrityError as clash:
        if issues := _taken(person):
            raise XingtanError(issues) from clash
        raise


def told(person: Person) -> dict[str, Any]:
    """The row for the audit log and for comparison; sealed values compare by their plain text and are written as their masks."""
    return {
        "name": person.name, "sex": person.sex, "birth": person.birth.isoformat() if person.birth else "", "note": person.note,
        "id_kind": person.id_kind, "id_number": person.id_number, "ethnic": person.ethnic, "former_name": person.former_name,
        "phone": person.phone, "address": person.address,
    }  # fmt: skip


def _taken(person: Person) -> list[Issue]:
    """Whether another person of the place has the number. Who it is, is not told: a number would give away a name."""
    if not person.id_number_index:
        return []
    others = Person.objects.filter(place=person.place, id_number_index=person.id_number_index, merged_into=None).exclude(pk=person.pk)
    if not others.exists():
        return []
    hint = T("核对号码；若是同一个人，用已有的那条资料，或请县学籍管理员合并")
    return [error("people.id_taken", T("这个证件号已登记在本地另一人名下"), Where(field="id_number"), hint)]


def _faults(name: str, sex: str, note: str) -> list[Issue]:
    found = text_faults("name", T("姓名"), name, NAME_LIMIT)
    if sex not in Person.Sex.values:
        found.append(error("people.sex", T("性别“%(sex)s”读不懂", sex=sex[:10]), Where(field="sex"), T("填男或女，不详则留空")))
    if len(note) > NOTE_LIMIT:
        message = T("备注有 %(count)s 字，太长", count=len(note))
        found.append(error("text.long", message, Where(field="note"), T("最多 %(limit)s 字", limit=NOTE_LIMIT)))
    if "\x00" in note:
        found.append(error("text.control", T("备注里有看不见的控制字符"), Where(field="note"), T("删去后重新录入")))
    return found


def _pack_faults(place: Place, kind: str, more: Particulars) -> list[Issue]:
    found = []
    if kind not in Person.IdKind.values:
        message = T("证件类型“%(kind)s”读不懂", kind=kind[:24])
        known = "、".join(value for value in Person.IdKind.values if value)
        found.append(error("people.id_kind", message, Where(field="id_kind"), T("可填：%(known)s", known=known)))
    ethnic, pack = more.get("ethnic", "").strip(), active_pack_or_none(place)
    table = pack.codes.get("ethnic_group") if ethnic and pack else None
    if table is not None and ethnic not in table.words():
        message = T("民族“%(ethnic)s”不在代码表里", ethnic=ethnic[:24])
        found.append(error("people.ethnic", message, Where(field="ethnic"), T("填全称，如汉族、满族")))
    return found
