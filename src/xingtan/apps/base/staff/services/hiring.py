"""Take on somebody whom nobody has entered yet: the person and the first employment in one transaction."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.people.services import person_create
from xingtan.apps.base.staff.models import Employment
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from . import employment
from .employment import Terms


def hire(*, place: Place, name: str, terms: Terms, day: date, actor: Actor, sex: str = "", birth: date | None = None) -> Employment:
    """Refused, with all reasons of both, when somebody of the name and birth date is known already: one person is entered once for life."""
    issues = [*_known(place, name.strip(), birth), *employment.faults(place, terms, day)]
    with transaction.atomic():
        try:
            person = person_create(place=place, name=name, sex=sex, birth=birth, actor=actor)
        except XingtanError as refused:
            raise XingtanError((*refused.issues, *issues)) from None
        if issues:
            raise XingtanError(issues)
        return employment.begin(person=person, terms=terms, day=day, actor=actor)


def _known(place: Place, name: str, birth: date | None) -> list[Issue]:
    if birth is None or not Person.objects.filter(place=place, name=name, birth=birth).exists():
        return []
    message = T("已有同名同生日的人员“%(name)s”", name=name)
    return [error("staff.known", message, Where(field="name"), T("打开他的业务档案，从那里聘用；确是两个人的，先核对出生日期"))]
