"""One pupil: the spells on a line of time, what happened in words, guardians, flags; and the forms that change them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.orgs.models import FOREVER
from xingtan.apps.base.orgs.tree import day_text
from xingtan.apps.base.pupils import policies, selectors
from xingtan.apps.base.pupils.forms import MORE, SEALED, WHO, EndForm, FlagForm, KinForm, NewPupilForm, PupilForm
from xingtan.apps.base.pupils.history import history, line_of_time
from xingtan.apps.base.pupils.identity import DuplicateError
from xingtan.apps.base.pupils.models import Flag, Pupil
from xingtan.apps.base.pupils.moving import Seat
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services import flag_end, flag_set, guardians_set, pupil_admit, pupil_change
from xingtan.ui.scope import place_of

from . import common
from .moves import offered


def pupil(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """What the reader may know: everything while the pupil is (or was last) at a school of his, else the spells up to the day he left."""
    found, today = common.pupil_of(request, policies.VIEW, pk), timezone.localdate()
    until = policies.pupils.until(request.user, found) or today
    present = until > today or policies.current.can_on(request.user, policies.VIEW, found)
    until = FOREVER if present else until
    manage = policies.pupils.can_on(request.user, policies.MANAGE, found)
    law = rules(found.place)
    context = {
        "pupil": found,
        "person": found.person,
        "present": present,
        "manage": manage,
        "facts": _facts(found, present),
        "until": until,
        "spells": line_of_time(found, law.grades, until),
        "history": history(found, law.grades, until),
        "guardians": selectors.guardians_of(found) if present else (),
        "flags": _flags(found, today) if present else (),
        "sealed": _sealed(found) if present else (),
        "offered": offered(request, found) if manage else (),
        "transfers": found.transfers.select_related("source", "target") if present else (),
        "class_title": common.class_title,
    }
    return render(request, "pupils/pupil.html", context)


def _facts(pupil: Pupil, present: bool) -> list[tuple[Any, Any]]:
    person = pupil.person
    number = _("%(number)s（临时）") % {"number": pupil.number} if pupil.temporary else pupil.number
    found: list[tuple[Any, Any]] = [
        (_("学籍号"), number),
        (_("性别"), person.get_sex_display()),
        (_("出生日期"), person.birth or _("未填")),
        (_("民族"), person.ethnic),
    ]
    if present:
        plain = {name: getattr(pupil, name) for name in MORE if name not in SEALED and name != "number"}
        found += [(_("曾用名"), person.former_name)] + [(MORE[name], _word(value)) for name, value in plain.items()]
    return [fact for fact in found if fact[1] not in ("", None)]


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value


def _sealed(pupil: Pupil) -> list[tuple[Any, str]]:
    """Label and name of each sealed field that is filled, of the person and of the pupil alike."""
    labels = {"id_number": _("身份证件号"), "phone": _("联系电话"), "address": _("现住址"), **MORE}
    return [(labels[name], name) for name in SEALED if getattr(pupil.person if name in WHO else pupil, name)]


def _flags(pupil: Pupil, today: date) -> list[dict[str, Any]]:
    rows = Flag.objects.filter(pupil=pupil).order_by("-valid_to", "-valid_from")
    law = rules(pupil.place)
    return [
        {
            "flag": row, "word": selectors.flag_word(row, law), "start": day_text(row.valid_from), "end": day_text(row.valid_to),
            "now": row.valid_from <= today < row.valid_to,
        }
        for row in rows
        if row.valid_from < row.valid_to
    ]  # fmt: skip


def pupil_new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Enter a pupil on the roll of a school."""
    policies.spells.require(request.user, policies.MANAGE)
    here, law = place_of(request), rules(place_of(request))
    found = common.schools(request, policies.MANAGE)
    choices: dict[str, Any] = {
        "schools": common.named(found),
        "classes": common.class_choices(found, law.grades),
        "stages": common.stages(found, law.grades),
    }
    form = NewPupilForm(request.POST or None, request.FILES or None, law=law, **choices)
    twin: list[Pupil] = []

    def save() -> Pupil:
        try:
            return _admit(request, form, found)
        except DuplicateError as refused:
            if refused.pupil and policies.pupils.can_on(request.user, policies.VIEW, refused.pupil):
                twin.append(refused.pupil)
            raise

    made = common.attempt(request, form, save, _("已入籍。"))
    if made is not None:
        return common.to(here, "pupil", pk=made.pk)
    return common.page(request, form, _("新生入籍"), common.url(here, "pupils"), twin=twin[0] if twin else None)


def _admit(request: HttpRequest, form: NewPupilForm, found: dict[str, Any]) -> Pupil:
    data = form.cleaned_data
    stage, _bar, grade = data["grade"].partition("|")
    seat = Seat(
        found[data["school"]],
        stage,
        int(grade),
        common.chosen_class(data["school_class"]),
        boarding=common.flag(data["boarding"]),
        residence=data["residence"],
        entry_mode=data["entry_mode"],
    )
    return pupil_admit(
        place=place_of(request),
        who=form.who(),
        seat=seat,
        day=data["day"],
        facts=form.facts(),
        from_outside=data["from_outside"],
        evidence=data["evidence"],
        attachment=data["attachment"],
        actor=request.actor,  # type: ignore[attr-defined]
    )


def pupil_edit(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Change what is known of a pupil."""
    found = common.pupil_of(request, policies.MANAGE, pk)
    person, law = found.person, rules(found.place)
    start = {name: getattr(person, name) for name in ("name", "sex", "birth", "id_kind", "ethnic", "former_name")}
    start |= {name: getattr(found, name) for name in MORE if name not in SEALED} | {"version": found.version}
    start |= {name: {True: "1", False: "0"}.get(start[name], "") for name in ("only_child", "preschool")}
    form = PupilForm(request.POST or None, law=law, pupil=found, initial=start)

    def save() -> Pupil:
        version = form.cleaned_data["version"] or 0
        return pupil_change(pupil=found, version=version, who=form.who(), facts=form.facts(), actor=request.actor)  # type: ignore[attr-defined]

    back = common.url(found.place, "pupil", pk=found.pk)
    if common.attempt(request, form, save) is not None:
        return common.to(found.place, "pupil", pk=found.pk)
    return common.page(request, form, _("修改学籍资料"), back)


def guardians(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Say anew who a pupil's guardians are. What is stored is sealed, and so the form comes empty: all of them are entered again."""
    found = common.pupil_of(request, policies.MANAGE, pk)
    form = KinForm(request.POST or None, law=rules(found.place))

    def save() -> Pupil:
        return guardians_set(pupil=found, guardians=form.kin(), actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(found.place, "pupil", pk=found.pk)
    note = _("保存后代替原来登记的全部监护人。")
    return common.page(request, form, _("重新登记监护人"), common.url(found.place, "pupil", pk=found.pk), note=note)


def flag_new(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Set a flag."""
    found = common.pupil_of(request, policies.MANAGE, pk)
    form = FlagForm(request.POST or None, law=rules(found.place), initial={"day": timezone.localdate()})

    def save() -> Flag:
        data = form.cleaned_data
        return flag_set(
            pupil=found,
            kind=data["kind"],
            day=data["day"],
            until=data["until"] or FOREVER,
            source=data["source"],
            actor=request.actor,  # type: ignore[attr-defined]
        )

    if common.attempt(request, form, save) is not None:
        return common.to(found.place, "pupil", pk=found.pk)
    return common.page(request, form, _("登记关爱标记"), common.url(found.place, "pupil", pk=found.pk))


def flag_over(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """End a flag."""
    seen = policies.flags.visible(request.user, policies.MANAGE, Flag.objects.filter(pupil__place=place_of(request)))
    row = get_object_or_404(seen.select_related("pupil__place"), pk=pk)
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})

    def save() -> Flag:
        data = form.cleaned_data
        return flag_end(flag=row, day=data["day"], reason=data["reason"], actor=request.actor)  # type: ignore[attr-defined]

    if common.attempt(request, form, save) is not None:
        return common.to(row.pupil.place, "pupil", pk=row.pupil_id)
    return common.page(request, form, _("结束关爱标记"), common.url(row.pupil.place, "pupil", pk=row.pupil_id))
