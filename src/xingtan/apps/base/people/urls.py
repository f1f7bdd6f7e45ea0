from __future__ import annotations

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("p/<slug:place>/people/", views.people, name="people"),
    path("p/<slug:place>/people/new/", views.person_new, name="person_new"),
    path("p/<slug:place>/people/<int:pk>/", views.person, name="person"),
    path("p/<slug:place>/people/<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("p/<slug:place>/people/<int:pk>/appoint/", views.post_new, name="post_new"),
    path("p/<slug:place>/posts/<int:pk>/end/", views.post_end, name="post_end"),
]
