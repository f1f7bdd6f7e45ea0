"""The forms by which staff is changed. Each entry of ADD and DO is one verb: what it is called, its form, and the service it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import forms, policies
from xingtan.apps.base.staff.models import Credential, Employment, Secondment, TeamSpell, TitleHolding
from xingtan.apps.base.staff.services import employment, hiring, secondment, standing
from xingtan.ui.scope import place_of

from . import common


@dataclass(frozen=True, slots=True)
class Verb:
    """`act(row or person, form, actor)` does it. `wide`: the form may name any organisation of the place, not only managed ones."""

    title: str | Promise
    form: type[forms.ActForm]
    act: Callable[[Any, Any, Any], Any]
    wide: bool = False


def _employ(person: Person, form: forms.TermsForm, actor: Any) -> None:
    employment.begin(person=person, terms=form.terms(), day=form.cleaned_data["day"], actor=actor)


def _paper(person: Person, form: forms.PaperForm, actor: Any) -> None:
    standing.credential_add(person=person, paper=form.paper(), day=forms.since(form.cleaned_data["day"]), actor=actor)


def _title(person: Person, form: forms.TitleForm, actor: Any) -> None:
    data = form.cleaned_data
    standing.title_award(person=person, title=form.title(), day=data["day"], until=forms.until(data["until"]), actor=actor)


def _team(person: Person, form: forms.TeamForm, actor: Any) -> None:
    data = form.cleaned_data
    standing.team_join(person=person, team=data["team"], day=data["day"], basis=data["basis"], actor=actor)


def _lend(person: Person, form: forms.LoanForm, actor: Any) -> None:
    data = form.cleaned_data
    secondment.begin(person=person, loan=form.loan(), day=data["day"], until=forms.until(data["until"]), actor=actor)


def _change(row: Employment, form: forms.TermsForm, actor: Any) -> None:
    data = form.cleaned_data
    employment.change(employment=row, version=data["version"] or 0, terms=form.terms(), day=data["day"], actor=actor)


def _leave(row: Employment, form: forms.LeaveForm, actor: Any) -> None:
    data = form.cleaned_data
    employment.end(employment=row, version=data["version"] or 0, day=data["day"], reason=data["reason"], actor=actor)


def _withdraw(row: Credential, form: forms.EndForm, actor: Any) -> None:
    data = form.cleaned_data
    standing.credential_withdraw(credential=row, version=data["version"] or 0, day=data["day"], reason=data["reason"], actor=actor)


def _untitle(row: TitleHolding, form: forms.EndForm, actor: Any) -> None:
    data = form.cleaned_data
    standing.title_end(holding=row, version=data["version"] or 0, day=data["day"], reason=data["reason"], actor=actor)


def _unteam(row: TeamSpell, form: forms.EndForm, actor: Any) -> None:
    data = form.cleaned_data
    standing.team_leave(spell=row, version=data["version"] or 0, day=data["day"], reason=data["reason"], actor=actor)


def _return(row: Secondment, form: forms.EndForm, actor: Any) -> None:
    data = form.cleaned_data
    secondment.end(secondment=row, version=data["version"] or 0, day=data["day"], reason=data["reason"], actor=actor)


def _judge(row: Secondment, form: forms.VerdictForm, actor: Any) -> None:
    secondment.evaluate(secondment=row, version=form.cleaned_data["version"] or 0, verdict=form.verdict(), actor=actor)


ADD: Mapping[str, Verb] = {
    "employ": Verb(_("登记聘用"), forms.TermsForm, _employ),
    "paper": Verb(_("登记学历或资格"), forms.PaperForm, _paper),
    "title": Verb(_("登记职称或称号"), forms.TitleForm, _title),
    "team": Verb(_("加入教师团队"), forms.TeamForm, _team),
    "lend": Verb(_("登记交流支教"), forms.LoanForm, _lend, wide=True),
}
DO: Mapping[tuple[str, str], Verb] = {
    ("employment", "change"): Verb(_("变更聘用"), forms.ChangeForm, _change),
    ("employment", "end"): Verb(_("离开"), forms.LeaveForm, _leave),
    ("paper", "withdraw"): Verb(_("学历或资格失效"), forms.EndForm, _withdraw),
    ("title", "end"): Verb(_("终止称号"), forms.EndForm, _untitle),
    ("team", "leave"): Verb(_("退出团队"), forms.EndForm, _unteam),
    ("loan", "end"): Verb(_("结束交流支教"), forms.EndForm, _return),
    ("loan", "evaluate"): Verb(_("考核交流支教"), forms.VerdictForm, _judge),
}
THINGS: Mapping[str, type[Any]] = {
    "employment": Employment, "paper": Credential, "title": TitleHolding, "team": TeamSpell, "loan": Secondment,
}  # fmt: skip


def hire(request: HttpRequest, place: str) -> HttpResponseBase:
    """A new person with the first employment."""
    here = place_of(request)
    policies.files.require(request.user, policies.MANAGE)
    orgs, listed = common.managed(request, here)
    form = forms.HireForm(request.POST or None, place=here, orgs=orgs, listed=listed)

    def save() -> Person:
        data = form.cleaned_data
        made = hiring.hire(
            place=here, name=data["name"], sex=data["sex"], birth=data["birth"], terms=form.terms(), day=data["day"],
            actor=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return made.person

    return common.saved(request, form, save, str(_("新进教职工")), common.url(here, "staff"))


def add(request: HttpRequest, place: str, pk: int, verb: str) -> HttpResponseBase:
    """Add an entry to a person's file."""
    chosen = ADD.get(verb)
    if chosen is None:
        raise Http404(verb)
    person = common.person_of(request, policies.MANAGE, pk)
    return _answer(request, chosen, person, person, {})


def do(request: HttpRequest, place: str, thing: str, pk: int, verb: str) -> HttpResponseBase:
    """Change or end an entry of a file."""
    chosen = DO.get((thing, verb))
    row = THINGS[thing].objects.filter(pk=pk).select_related("person__place").first() if chosen else None
    if chosen is None or row is None:
        raise Http404(verb)
    person = common.person_of(request, policies.MANAGE, row.person_id)
    _own(request, row)
    initial = forms.initial_of(row) if verb == "change" else {}
    return _answer(request, chosen, row, person, {**initial, "version": row.version})


def _own(request: HttpRequest, row: Any) -> None:
    """An employment belongs to its school, a secondment to its sender: whoever manages the file alone may not touch it."""
    if isinstance(row, Employment) and not policies.employments.can_on(request.user, policies.MANAGE, row):
        raise Http404(row.pk)
    if isinstance(row, Secondment) and not policies.secondments.can_on(request.user, policies.MANAGE, row):
        raise Http404(row.pk)


def _answer(request: HttpRequest, verb: Verb, target: Any, person: Person, initial: dict[str, Any]) -> HttpResponseBase:
    orgs, listed = common.everywhere(person.place) if verb.wide else common.managed(request, person.place)
    form = verb.form(request.POST or None, initial=initial, place=person.place, orgs=orgs, listed=listed)

    def save() -> Person:
        verb.act(target, form, request.actor)  # type: ignore[attr-defined]
        return person

    title = f"{person.name} · {verb.title}"
    return common.saved(request, form, save, title, common.url(person.place, "file", pk=person.pk))
