"""Every address of the system. An address that the access test does not know is a failing test (tests/architecture)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("xingtan.apps.face.desk.urls")),
    path("", include("xingtan.apps.base.access.urls")),
    path("", include("xingtan.apps.base.orgs.urls")),
    path("", include("xingtan.apps.base.people.urls")),
    path("", include("xingtan.apps.base.audit.urls")),
    path("", include("xingtan.apps.base.jobs.urls")),
    path("", include("xingtan.apps.base.notices.urls")),
    path("", include("xingtan.apps.base.pupils.urls")),
    path("", include("xingtan.apps.base.staff.urls")),
    path("", include("xingtan.apps.record.ledgers.urls")),
    path("", include("xingtan.apps.record.imports.urls")),
    path("", include("xingtan.apps.record.figures.urls")),
    path("", include("xingtan.apps.record.staffing.urls")),
    path("", include("xingtan.apps.desks.aid.urls")),
    path("", include("xingtan.apps.desks.cohorts.urls")),
    path("", include("xingtan.apps.desks.compare.urls")),
    path("", include("xingtan.apps.face.reports.urls")),
    path("", include("xingtan.ui.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
handler400 = "xingtan.ui.errors.bad_request"
handler403 = "xingtan.ui.errors.forbidden"
handler404 = "xingtan.ui.errors.not_found"
handler500 = "xingtan.ui.errors.server_error"
