"""The county's list of children of school age (适龄儿童名册), held against the roll, and the sweeps before a term."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault.fields import SealedField

from .who import Pupil


class Child(models.Model):
    """A child on the list of one school year, under the organisation that keeps the list. `pupil` is who on the roll it was found to be."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="children_listed")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="children_listed")
    year = models.PositiveSmallIntegerField(_("学年"))  # the first calendar year of the school year
    name = models.CharField(_("姓名"), max_length=64)
    initials = models.CharField(max_length=64, blank=True, default="", editable=False)
    sex = models.CharField(_("性别"), max_length=1, choices=Person.Sex, blank=True, default="")
    birth = models.DateField(_("出生日期"), null=True, blank=True)
    id_number = SealedField(_("身份证件号"), kind="id_number", max_chars=32, blank=True)
    id_number_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    residence = models.CharField(_("城乡"), max_length=8, blank=True, default="")
    guardian = SealedField(_("监护人"), kind="guardian", max_chars=64, blank=True)
    phone = SealedField(_("联系电话"), kind="phone", max_chars=32, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    pupil = models.ForeignKey(Pupil, models.SET_NULL, null=True, blank=True, related_name="listed")
    found_by = models.CharField(max_length=16, blank=True, default="")  # id_number, name_birth, person
    settled = models.CharField(_("核实情况"), max_length=24, blank=True, default="")  # a word of the pack's child_state
    settled_by = models.CharField(max_length=200, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    struck = models.DateTimeField(null=True, blank=True)  # taken off the list
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("适龄儿童")
        ordering = ["org", "initials", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year", "id_number_index"],
                condition=~models.Q(id_number_index="") & models.Q(struck=None),
                name="pupils_child_id",
            )
        ]
        indexes = [
            models.Index(fields=["place", "year", "pupil"], name="pupils_child_missing"),
            models.Index(fields=["place", "year", "name", "birth"], name="pupils_child_name"),
        ]

    def __str__(self) -> str:
        return f"№{self.pk}"


class Sweep(models.Model):
    """A sweep (控辍保学排查): everyone to be looked for on a day, each case closed by a person."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="sweeps")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="sweeps")
    year = models.PositiveSmallIntegerField(_("学年"))
    day = models.DateField(_("排查日期"))
    due = models.DateField(_("完成期限"))
    title = models.CharField(_("名称"), max_length=80)
    actor_label = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("控辍保学排查")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class SweepLine(models.Model):
    """Somebody to be looked for: a child of the list who is on no roll, a pupil who left for nowhere or is weary of school."""

    class Why(models.TextChoices):
        UNLISTED = "missing", _("名册上有，学籍里没有")
        DROPPED = "dropped", _("辍学未返")
        ABSENT = "absent", _("休学期满未复学")
        WEARY = "weary", _("有厌学标记")

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="lines")
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="sweep_lines")
    why = models.CharField(_("列入原因"), max_length=8, choices=Why)
    child = models.ForeignKey(Child, models.PROTECT, null=True, blank=True, related_name="sweep_lines")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="sweep_lines")
    state = models.CharField(_("核实情况"), max_length=24, blank=True, default="")  # a word of the pack's child_state; "" = not settled
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")
    settled_by = models.CharField(_("核实人"), max_length=200, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("排查对象")
        ordering = ["sweep", "org", "pk"]
        indexes = [models.Index(fields=["sweep", "state"], name="pupils_sweep_state")]

    def __str__(self) -> str:
        return f"№{self.pk}"
