from __future__ import annotations

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("p/<slug:place>/audit/", views.log, name="log"),
    path("p/<slug:place>/audit/reveals/", views.reveals, name="reveals"),
    path("p/<slug:place>/audit/of/<str:kind>/<str:key>/", views.history, name="history"),
    path("p/<slug:place>/audit/check/", views.check, name="check"),
    path("p/<slug:place>/audit/<int:sequence>/", views.event, name="event"),
    path("audit/", views.log, name="installation"),
    path("audit/check/", views.check, name="installation_check"),
    path("audit/<int:sequence>/", views.event, name="installation_event"),
]
