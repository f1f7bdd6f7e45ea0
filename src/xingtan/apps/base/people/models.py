"""Persons and the posts they hold, from one day to another. No identity numbers are kept here."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import EVER, FOREVER, DatedQuerySet, Organisation, Place


class Person(models.Model):
    """A person known to one place."""

    class Sex(models.TextChoices):
        UNKNOWN = "", _("未填")
        MALE = "男", _("男")
        FEMALE = "女", _("女")

    place = models.ForeignKey(Place, models.PROTECT, related_name="persons")
    name = models.CharField(_("姓名"), max_length=64)
    initials = models.CharField(max_length=64, blank=True, default="", editable=False)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True, default="")
    birth = models.DateField(_("出生日期"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True, default="")
    version = models.PositiveIntegerField(default=1)  # two people on one record: the second one is told

    class Meta:
        verbose_name = _("人员")
        ordering = ["initials", "name", "pk"]
        indexes = [models.Index(fields=["place", "name"], name="people_person_name")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person in a post at an organisation. `post` is the id of a post in the place's pack; valid_from ≤ day < valid_to."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    post = models.CharField(_("职务"), max_length=48)
    valid_from = models.DateField(_("任职日期"), default=EVER)
    valid_to = models.DateField(_("免职日期"), default=FOREVER)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        ordering = ["-valid_from", "pk"]
        constraints = [
            # An appointment ended on the day it began was never in force: its span is empty, its row stays.
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="people_post_span"),
            models.UniqueConstraint(fields=["person", "org", "post"], condition=Q(valid_to=FOREVER), name="people_post_one_open"),
        ]
        indexes = [models.Index(fields=["org", "post", "valid_to"], name="people_post_holders")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post}"
