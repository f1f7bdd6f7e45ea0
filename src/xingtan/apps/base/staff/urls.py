from __future__ import annotations

from django.urls import path

from .views import acts, establishment, file, lists, teaching

app_name = "staff"
urlpatterns = [
    path("p/<slug:place>/staff/", lists.staff, name="staff"),
    path("p/<slug:place>/staff/titles/", lists.titles, name="titles"),
    path("p/<slug:place>/staff/secondments/", lists.secondments, name="secondments"),
    path("p/<slug:place>/staff/establishment/", establishment.establishment, name="establishment"),
    path("p/<slug:place>/staff/new/", acts.hire, name="hire"),
    path("p/<slug:place>/staff/<int:pk>/", file.file, name="file"),
    path("p/<slug:place>/staff/<int:pk>/file.<slug:kind>", file.file_out, name="file_out"),
    path("p/<slug:place>/staff/<int:pk>/<slug:verb>/", acts.add, name="add"),
    path("p/<slug:place>/staff/<slug:thing>/<int:pk>/<slug:verb>/", acts.do, name="do"),
    path("p/<slug:place>/teaching/", teaching.overview, name="teaching"),
    path("p/<slug:place>/teaching/loads/", teaching.loads, name="loads"),
    path("p/<slug:place>/teaching/class/<int:pk>/", teaching.timetable, name="timetable"),
    path("me/file/", file.own, name="own"),
]
