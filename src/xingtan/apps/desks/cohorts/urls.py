from __future__ import annotations

from django.urls import path

from . import views

app_name = "cohorts"
urlpatterns = [
    path("p/<slug:place>/cohorts/", views.index, name="index"),
    path("p/<slug:place>/cohorts/published/", views.published, name="published"),
]
