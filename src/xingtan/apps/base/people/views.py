"""The register of persons, one person with all posts, and the forms that change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs import policies as org_policies
from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.orgs.selectors import tree
from xingtan.apps.base.orgs.tree import day_text
from xingtan.kernel.errors import XingtanError
from xingtan.ui import exports
from xingtan.ui.forms import status
from xingtan.ui.issues import onto_form
from xingtan.ui.tables import Column, Filter, Table
from xingtan.ui.text import render as words

from . import policies, selectors, services
from .forms import AppointmentForm, EndForm, NewPersonForm, PersonForm
from .models import Person, Post


def people(request: HttpRequest, place: str) -> HttpResponseBase:
    """Persons of the organisation in scope and below, with their present posts."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    org: Organisation | None = request.scope.org  # type: ignore[attr-defined]
    policies.persons.require(request.user, policies.VIEW)
    rows = policies.persons.visible(request.user, policies.VIEW, selectors.persons(here))
    if request.GET.get("all") != "1" and org is not None and org.pk != here.root_id:
        rows = selectors.within(rows, org)
    titles = selectors.post_titles(here)
    bound = _table(here, titles).bind(request, rows)
    if bound.export:
        return exports.personal(request, bound, exports.Personal(str(_("人员名册")), "people", policies.VIEW, org or here.root))
    manage = policies.persons.can(request.user, policies.MANAGE)
    return render(request, "people/list.html", {"table": bound, "manage": manage})


def _table(place: Place, titles: dict[str, str]) -> Table[Person]:
    def held(person: Person) -> str:
        return "；".join(f"{post.org.name} {titles.get(post.post, post.post)}" for post in person.present) or "—"  # type: ignore[attr-defined]

    columns = (
        Column[Person]("name", _("姓名"), lambda person: person.name, sort="initials", link=lambda person: _url(place, person)),
        Column[Person]("sex", _("性别"), lambda person: person.sex or None, sort="sex"),
        Column[Person]("birth", _("出生日期"), lambda person: person.birth, kind="date", sort="birth", minor=True),
        Column[Person]("posts", _("现任"), held),
    )
    choices = [("", str(_("全部职务"))), *titles.items()]
    return Table(
        columns, (Filter("post", _("职务"), selectors.holding, choices=choices),), selectors.matching, _("姓名或拼音首字母"), default="name"
    )


def _url(place: Place, person: Person) -> str:
    return reverse("people:person", kwargs={"place": place.slug, "pk": person.pk})


def person(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """What is known of a person, and every post from when to when."""
    found = _person(request, policies.VIEW, pk)
    titles = selectors.post_titles(found.place)
    today = timezone.localdate()
    may_end = set(policies.posts.visible(request.user, policies.MANAGE, found.posts.all()).values_list("pk", flat=True))
    rows = [
        {
            "post": post, "title": titles.get(post.post, post.post), "start": day_text(post.valid_from), "end": day_text(post.valid_to),
            "now": post.valid_from <= today < post.valid_to, "can_end": post.valid_to > today and post.pk in may_end,
        }
        for post in selectors.posts_of(found)
    ]  # fmt: skip
    facts = [
        (_("性别"), found.get_sex_display()), (_("出生日期"), found.birth or _("未填")), (_("民族"), found.ethnic),
        (_("曾用名"), found.former_name), (_("证件类型"), found.id_kind), (_("备注"), found.note),
    ]  # fmt: skip
    closed = [(_("证件号"), "id_number"), (_("电话"), "phone"), (_("住址"), "address")]
    hidden = [(label, name) for label, name in closed if getattr(found, name)]
    manage = policies.persons.can_on(request.user, policies.MANAGE, found)
    context = {"person": found, "rows": rows, "facts": [fact for fact in facts if fact[1]], "hidden": hidden, "manage": manage}
    return render(request, "people/person.html", context)


def person_new(request: HttpRequest, place: str) -> HttpResponseBase:
    """Enter a person with the first post."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    policies.persons.require(request.user, policies.MANAGE)
    form = NewPersonForm(request.POST or None, **_choices(request, here))

    def save() -> Person:
        first = form.appointment(_org(request, here, form.cleaned_data["org"]))
        return services.person_create(place=here, actor=request.actor, first=first, **form.values(), **form.particulars())  # type: ignore[attr-defined]

    return _saved(request, form, save, _("新增人员"), reverse("people:people", kwargs={"place": here.slug}))


def person_edit(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Change what is known of a person."""
    found = _person(request, policies.MANAGE, pk)
    start = {name: getattr(found, name) for name in ("name", "sex", "birth", "note", "version", "id_kind", "ethnic", "former_name")}
    form = PersonForm(request.POST or None, initial=start, person=found)

    def save() -> Person:
        version = form.cleaned_data["version"] or 0
        return services.person_change(person=found, version=version, actor=request.actor, **form.values(), **form.particulars())  # type: ignore[attr-defined]

    return _saved(request, form, save, _("修改资料"), _url(found.place, found))


def post_new(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Put a person into a further post."""
    found = _person(request, policies.MANAGE, pk)
    form = AppointmentForm(request.POST or None, **_choices(request, found.place))

    def save() -> Person:
        to = form.appointment(_org(request, found.place, form.cleaned_data["org"]))
        return services.post_appoint(person=found, to=to, actor=request.actor).person  # type: ignore[attr-defined]

    return _saved(request, form, save, _("新任职务"), _url(found.place, found))


def post_end(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """End one post."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    mine = policies.posts.visible(request.user, policies.MANAGE, Post.objects.filter(person__place=here))
    post = get_object_or_404(mine.select_related("person__place", "org"), pk=pk)
    form = EndForm(request.POST or None, initial={"version": post.version, "day": timezone.localdate()})

    def save() -> Person:
        data = form.cleaned_data
        services.post_end(post=post, version=data["version"], day=data["day"], actor=request.actor, reason=data["reason"])  # type: ignore[attr-defined]
        return post.person

    return _saved(request, form, save, _("结束任职"), _url(here, post.person))


def _saved(request: HttpRequest, form: BaseForm, save: Callable[[], Person], title: Any, back: str) -> HttpResponseBase:
    """Save and go to the person, or show the form with what is wrong and all that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            done = save()
        except XingtanError as refused:
            onto_form(form, refused.issues)
        else:
            messages.success(request, words(_("已保存。")))
            return redirect("people:person", place=done.place.slug, pk=done.pk)
    return render(request, "people/form.html", {"form": form, "title": title, "back": back}, status=status(form))


def _person(request: HttpRequest, action: str, pk: int) -> Person:
    """A person of this place on whom the account may do `action`; 404 for anybody else."""
    here: Place = request.scope.place  # type: ignore[attr-defined]
    seen = policies.persons.visible(request.user, action, Person.objects.filter(place=here))
    return get_object_or_404(seen.select_related("place"), pk=pk)


def _managed(request: HttpRequest, place: Place) -> Any:
    """Open organisations at which the account may appoint."""
    open_orgs = Organisation.objects.filter(place=place, closed=None)
    return org_policies.organisations.visible(request.user, policies.MANAGE, open_orgs)


def _choices(request: HttpRequest, place: Place) -> dict[str, list[tuple[str, str]]]:
    allowed = set(_managed(request, place).values_list("pk", flat=True))
    orgs = [(node.code, f"{'　' * node.depth}{node.name}") for node in tree(place) if node.pk in allowed]
    return {"orgs": orgs, "posts": list(selectors.post_titles(place).items())}


def _org(request: HttpRequest, place: Place, code: str) -> Organisation:
    org: Organisation = get_object_or_404(_managed(request, place).select_related("place"), code=code)
    return org
