from __future__ import annotations

from django.urls import path

from . import views

app_name = "compare"
urlpatterns = [
    path("p/<slug:place>/compare/", views.grid, name="grid"),
    path("p/<slug:place>/compare/views/save/", views.save, name="save"),
    path("p/<slug:place>/compare/views/<int:pk>/remove/", views.remove, name="remove"),
    path("p/<slug:place>/compare/series/", views.series, name="series"),
    path("p/<slug:place>/equity/", views.equity, name="equity"),
]
