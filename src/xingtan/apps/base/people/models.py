"""Persons and the posts they hold, from one day to another. What identifies or reaches a person is sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import EVER, FOREVER, DatedQuerySet, Organisation, Place
from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.masks import Kind

from . import identity


class Person(models.Model):
    """A person known to one place, once for life: pupil first, perhaps, and on the staff later."""

    class Sex(models.TextChoices):
        UNKNOWN = "", _("未填")
        MALE = "男", _("男")
        FEMALE = "女", _("女")

    class IdKind(models.TextChoices):
        UNKNOWN = "", _("未填")
        RESIDENT = identity.RESIDENT, _("居民身份证")
        HONG_KONG = "香港特区护照或身份证明", _("香港特区护照或身份证明")
        MACAO = "澳门特区护照或身份证明", _("澳门特区护照或身份证明")
        TAIWAN = "台湾居民来往大陆通行证", _("台湾居民来往大陆通行证")
        RESIDENCE = "境外永久居住证", _("境外永久居住证")
        PASSPORT = "护照", _("护照")
        HOUSEHOLD = "户口簿", _("户口簿")
        OTHER = "其他", _("其他")

    place = models.ForeignKey(Place, models.PROTECT, related_name="persons")
    name = models.CharField(_("姓名"), max_length=64)
    initials = models.CharField(max_length=64, blank=True, default="", editable=False)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True, default="")
    birth = models.DateField(_("出生日期"), null=True, blank=True)
    id_kind = models.CharField(_("证件类型"), max_length=24, choices=IdKind, blank=True, default="")
    id_number = SealedField(_("证件号"), kind=Kind.ID_NUMBER, max_chars=identity.LIMITS["id_number"])
    id_number_index = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    ethnic = models.CharField(_("民族"), max_length=identity.LIMITS["ethnic"], blank=True, default="")
    former_name = models.CharField(_("曾用名"), max_length=identity.LIMITS["former_name"], blank=True, default="")
    phone = SealedField(_("电话"), kind=Kind.PHONE, max_chars=identity.LIMITS["phone"])
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True)
    address = SealedField(_("住址"), kind=Kind.ADDRESS, max_chars=identity.LIMITS["address"])
    # Who this person turned out to be: a merged person keeps its row, and its number no longer counts.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False)
    note = models.TextField(_("备注"), blank=True, default="")
    version = models.PositiveIntegerField(default=1)  # two people on one record: the second one is told

    class Meta:
        verbose_name = _("人员")
        ordering = ["initials", "name", "pk"]
        indexes = [models.Index(fields=["place", "name"], name="people_person_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "id_number_index"],
                condition=~Q(id_number_index="") & Q(merged_into__isnull=True),
                name="people_person_one_number",
            ),
        ]

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
