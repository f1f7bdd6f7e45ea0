from __future__ import annotations

from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("p/<slug:place>/reports/", views.index, name="index"),
    path("p/<slug:place>/reports/new/", views.new, name="new"),
    path("p/<slug:place>/reports/<int:pk>/", views.report, name="report"),
    path("p/<slug:place>/reports/<int:pk>/frame/", views.frame, name="frame"),
    path("p/<slug:place>/reports/<int:pk>/refresh/", views.refresh, name="refresh"),
    path("p/<slug:place>/reports/<int:pk>/issue/", views.issue, name="issue"),
    path("p/<slug:place>/reports/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("p/<slug:place>/reports/<int:pk>/file/<slug:kind>/", views.file, name="file"),
]
