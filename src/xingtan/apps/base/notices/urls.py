from __future__ import annotations

from django.urls import URLPattern, path

from xingtan.apps.base.notices import views

app_name = "notices"
urlpatterns: list[URLPattern] = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.follow, name="follow"),
]
