from __future__ import annotations

from django.urls import path

from . import views, views_roster

app_name = "imports"
urlpatterns = [
    path("p/<slug:place>/imports/", views.listing, name="list"),
    path("p/<slug:place>/ledgers/<slug:ledger>/import/", views.new, name="new"),
    path("p/<slug:place>/pupils/import/", views_roster.new, name="roster"),
    path("p/<slug:place>/pupils/import/template/", views_roster.template, name="roster_template"),
    path("p/<slug:place>/imports/<int:pk>/", views.show, name="import"),
    path("p/<slug:place>/imports/<int:pk>/columns/", views.remap, name="columns"),
    path("p/<slug:place>/imports/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("p/<slug:place>/imports/<int:pk>/undo/", views.undo, name="undo"),
    path("p/<slug:place>/imports/<int:pk>/discard/", views.discard, name="discard"),
    path("p/<slug:place>/imports/<int:pk>/marked/", views.marked, name="marked"),
]
