"""Two clerks at one person: one of them is told, whatever the database. And what the log keeps holds no identity number."""

from __future__ import annotations

import io
import threading
from datetime import date
from zipfile import ZipFile

import pytest
from django.db import connection
from tests.apps.pupils.helpers import citizen_number
from tests.cast import ACTOR, make_cast, make_person

from xingtan.apps.base.audit.models import Event
from xingtan.apps.base.people.services import person_create
from xingtan.apps.base.staff.models import Employment
from xingtan.apps.base.staff.services import employment
from xingtan.apps.base.staff.services.employment import Terms
from xingtan.kernel.errors import XingtanError


@pytest.mark.django_db(transaction=True)
def test_two_schools_that_employ_one_person_at_once_employ_him_once() -> None:
    cast = make_cast()
    person = make_person(cast.school, "文静", "teacher")
    gate, refused = threading.Barrier(2), []

    def employ(code: str) -> None:
        gate.wait()
        try:
            employment.begin(person=person, terms=Terms(cast.org(code), "在编", "专任教师"), day=date(2015, 9, 1), actor=ACTOR)
        except XingtanError as error:
            refused.extend(issue.code for issue in error.issues)
        finally:
            connection.close()

    threads = [threading.Thread(target=employ, args=(code,)) for code in ("XS-11", "XS-21")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["staff.employed"]
    assert Employment.objects.count() == 1


def test_a_file_shows_masks_only(cast, client_of) -> None:
    number = citizen_number(date(1980, 5, 4), "女")
    person = person_create(place=cast.place, name="文静", id_kind="居民身份证", id_number=number, phone="13812345678", actor=ACTOR)
    employment.begin(person=person, terms=Terms(cast.school, "在编", "专任教师"), day=date(2015, 9, 1), actor=ACTOR)
    client = client_of("statistician")
    page = client.get(f"/p/xishan/staff/{person.pk}/").content.decode()
    assert "138" in page
    assert number not in page
    assert "13812345678" not in page
    for kind in ("xlsx", "docx"):
        parts = ZipFile(io.BytesIO(client.get(f"/p/xishan/staff/{person.pk}/file.{kind}").content))
        assert not any(number.encode() in parts.read(name) for name in parts.namelist())
    assert not any(number in f"{event.before}{event.after}" for event in Event.objects.all())
