from __future__ import annotations

from django.urls import path

from xingtan.ui import views

app_name = "ui"
urlpatterns = [path("p/<slug:place>/pick/<slug:what>/", views.pick, name="pick")]
