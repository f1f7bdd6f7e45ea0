from __future__ import annotations

from django.urls import path

from . import views

app_name = "figures"
urlpatterns = [
    path("p/<slug:place>/indicators/", views.index, name="index"),
    path("p/<slug:place>/indicators/<slug:indicator>/", views.figure, name="figure"),
    path("p/<slug:place>/indicators/<slug:indicator>/rows/", views.rows, name="rows"),
    path("p/<slug:place>/snapshots/", views.snapshots, name="snapshots"),
    path("p/<slug:place>/snapshots/new/", views.snapshot_new, name="snapshot_new"),
    path("p/<slug:place>/snapshots/refresh/", views.snapshot_refresh, name="snapshot_refresh"),
    path("p/<slug:place>/snapshots/<str:name>/verify/", views.snapshot_verify, name="snapshot_verify"),
]
