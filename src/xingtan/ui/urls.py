from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from xingtan.ui import views

app_name = "ui"
urlpatterns = [
    path("p/<slug:place>/pick/<slug:what>/", views.pick, name="pick"),
    # Browsers ask for it unasked wherever a page names no icon: files, pieces, pictures.
    path("favicon.ico", login_not_required(RedirectView.as_view(url=lazy(static, str)("ui/icon.svg"))), name="favicon"),
]
