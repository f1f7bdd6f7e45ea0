from __future__ import annotations

from django.urls import path

from .views import batches, children, classes, moves, pupil, roll, sweeps, transfers

app_name = "pupils"
urlpatterns = [
    path("p/<slug:place>/pupils/", roll.pupils, name="pupils"),
    path("p/<slug:place>/pupils/new/", pupil.pupil_new, name="pupil_new"),
    path("p/<slug:place>/pupils/acts/", roll.acts, name="acts"),
    path("p/<slug:place>/pupils/acts/<int:pk>/", moves.act, name="act"),
    path("p/<slug:place>/pupils/acts/<int:pk>/file/", moves.act_file, name="act_file"),
    path("p/<slug:place>/pupils/batches/", batches.batches, name="batches"),
    path("p/<slug:place>/pupils/batches/<slug:kind>/", batches.batch, name="batch"),
    path("p/<slug:place>/pupils/duplicates/", batches.duplicates, name="duplicates"),
    path("p/<slug:place>/pupils/duplicates/<int:first>/<int:second>/", batches.merge, name="merge"),
    path("p/<slug:place>/pupils/merges/<int:pk>/undo/", batches.unmerge, name="unmerge"),
    path("p/<slug:place>/pupils/transfers/", transfers.transfers, name="transfers"),
    path("p/<slug:place>/pupils/transfers/ask/", transfers.transfer_ask, name="transfer_ask"),
    path("p/<slug:place>/pupils/transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("p/<slug:place>/pupils/transfers/<int:pk>/file/", transfers.transfer_file, name="transfer_file"),
    path("p/<slug:place>/pupils/<int:pk>/", pupil.pupil, name="pupil"),
    path("p/<slug:place>/pupils/<int:pk>/edit/", pupil.pupil_edit, name="pupil_edit"),
    path("p/<slug:place>/pupils/<int:pk>/guardians/", pupil.guardians, name="guardians"),
    path("p/<slug:place>/pupils/<int:pk>/transfer/", transfers.transfer_new, name="transfer_new"),
    path("p/<slug:place>/pupils/<int:pk>/flags/new/", pupil.flag_new, name="flag_new"),
    path("p/<slug:place>/pupils/<int:pk>/move/<slug:verb>/", moves.move, name="move"),
    path("p/<slug:place>/pupils/flags/<int:pk>/end/", pupil.flag_over, name="flag_end"),
    path("p/<slug:place>/classes/", classes.classes, name="classes"),
    path("p/<slug:place>/classes/new/", classes.class_new, name="class_new"),
    path("p/<slug:place>/classes/<int:pk>/", classes.school_class, name="class"),
    path("p/<slug:place>/classes/<int:pk>/edit/", classes.class_edit, name="class_edit"),
    path("p/<slug:place>/classes/<int:pk>/close/", classes.class_end, name="class_close"),
    path("p/<slug:place>/children/", children.children, name="children"),
    path("p/<slug:place>/children/new/", children.child_new, name="child_new"),
    path("p/<slug:place>/children/upload/", children.child_sheet, name="child_sheet"),
    path("p/<slug:place>/children/missing/", children.gone, name="missing"),
    path("p/<slug:place>/children/match/", children.match, name="match"),
    path("p/<slug:place>/children/<int:pk>/", children.child, name="child"),
    path("p/<slug:place>/children/<int:pk>/off/", children.child_off, name="child_off"),
    path("p/<slug:place>/sweeps/", sweeps.sweeps, name="sweeps"),
    path("p/<slug:place>/sweeps/new/", sweeps.sweep_new, name="sweep_new"),
    path("p/<slug:place>/sweeps/<int:pk>/", sweeps.sweep, name="sweep"),
    path("p/<slug:place>/sweeps/lines/<int:pk>/", sweeps.line, name="line"),
]
