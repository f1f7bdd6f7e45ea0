"""Classes and the dated spells of enrolment. All spans are half-open: valid_from ≤ day < valid_to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import FOREVER, DatedQuerySet, Organisation, Place
from xingtan.apps.base.people.models import Person

from .who import Pupil


class SchoolClass(models.Model):
    """A class (班级) for its whole life. Its grade follows from the school year in which it began the stage (`pupils.grades.grade_on`).

    `stage` is a word of the pack's code table; `entry_year` the first calendar year of that school year; `number` counts the classes of a
    school, stage and year; `title` is what the school calls it, "" for the usual name made of grade and number.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="classes")
    stage = models.CharField(_("学段"), max_length=16)
    entry_year = models.PositiveSmallIntegerField(_("入学年份"))
    number = models.PositiveSmallIntegerField(_("班号"))
    title = models.CharField(_("班名"), max_length=40, blank=True, default="")
    head = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="classes_headed")
    valid_from = models.DateField(_("开班日期"))
    valid_to = models.DateField(_("撤班日期"), default=FOREVER)
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("班级")
        ordering = ["school", "stage", "-entry_year", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="pupils_class_span"),
            models.UniqueConstraint(
                fields=["school", "stage", "entry_year", "number"], condition=Q(valid_to=FOREVER), name="pupils_class_number"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.stage} {self.entry_year}-{self.number}"


class Enrolment(models.Model):
    """A pupil at a school from one day to another, unchanged in all columns. Two spells of a pupil never share a day.

    A spell with an empty span was never in force: it was undone. `grade` counts within the stage from 1. `residence` and `entry_mode`
    are those of the time, so that a rate of last year does not change when a family moves today.
    """

    class Status(models.TextChoices):
        PRESENT = "在读", _("在读")
        SUSPENDED = "休学", _("休学")

    place = models.ForeignKey(Place, models.PROTECT, related_name="enrolments")  # the school's place: one column to find a county's roll by
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="spells")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments")
    stage = models.CharField(_("学段"), max_length=16)
    grade = models.PositiveSmallIntegerField(_("年级"))
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="enrolments")
    seat = models.CharField(_("班内学号"), max_length=16, blank=True, default="")
    boarding = models.BooleanField(_("住校"), null=True, blank=True)
    residence = models.CharField(_("城乡"), max_length=8, blank=True, default="")
    entry_mode = models.CharField(_("入学方式"), max_length=24, blank=True, default="")
    status = models.CharField(_("状态"), max_length=4, choices=Status, default=Status.PRESENT)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), default=FOREVER)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("在籍")
        ordering = ["pupil", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="pupils_spell_span"),
            models.UniqueConstraint(fields=["pupil"], condition=Q(valid_to=FOREVER), name="pupils_spell_one_open"),
        ]
        indexes = [
            models.Index(fields=["pupil", "valid_from"], name="pupils_spell_pupil"),
            # Wide enough to count a list under any of its own filters without reading the rows.
            models.Index(
                fields=["place", "valid_to", "valid_from", "stage", "grade", "status", "boarding", "residence"], name="pupils_spell_place"
            ),
            models.Index(fields=["school", "valid_to", "valid_from", "stage", "grade"], name="pupils_spell_school"),
            models.Index(fields=["school_class", "valid_to"], name="pupils_spell_class"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.valid_from}"
