from __future__ import annotations

from django.urls import path

from . import views, views_record

app_name = "ledgers"
urlpatterns = [
    path("p/<slug:place>/ledgers/", views.index, name="index"),
    path("p/<slug:place>/ledgers/<slug:ledger>/", views.listing, name="list"),
    path("p/<slug:place>/ledgers/<slug:ledger>/template/", views.template, name="template"),
    path("p/<slug:place>/ledgers/<slug:ledger>/nil/", views.nil, name="nil"),
    path("p/<slug:place>/ledgers/<slug:ledger>/withdraw/", views.withdraw_many, name="withdraw_many"),
    path("p/<slug:place>/ledgers/<slug:ledger>/draft/", views.draft, name="draft"),
    path("p/<slug:place>/ledgers/<slug:ledger>/new/", views_record.create, name="new"),
    path("p/<slug:place>/ledgers/<slug:ledger>/<int:pk>/", views_record.detail, name="record"),
    path("p/<slug:place>/ledgers/<slug:ledger>/<int:pk>/edit/", views_record.edit, name="edit"),
    path("p/<slug:place>/ledgers/<slug:ledger>/<int:pk>/doubt/", views_record.doubt, name="doubt"),
    path("p/<slug:place>/ledgers/<slug:ledger>/<int:pk>/withdraw/", views_record.withdraw, name="withdraw"),
]
