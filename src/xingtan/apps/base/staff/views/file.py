"""The business file of one person (一人一档), on a page and to take along."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff import dossier, policies, printing
from xingtan.apps.base.staff.services.taking import file_taken
from xingtan.apps.base.staff.views import common
from xingtan.ui.downloads import DOCX, PDF, XLSX, download

SEALED = (("id_number", gettext_lazy("证件号码")), ("phone", gettext_lazy("电话")))
KINDS = {"xlsx": (printing.workbook, XLSX), "docx": (printing.docx, DOCX), "pdf": (printing.pdf, PDF)}


def file(request: HttpRequest, place: str, pk: int) -> HttpResponseBase:
    """Everything that is kept of a person, as far as the reader may see it."""
    person = common.person_of(request, policies.VIEW, pk)
    manage = policies.files.can_on(request.user, policies.MANAGE, person)
    context = {
        "person": person, "facts": printing.facts(person, timezone.localdate()), "manage": manage, "own": _is_own(request, person),
        "sections": [_drawn(person, section, manage) for section in dossier.sections(request.user, person)],
        "hidden": [(label, name) for name, label in SEALED if getattr(person, name)],
        "kinds": [(name, common.url(person.place, "file_out", pk=person.pk, kind=name)) for name in KINDS],
    }  # fmt: skip
    return render(request, "staff/file.html", context)


def file_out(request: HttpRequest, place: str, pk: int, kind: str) -> HttpResponseBase:
    """The file to take along, exactly as far as its reader may see it."""
    if kind not in KINDS:
        raise Http404(kind)
    person = common.person_of(request, policies.VIEW, pk)
    make, content_type = KINDS[kind]
    file_taken(actor=request.actor, person=person, kind=kind)  # type: ignore[attr-defined]
    data = make(person, dossier.sections(request.user, person), str(request.user))
    return download(data, f"{person.name}{_('业务档案')}.{kind}", content_type)


def own(request: HttpRequest) -> HttpResponseBase:
    """Lead to the reader's own file; an account that stands for nobody is told so."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "staff/nobody.html")
    return redirect("staff:file", place=person.place.slug, pk=person.pk)


def _is_own(request: HttpRequest, person: Person) -> bool:
    return getattr(request.user, "person_id", None) == person.pk


def _drawn(person: Person, section: dossier.Section, manage: bool) -> dict[str, Any]:
    """A section as the template draws it: each entry with the addresses of what may be done to it."""
    lines = []
    for line in section.lines:
        acts = [
            (label, common.url(person.place, "do", thing=line.thing, pk=line.pk, verb=verb))
            for verb, label in section.acts
            if manage and line.open
        ]
        lines.append({"cells": [(head, cell) for head, cell in zip(section.heads, line.cells, strict=True)], "url": line.url, "acts": acts})
    add = common.url(person.place, "add", pk=person.pk, verb=section.verb) if manage and section.verb else ""
    return {"section": section, "lines": lines, "add": add, "acts": any(line["acts"] for line in lines)}
