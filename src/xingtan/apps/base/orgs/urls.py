from __future__ import annotations

from django.urls import path

from . import act_views, views

app_name = "orgs"
urlpatterns = [
    path("p/<slug:place>/orgs/", views.tree, name="tree"),
    path("p/<slug:place>/orgs/<str:code>/", views.profile, name="profile"),
    path("p/<slug:place>/org-acts/", act_views.acts, name="acts"),
    path("p/<slug:place>/org-acts/<int:pk>/", act_views.act_detail, name="act_detail"),
    path("p/<slug:place>/org-acts/new/<slug:kind>/", act_views.act, name="act"),
]
