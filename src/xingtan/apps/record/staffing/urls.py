from __future__ import annotations

from django.urls import path

from . import views

app_name = "staffing"
urlpatterns = [
    path("p/<slug:place>/sheets/<slug:kind>/", views.upload, name="upload"),
    path("p/<slug:place>/sheets/<slug:kind>/confirm/", views.confirm, name="confirm"),
    path("p/<slug:place>/sheets/<slug:kind>/template/", views.template, name="template"),
]
