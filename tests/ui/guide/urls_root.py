from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from xingtan.ui import errors

urlpatterns = [
    path("", include("tests.ui.guide.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
handler404 = errors.not_found
handler500 = errors.server_error
