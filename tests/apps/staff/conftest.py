from __future__ import annotations

from datetime import date

import pytest
from tests.cast import ACTOR, Cast, make_person

from xingtan.apps.base.people.models import Person
from xingtan.apps.base.staff.services import employment, secondment, standing
from xingtan.apps.base.staff.services.employment import Terms
from xingtan.apps.base.staff.services.secondment import Loan
from xingtan.apps.base.staff.services.standing import Paper, Title

ON = date(2009, 9, 1)


def employ(cast: Cast, name: str, code: str, birth: date | None = None, day: date = ON, **more: str) -> Person:
    """Somebody employed at an organisation since a day."""
    person = make_person(cast.org(code), name, "teacher")
    if birth is not None:
        Person.objects.filter(pk=person.pk).update(birth=birth)
        person.refresh_from_db()
    terms = Terms(cast.org(code), **{"establishment": "在编", "category": "专任教师", "stage": "初中", "subject": "语文", **more})
    employment.begin(person=person, terms=terms, day=day, actor=ACTOR)
    return person


@pytest.fixture
def staffroom(cast: Cast) -> dict[str, Person]:
    """Three teachers of two schools with degrees, titles, a secondment."""
    wen = employ(cast, "文静", "XS-11", date(1970, 5, 4))
    shu = employ(cast, "舒远", "XS-11", date(1990, 1, 1), subject="数学", establishment="特岗")
    yin = employ(cast, "殷悦", "XS-21", date(1959, 12, 31), subject="音乐")
    for person, level in ((wen, "本科"), (shu, "专科")):
        standing.credential_add(person=person, paper=Paper("degree", level), day=date(2008, 7, 1), actor=ACTOR)
    standing.credential_add(person=shu, paper=Paper("certificate", "初级中学教师资格", "语文"), day=date(2008, 7, 1), actor=ACTOR)
    for person, level in ((wen, "县级"), (wen, "州级"), (yin, "县级")):
        standing.title_award(person=person, title=Title("骨干教师", level), day=date(2010, 1, 1), actor=ACTOR)
    standing.title_award(person=wen, title=Title("职称", rank="一级"), day=date(2011, 1, 1), actor=ACTOR)
    standing.team_join(person=wen, team="骨干型", day=ON, actor=ACTOR)
    loan = Loan("支教", cast.org("XS-11"), cast.org("XS-21"), role="骨干教师", contract="帮扶合同")
    secondment.begin(person=wen, loan=loan, day=date(2012, 9, 1), until=date(2013, 7, 10), actor=ACTOR)
    return {"wen": wen, "shu": shu, "yin": yin}
