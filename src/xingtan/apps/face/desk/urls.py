from __future__ import annotations

from django.urls import path

from . import pack_views, views

app_name = "desk"
urlpatterns = [
    path("", views.start, name="start"),
    path("p/<slug:place>/", views.home, name="home"),
    path("p/<slug:place>/search/", views.search, name="search"),
    path("p/<slug:place>/pack/", pack_views.overview, name="pack"),
    path("p/<slug:place>/pack/check/", pack_views.findings, name="pack_check"),
    path("p/<slug:place>/pack/activate/", pack_views.activate, name="pack_activate"),
    path("p/<slug:place>/pack/<slug:collection>/", pack_views.collection, name="pack_collection"),
    path("p/<slug:place>/pack/<slug:collection>/<slug:item>/", pack_views.item, name="pack_item"),
]
