"""Single movements by a form, the page of an act with its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.pupils import policies
from xingtan.apps.base.pupils.forms import MoveForm, ReasonForm, grade_choices
from xingtan.apps.base.pupils.grades import grades
from xingtan.apps.base.pupils.history import told
from xingtan.apps.base.pupils.models import Act, Enrolment, Movement, Pupil
from xingtan.apps.base.pupils.moving import FROM_ROLL, Seat, last_movement, spell_on
from xingtan.apps.base.pupils.rules import rules
from xingtan.apps.base.pupils.services import (
    act_undo,
    pupil_change_seat,
    pupil_complete,
    pupil_die,
    pupil_drop,
    pupil_graduate,
    pupil_leave,
    pupil_promote,
    pupil_repeat,
    pupil_resume,
    pupil_skip,
    pupil_suspend,
)  # fmt: skip
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.ui.forms import status
from xingtan.ui.scope import place_of

from . import common
from .roll import act_title

SHOWN = 200
Kind = Movement.Kind


@dataclass(frozen=True)
class Verb:
    """A movement as a form: what it is called, its kind, what the form asks, and the service."""

    title: str | Promise
    kind: str
    asks: Sequence[str]
    act: Callable[[Pupil, dict[str, Any], Ground], Movement]


def _seated(verb: Callable[..., Movement]) -> Callable[[Pupil, dict[str, Any], Ground], Movement]:
    """A verb that may name a class."""

    def act(pupil: Pupil, data: dict[str, Any], ground: Ground) -> Movement:
        chosen = common.chosen_class(data.get("school_class", ""))
        return verb(pupil=pupil, day=data["day"], ground=ground, school_class=chosen)

    return act


def _plain(verb: Callable[..., Movement]) -> Callable[[Pupil, dict[str, Any], Ground], Movement]:
    return lambda pupil, data, ground: verb(pupil=pupil, day=data["day"], ground=ground)


def _leave(pupil: Pupil, data: dict[str, Any], ground: Ground) -> Movement:
    return pupil_leave(pupil=pupil, day=data["day"], to=data["to"], ground=ground)


def _class(pupil: Pupil, data: dict[str, Any], ground: Ground) -> Movement:
    chosen = common.chosen_class(data["school_class"])
    return pupil_change_seat(pupil=pupil, day=data["day"], ground=ground, school_class=chosen, seat=data["seat"])


def _change(pupil: Pupil, data: dict[str, Any], ground: Ground) -> Movement:
    columns = {"boarding": common.flag(data["boarding"]), "residence": data["residence"], "entry_mode": data["entry_mode"]}
    return pupil_change_seat(pupil=pupil, day=data["day"], ground=ground, **columns)


def _resume(pupil: Pupil, data: dict[str, Any], ground: Ground) -> Movement:
    """Back from suspension; or of one who dropped out, at the school he left, in the grade of the form."""
    spell = spell_on(pupil, data["day"])
    if spell is not None:
        return pupil_resume(pupil=pupil, day=data["day"], ground=ground)
    last = Enrolment.objects.filter(pupil=pupil, ended_by__undone=False).select_related("school").order_by("-valid_to").first()
    if last is None:
        raise Http404
    stage, _bar, grade = data["grade"].partition("|")
    chosen = common.chosen_class(data["school_class"])
    seat = Seat.of(last, stage=stage, grade=int(grade), school_class=chosen, seat="", status=Enrolment.Status.PRESENT)
    return pupil_resume(pupil=pupil, day=data["day"], ground=ground, seat=seat)


VERBS: Mapping[str, Verb] = {
    "class": Verb(gettext_lazy("调整班级"), Kind.CLASS, ("school_class", "seat"), _class),
    "change": Verb(gettext_lazy("变更住校、城乡、入学方式"), Kind.CHANGE, ("boarding", "residence", "entry_mode"), _change),
    "suspend": Verb(gettext_lazy("休学"), Kind.SUSPEND, ("reason",), _plain(pupil_suspend)),
    "resume": Verb(gettext_lazy("复学"), Kind.RESUME, ("grade", "school_class"), _resume),
    "leave": Verb(gettext_lazy("转出县外"), Kind.OUT, ("to", "reason"), _leave),
    "drop": Verb(gettext_lazy("辍学"), Kind.DROP, ("reason",), _plain(pupil_drop)),
    "promote": Verb(gettext_lazy("升级"), Kind.PROMOTE, ("school_class",), _seated(pupil_promote)),
    "repeat": Verb(gettext_lazy("留级"), Kind.REPEAT, ("school_class",), _seated(pupil_repeat)),
    "skip": Verb(gettext_lazy("跳级"), Kind.SKIP, ("school_class",), _seated(pupil_skip)),
    "graduate": Verb(gettext_lazy("毕业"), Kind.GRADUATE, (), _plain(pupil_graduate)),
    "complete": Verb(gettext_lazy("结业"), Kind.COMPLETE, (), _plain(pupil_complete)),
    "die": Verb(gettext_lazy("死亡"), Kind.DEATH, (), _plain(pupil_die)),
}


def offered(request: HttpRequest, pupil: Pupil) -> list[tuple[str, Any]]:
    """The movements that the pupil's present state allows: (address part, title)."""
    spell, last = spell_on(pupil, timezone.localdate()), last_movement(pupil)
    if spell is None:
        return [("resume", VERBS["resume"].title)] if last is not None and last.kind == Kind.DROP else []
    return [(name, verb.title) for name, verb in VERBS.items() if spell.status in FROM_ROLL[verb.kind]]


def move(request: HttpRequest, place: str, pk: int, verb: str) -> HttpResponseBase:
    """One movement."""
    chosen = VERBS.get(verb)
    if chosen is None:
        raise Http404(verb)
    found = common.pupil_of(request, policies.MANAGE, pk)
    law, spell = rules(found.place), spell_on(found, timezone.localdate())
    here = common.schools(request, policies.MANAGE) if spell is None else {spell.school.code: spell.school}
    asks = [name for name in chosen.asks if not (name == "grade" and spell is not None)]
    if verb == "resume" and spell is not None:
        asks = []
    form = MoveForm(
        request.POST or None, request.FILES or None, law=law, asks=asks, classes=common.class_choices(here, law.grades),
        grades=grade_choices(law, common.stages(here, law.grades)), initial=_initial(spell),
    )  # fmt: skip

    def save() -> Movement:
        data = form.cleaned_data
        ground = Ground(request.actor, data["evidence"], data["attachment"], data.get("reason", ""), spell.school if spell else None)  # type: ignore[attr-defined]
        return chosen.act(found, data, ground)

    if common.attempt(request, form, save, _("已办理。")) is not None:
        return common.to(found.place, "pupil", pk=found.pk)
    back = common.url(found.place, "pupil", pk=found.pk)
    return common.page(request, form, chosen.title, back, pupil=found, label=_("办理"))


def _initial(spell: Enrolment | None) -> dict[str, Any]:
    if spell is None:
        return {"day": timezone.localdate()}
    boarding = {True: "1", False: "0"}.get(spell.boarding, "")  # type: ignore[arg-type]
    return {
        "day": timezone.localdate(), "boarding": boarding, "residence": spell.residence, "entry_mode": spell.entry_mode,
        "school_class": str(spell.school_class_id or ""), "seat": spell.seat,
    }  # fmt: skip


def act(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """What an act did, on what ground, and taking it back."""
    row = _act(request, policies.VIEW, pk)
    may = _undoable(request, row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied(policies.MANAGE)

        def save() -> Act:
            return act_undo(act=row, reason=form.cleaned_data["reason"], actor=request.actor)  # type: ignore[attr-defined]

        if common.attempt(request, form, save, _("已撤回。")) is not None:
            return common.to(row.place, "act", pk=row.pk)
    context = {"act": row, "title": act_title(row), **_lines(row), "form": form, "may": may}
    return render(request, "pupils/act.html", context, status=status(form))


def _undoable(request: HttpRequest, row: Act) -> bool:
    """An act goes back with whoever manages its school; what a merger of schools brought about, with that merger."""
    return row.school is not None and row.undone is None and policies.acts.can_on(request.user, policies.MANAGE, row)


def _lines(row: Act) -> dict[str, Any]:
    """The first movements of an act in words, and how many there are."""
    law = grades(row.place)
    rows = row.movements.select_related("pupil__person", "begun__school", "ended__school", "begun__school_class").order_by("pk")
    return {"lines": [(one, told(one, law)) for one in rows[:SHOWN]], "count": rows.count()}


def _act(request: HttpRequest, action: str, pk: int) -> Act:
    seen = policies.acts.visible(request.user, action, Act.objects.filter(place=place_of(request)))
    return get_object_or_404(seen.select_related("place", "school"), pk=pk)


def act_file(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """The papers of an act, for those who may change the pupil."""
    return common.papers(_act(request, policies.MANAGE, pk).attachment)
