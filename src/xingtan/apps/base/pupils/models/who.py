"""The pupil: what the national form (学籍信息表) says about one who is the same person for life. Dates of schooling are in the spells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import EVER, FOREVER, DatedQuerySet, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault.fields import SealedField

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .roll import Enrolment


class Pupil(models.Model):
    """One person's school record in one place. Columns that hold codes hold the words of the pack's code tables.

    `person` has name, sex, birth, identity number, telephone, present address. `number` is the pupil's number (学籍号); while no identity
    number is known it is a temporary one of the place (`temporary`), so that nobody waits for papers to go to school.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="pupils")
    person = models.OneToOneField(Person, models.PROTECT, related_name="pupil")
    number = models.CharField(_("学籍号"), max_length=32)
    temporary = models.BooleanField(_("临时号"), default=False)
    birth_place = models.CharField(_("出生地"), max_length=60, blank=True, default="")
    native_place = models.CharField(_("籍贯"), max_length=60, blank=True, default="")
    nationality = models.CharField(_("国籍/地区"), max_length=24, blank=True, default="")
    overseas = models.CharField(_("港澳台侨外"), max_length=24, blank=True, default="")
    politics = models.CharField(_("政治面貌"), max_length=24, blank=True, default="")
    hukou_place = models.CharField(_("户口所在地"), max_length=60, blank=True, default="")
    hukou_kind = models.CharField(_("户口性质"), max_length=24, blank=True, default="")
    residence = models.CharField(_("城乡"), max_length=8, blank=True, default="")  # 城镇 or 农村: where the family lives
    entry_month = models.CharField(_("入学年月"), max_length=7, blank=True, default="")  # 2023-09
    entry_mode = models.CharField(_("入学方式"), max_length=24, blank=True, default="")
    origin = models.CharField(_("学生来源"), max_length=24, blank=True, default="")
    only_child = models.BooleanField(_("是否独生子女"), null=True, blank=True)
    preschool = models.BooleanField(_("是否受过学前教育"), null=True, blank=True)
    inclusive = models.CharField(_("随班就读"), max_length=24, blank=True, default="")
    health = SealedField(_("健康状况"), kind="health", max_chars=24, blank=True)
    disability = SealedField(_("残疾类型"), kind="health", max_chars=24, blank=True)
    home_address = SealedField(_("家庭地址"), kind="address", max_chars=200, blank=True)
    mail_address = SealedField(_("通信地址"), kind="address", max_chars=200, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=6, blank=True, default="")
    email = models.CharField(_("电子信箱"), max_length=100, blank=True, default="")
    talent = models.CharField(_("特长"), max_length=100, blank=True, default="")
    note = models.TextField(_("备注"), blank=True, default="")
    since = models.DateField(_("建档日期"))
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)

    spells: RelatedManager[Enrolment]
    guardians: RelatedManager[Guardian]
    flags: RelatedManager[Flag]

    class Meta:
        verbose_name = _("学生")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["place", "number"], name="pupils_pupil_number")]

    def __str__(self) -> str:
        """What the audit log and every log may say of a pupil: neither name nor number."""
        return f"№{self.pk}"


class Guardian(models.Model):
    """Who looks after a pupil; `order` 1 is called first."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardians")
    order = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(_("关系"), max_length=16)
    name = SealedField(_("姓名"), kind="guardian", max_chars=64)
    phone = SealedField(_("联系电话"), kind="phone", max_chars=32, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)

    class Meta:
        verbose_name = _("监护人")
        ordering = ["pupil", "order"]
        constraints = [models.UniqueConstraint(fields=["pupil", "order"], name="pupils_guardian_order")]

    def __str__(self) -> str:
        return f"{self.relation} {self.pupil_id}"


class Flag(models.Model):
    """Special attention (留守, 随迁, 特困, 学困, 厌学, 残疾 …) for some time; who set it and on what ground."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="flags")
    kind = SealedField(_("类别"), kind="poverty", max_chars=24)
    kind_index = models.CharField(max_length=64, editable=False)
    valid_from = models.DateField(_("起"), default=EVER)
    valid_to = models.DateField(_("止"), default=FOREVER)
    source = models.CharField(_("依据"), max_length=200, blank=True, default="")
    set_by = models.CharField(_("登记人"), max_length=200, blank=True, default="")
    set_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(_("结束人"), max_length=200, blank=True, default="")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("关爱标记")
        ordering = ["pupil", "valid_from"]
        constraints = [models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="pupils_flag_span")]
        indexes = [models.Index(fields=["kind_index", "valid_to", "pupil"], name="pupils_flag_kind")]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.valid_from}"
