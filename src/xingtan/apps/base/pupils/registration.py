"""What the app hangs into the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.access import unmask
from xingtan.apps.base.audit import history
from xingtan.apps.base.orgs import residents
from xingtan.ui import nav, search

from . import audit_words, datasets, policies, stamps
from .finding import find
from .forms import WHO
from .models import Child, Flag, Guardian, Pupil, Transfer
from .residents import PupilResidents
from .trail import hang

PUPIL: Mapping[str, str] = {
    "id_number": "id_number", "phone": "phone", "address": "address", "health": "health", "disability": "health", "home_address": "address",
    "mail_address": "address",
}  # fmt: skip
CHILD: Mapping[str, str] = {"id_number": "id_number", "guardian": "guardian", "phone": "phone"}


def register() -> None:
    """Once, when the app starts."""
    residents.register_settler(PupilResidents())
    stamps.watch()
    datasets.register()
    hang()
    audit_words.register()
    nav.register(nav.Entry(12, _("学生"), "pupils:pupils", policies.VIEW, "people", count=waiting))
    nav.register(nav.Entry(13, _("班级"), "pupils:classes", policies.VIEW, "tree"))
    nav.register(nav.Entry(14, _("适龄儿童"), "pupils:children", policies.VIEW, "person"))
    search.register("pupils", search.Provider(15, _("学生"), find))
    history.register("people.person", _pupils)
    history.register("pupils.pupil", _persons)
    _unmask()


def waiting(request: HttpRequest) -> int:
    """Transfers that wait for the reader's answer."""
    if not policies.transfers.can(request.user, policies.TRANSFER):
        return 0
    mine = policies.schools_of(request.user, policies.TRANSFER)
    rows = Transfer.objects.filter(state=Transfer.State.PROPOSED)
    answering = [row for row in rows.values_list("source", "target", "proposer") if row[0] in mine or row[1] in mine]
    return sum((source if proposer == target else target) in mine for source, target, proposer in answering)


def _pupils(key: str) -> list[tuple[str, str]]:
    """The school record of a person: its events belong to his history, and the other way round."""
    return [("pupils.pupil", str(pk)) for pk in Pupil.objects.filter(person_id=key).values_list("pk", flat=True)]


def _persons(key: str) -> list[tuple[str, str]]:
    return [("people.person", str(pk)) for pk in Pupil.objects.filter(pk=key).values_list("person", flat=True)]


def _unmask() -> None:
    view = policies.VIEW
    unmask.register(Pupil, policies.current, action=view, fields=PUPIL, url=_page, read=_read, name="pupil")
    unmask.register(
        Guardian, policies.guardians, action=view, fields={"name": "guardian", "phone": "phone"}, url=_his_page, place=_his_place
    )
    unmask.register(Flag, policies.flags, action=view, fields={"kind": "poverty"}, url=_his_page, place=_his_place)
    unmask.register(Child, policies.children, action=view, fields=CHILD, url=_child_page)


def _read(row: Pupil, field: str) -> Any:
    """A pupil's own sealed field, or his person's."""
    return getattr(row.person if field in WHO else row, field)


def _page(row: Pupil) -> str:
    return reverse("pupils:pupil", kwargs={"place": row.place.slug, "pk": row.pk})


def _his_page(row: Any) -> str:
    return _page(row.pupil)


def _his_place(row: Any) -> Any:
    return row.pupil.place


def _child_page(row: Child) -> str:
    return reverse("pupils:child", kwargs={"place": row.place.slug, "pk": row.pk})
