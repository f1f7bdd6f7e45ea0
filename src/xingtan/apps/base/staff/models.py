"""Who works where as what, from one day to another; what they are qualified for, titled, teamed up in, and lent out to.

All spans are half-open (`valid_from` ≤ day < `valid_to`); a spell that ended on its first day never was in force: its row stays, it counts
nowhere. Words of code columns are those of the place's pack (see `codes.TABLES`); the empty word means: not recorded.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import EVER, FOREVER, DatedQuerySet, OrgAct, Organisation
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.pupils.models import SchoolClass

WORD = 48


class Spell(models.Model):
    """What all spells have: the person, the days, on what authority, and the version that a change is made from."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    valid_from = models.DateField(_("自"), default=EVER)
    valid_to = models.DateField(_("至"), default=FOREVER)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Employment(Spell):
    """A person on the staff of an organisation. Nobody is employed twice on one day: work elsewhere is a secondment or an assignment."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("人员"))
    org = models.ForeignKey(Organisation, models.PROTECT, related_name="employments", verbose_name=_("单位"))
    establishment = models.CharField(_("编制"), max_length=WORD)
    category = models.CharField(_("岗位类别"), max_length=WORD)
    stage = models.CharField(_("学段"), max_length=WORD, blank=True, default="")
    subject = models.CharField(_("主教学科"), max_length=WORD, blank=True, default="")
    channel = models.CharField(_("补充渠道"), max_length=WORD, blank=True, default="")
    ended = models.CharField(_("离开事由"), max_length=WORD, blank=True, default="")
    # The act on the tree (a merger) that moved the person here; undoing the act takes the spell back.
    moved_by = models.ForeignKey(OrgAct, models.PROTECT, null=True, blank=True, related_name="moved_staff")

    class Meta:
        verbose_name = _("聘用")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="staff_employment_span"),
            models.UniqueConstraint(fields=["person"], condition=Q(valid_to=FOREVER), name="staff_employment_one_open"),
        ]
        indexes = [
            models.Index(fields=["org", "valid_to", "valid_from"], name="staff_employment_org"),
            models.Index(fields=["person", "valid_from"], name="staff_employment_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.org_id}"


class Credential(models.Model):
    """A degree or a teaching certificate: what somebody is qualified for, since when."""

    class Kind(models.TextChoices):
        DEGREE = "degree", _("学历")
        CERTIFICATE = "certificate", _("教师资格")

    person = models.ForeignKey(Person, models.PROTECT, related_name="credentials", verbose_name=_("人员"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    level = models.CharField(_("层次"), max_length=WORD)
    subject = models.CharField(_("学科"), max_length=WORD, blank=True, default="")
    detail = models.CharField(_("专业"), max_length=100, blank=True, default="")
    institution = models.CharField(_("毕业院校或发证机关"), max_length=100, blank=True, default="")
    day = models.DateField(_("取得日期"), default=EVER)
    withdrawn = models.DateField(_("失效日期"), default=FOREVER)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("学历和资格")
        ordering = ["day", "pk"]
        constraints = [models.CheckConstraint(condition=Q(day__lte=F("withdrawn")), name="staff_credential_span")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.level}"


class TitleHolding(Spell):
    """A title held: a professional rank (series 职称, `rank`), or one of the ladder of 骨干教师, 名师 … (`level`: whose)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="titles", verbose_name=_("人员"))
    series = models.CharField(_("称号"), max_length=WORD)
    level = models.CharField(_("级别"), max_length=WORD, blank=True, default="")
    rank = models.CharField(_("职称"), max_length=WORD, blank=True, default="")
    awarded_by = models.CharField(_("授予机关"), max_length=100, blank=True, default="")

    class Meta:
        verbose_name = _("称号")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="staff_title_span"),
            models.UniqueConstraint(
                fields=["person", "series", "level", "rank"], condition=Q(valid_to=FOREVER), name="staff_title_one_open"
            ),
        ]
        indexes = [models.Index(fields=["series", "level", "valid_to"], name="staff_title_series")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.series}{self.level}{self.rank}"


class TeamSpell(Spell):
    """A teacher in one of the teams of the pack (起步型 …): one at a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="teams", verbose_name=_("人员"))
    team = models.CharField(_("团队"), max_length=WORD)

    class Meta:
        verbose_name = _("教师团队")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="staff_team_span"),
            models.UniqueConstraint(fields=["person"], condition=Q(valid_to=FOREVER), name="staff_team_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.team}"


class Secondment(Spell):
    """A person lent from one organisation to another: 支教, 交流, 挂职, 研修 … One end may lie elsewhere and has a name only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="secondments", verbose_name=_("人员"))
    kind = models.CharField(_("方式"), max_length=WORD)
    sender = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="secondments_out", verbose_name=_("派出单位")
    )
    sender_name = models.CharField(_("派出单位（外地）"), max_length=200, blank=True, default="")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="secondments_in", verbose_name=_("接收单位"))
    host_name = models.CharField(_("接收单位（外地）"), max_length=200, blank=True, default="")
    role = models.CharField(_("派出人员身份"), max_length=WORD, blank=True, default="")
    subject = models.CharField(_("任教学科"), max_length=WORD, blank=True, default="")
    duty = models.CharField(_("在接收单位的职责"), max_length=100, blank=True, default="")
    programme = models.CharField(_("所属工程"), max_length=100, blank=True, default="")
    contract = models.CharField(_("帮扶合同"), max_length=200, blank=True, default="")
    contract_day = models.DateField(_("合同签订日期"), null=True, blank=True)
    grade = models.CharField(_("考核等次"), max_length=WORD, blank=True, default="")
    evaluation = models.CharField(_("考核评语"), max_length=1000, blank=True, default="")
    evaluated_by = models.CharField(_("考核单位"), max_length=100, blank=True, default="")
    evaluated_on = models.DateField(_("考核日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("交流支教")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="staff_secondment_span"),
            models.CheckConstraint(condition=Q(sender__isnull=False) | Q(host__isnull=False), name="staff_secondment_one_end_here"),
        ]
        indexes = [
            models.Index(fields=["sender", "valid_to"], name="staff_secondment_sender"),
            models.Index(fields=["host", "valid_to"], name="staff_secondment_host"),
            models.Index(fields=["person", "valid_from"], name="staff_secondment_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Assignment(models.Model):
    """Who teaches a subject to a class in a term, and how many periods a week. A class with any line has stated its whole timetable."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="assignments", verbose_name=_("班级"))
    term = models.CharField(_("学期"), max_length=16)  # canonical text of a period: 2009-2010T1
    subject = models.CharField(_("学科"), max_length=WORD)
    teacher = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("教师"))
    periods = models.DecimalField(_("周课时"), max_digits=4, decimal_places=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("任课")
        ordering = ["school_class", "term", "subject", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "term", "subject", "teacher"], name="staff_assignment_teacher_once"),
            models.UniqueConstraint(
                fields=["school_class", "term", "subject"], condition=Q(teacher=None), name="staff_assignment_nobody_once"
            ),
            models.CheckConstraint(condition=Q(periods__gt=0), name="staff_assignment_periods"),
        ]
        indexes = [
            models.Index(fields=["term", "school_class"], name="staff_assignment_term"),
            models.Index(fields=["teacher", "term"], name="staff_assignment_teacher"),
        ]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.term} {self.subject}"
