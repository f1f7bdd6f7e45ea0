"""An import in the browser: small files at once, big ones in the background."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.record.imports.helpers import csv

from xingtan.apps.base.jobs.models import Job
from xingtan.apps.base.jobs.registry import task_of
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.record.imports import tasks
from xingtan.apps.record.imports.models import Import
from xingtan.apps.record.ledgers.models import Batch
from xingtan.apps.record.ledgers.selectors import current

URL = "/p/xishan/ledgers/enrolment/import/"
GOOD = csv("XS-11,2008-2009,初中,300,2", "XS-12,2008-2009,小学,80余,0")


def upload(browser, data=GOOD, **more):
    return browser.post(URL, {"file": SimpleUploadedFile("在校生.csv", data), "org": "XS-11", "period": "", **more})


def test_from_the_file_to_the_ledger_and_back(cast, client_of):
    browser = client_of("town_officer")
    page = upload(browser)
    source = Import.objects.get()
    assert page.status_code == 302
    text = browser.get(page.url).content.decode()
    assert "还没有写入任何数据" in text
    assert "全部入账" in text
    browser.post(f"{page.url.split('?')[0]}confirm/")
    assert current(cast.place, "enrolment").count() == 2
    assert browser.post(f"/p/xishan/imports/{source.pk}/undo/", {"reason": "传错了"}).status_code == 302
    assert current(cast.place, "enrolment").count() == 0
    run("ledgers.tidy")
    assert Batch.objects.get().hidden is False
    assert current(cast.place, "enrolment").count() == 0


def run(kind: str) -> None:
    """Do what a worker would do."""
    job = Job.objects.filter(kind=kind).latest("pk")
    job.state, job.attempts = "running", 1
    job.save()
    task_of(kind).handler(Run(job))


def test_big_files_are_read_and_written_by_jobs(cast, client_of, monkeypatch):
    monkeypatch.setattr(tasks, "SMALL", 0)
    browser = client_of("town_officer")
    page = upload(browser)
    assert Import.objects.get().state == "reading"
    assert "progress" in browser.get(page.url).content.decode()
    run("imports.read")
    source = Import.objects.get()
    assert source.state == "preview"
    browser.post(f"/p/xishan/imports/{source.pk}/confirm/")
    assert current(cast.place, "enrolment").count() == 0
    for _ in range(2):  # a job that was thought dead and runs again does no harm
        run("imports.run")
        assert current(cast.place, "enrolment").count() == 2
    assert Import.objects.get().state == "done"


@pytest.mark.parametrize(("data", "word"), [(b"", "文件是空的"), (b"%PDF-1.4", "这是 PDF 文件"), (b"PK\x03\x04", "压缩包")])
def test_a_file_that_is_no_sheet_is_refused_beside_the_field_with_the_remedy(cast, client_of, data, word):
    page = upload(client_of("clerk"), data)
    assert page.status_code == 422
    assert word in page.content.decode()
    assert Import.objects.count() == 0


def test_columns_can_be_matched_by_hand(cast, client_of):
    browser = client_of("clerk")
    upload(browser, csv("XS-11,2008-2009,初中,300,2", head="单位,期间,学段,人头,辍学人数"))
    source = Import.objects.get()
    assert source.counts["faults"] == 1
    names = list(source.mapping)
    said = {f"h{n}": "f:pupils" if name == "人头" else source.mapping[name] for n, name in enumerate(names)}
    browser.post(f"/p/xishan/imports/{source.pk}/columns/", said)
    assert Import.objects.get().counts == {"rows": 1, "added": 1, "changed": 0, "same": 0, "refused": 0, "nil": 0, "faults": 0}


def test_the_marked_copy_comes_as_a_workbook(cast, client_of):
    browser = client_of("clerk")
    upload(browser, csv("没有的,2008-2009,初中,300,2"))
    page = browser.get(f"/p/xishan/imports/{Import.objects.get().pk}/marked/")
    assert page.content.startswith(b"PK")
    assert "xlsx" in page.headers["Content-Disposition"]


def test_an_import_for_another_school_is_nobody_elses(cast, client_of):
    upload(client_of("principal"))
    assert client_of("principal_west").get(f"/p/xishan/imports/{Import.objects.get().pk}/").status_code == 404


def test_rows_without_an_organisation_are_never_given_to_some_school(cast, client_of):
    browser = client_of("town_officer")
    upload(browser, csv(",2008-2009,初中,300,2", "XS-12,2008-2009,小学,80余,0"), org="")
    source = Import.objects.get()
    assert [(finding.code, finding.row) for finding in source.findings.all()] == [("org.blank", 2)]


def test_pages_of_imports_stand_under_the_ledgers(cast, client_of):
    import re

    text = client_of("clerk").get("/p/xishan/imports/").content.decode()
    (marked,) = re.findall(r'<a [^>]*aria-current="page"[^>]*>(.*?)</a>', text, re.DOTALL)
    assert "台账" in marked
