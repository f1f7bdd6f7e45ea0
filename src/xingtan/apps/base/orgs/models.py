"""Places, packs in force, and the effective-dated tree of organisations.

All spans are half-open: valid_from ≤ day < valid_to. An open span ends on `FOREVER`; one whose beginning nobody recorded begins on `EVER`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

EVER = date(1, 1, 1)
FOREVER = date(9999, 12, 31)


M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows with valid_from and valid_to."""

    def on(self, day: date) -> Self:
        """Those valid on the day."""
        return self.filter(valid_from__lte=day, valid_to__gt=day)

    def open(self) -> Self:
        """Those without a stated end."""
        return self.filter(valid_to=FOREVER)


class PackRelease(models.Model):
    """A pack as it was put into force: its canonical JSON by hash, kept for ever because figures name it."""

    hash = models.CharField(max_length=64, unique=True)
    pack_id = models.CharField(_("规则包"), max_length=64)
    version = models.CharField(_("版本"), max_length=32)
    title = models.CharField(_("名称"), max_length=200, default="")
    body = models.TextField(editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("规则包版本")
        ordering = ["pack_id", "-created"]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"


class Place(models.Model):
    """A root organisation with its pack. Nothing crosses places: no grant, picker, figure or search."""

    slug = models.SlugField(max_length=64, unique=True)  # the pack's id
    title = models.CharField(_("名称"), max_length=200)
    root = models.OneToOneField("Organisation", models.PROTECT, null=True, related_name="root_of")
    pack_release = models.ForeignKey(PackRelease, models.PROTECT, null=True, related_name="places")
    created = models.DateTimeField(auto_now_add=True)
    digest_read: str = ""  # hash of the release, where a query brought it along

    class Meta:
        verbose_name = _("地方")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class Organisation(models.Model):
    """One organisation for its whole life; what it was called and where it stood is in its spells.

    name, initials, kind and closed repeat the last spell, so that lists need no join; `services` keep them in step.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="organisations")
    code = models.CharField(_("代码"), max_length=64)
    name = models.CharField(_("名称"), max_length=200)
    initials = models.CharField(max_length=200, blank=True, default="", editable=False)
    kind = models.CharField(_("类型"), max_length=64)
    closed = models.DateField(_("撤销日期"), null=True, blank=True)

    spells: RelatedManager[OrgSpell]

    class Meta:
        verbose_name = _("组织")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["place", "code"], name="orgs_organisation_code")]

    def __str__(self) -> str:
        return self.name


class OrgAct(models.Model):
    """One act on the tree (open, close, rename, move, merge, split, load), with what is needed to undo it exactly."""

    class Kind(models.TextChoices):
        OPEN = "open", _("设立")
        CLOSE = "close", _("撤销")
        RENAME = "rename", _("更名")
        MOVE = "move", _("划转")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("分设")
        LOAD = "load", _("批量导入")

    place = models.ForeignKey(Place, models.PROTECT, related_name="acts")
    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    day = models.DateField(_("生效日期"))
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")
    facts = models.JSONField(default=dict)  # what was asked for, in codes and names, to be told again in words
    undo = models.JSONField(default=dict)  # see services.changes: spells and organisations as they were
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(_("经办人"), max_length=200)
    created = models.DateTimeField(auto_now_add=True)
    undone = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    touched = models.ManyToManyField(Organisation, related_name="acts")

    class Meta:
        verbose_name = _("组织变更")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"


class OrgSpell(models.Model):
    """What an organisation was called, of which kind it was and under whom it stood, from one day to another."""

    org = models.ForeignKey(Organisation, models.CASCADE, related_name="spells")
    name = models.CharField(_("名称"), max_length=200)
    initials = models.CharField(max_length=200, blank=True, default="", editable=False)
    kind = models.CharField(_("类型"), max_length=64)
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="child_spells")
    valid_from = models.DateField(_("自"), default=EVER)
    valid_to = models.DateField(_("至"), default=FOREVER)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织沿革")
        ordering = ["org", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="orgs_spell_span"),
            models.CheckConstraint(condition=~Q(parent=F("org")), name="orgs_spell_not_own_parent"),
            models.UniqueConstraint(fields=["org", "valid_from"], name="orgs_spell_from"),
            models.UniqueConstraint(fields=["org"], condition=Q(valid_to=FOREVER), name="orgs_spell_one_open"),
        ]
        indexes = [models.Index(fields=["parent", "valid_to", "valid_from"], name="orgs_spell_children")]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}–{self.valid_to}"


class OrgEdge(models.Model):
    """Dated transitive closure of the tree, the organisation itself included (depth 0). Derived from the spells."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="edges")
    ancestor = models.ForeignKey(Organisation, models.CASCADE, related_name="edges_down")
    descendant = models.ForeignKey(Organisation, models.CASCADE, related_name="edges_up")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("上下级关系")
        constraints = [
            models.UniqueConstraint(fields=["descendant", "ancestor", "valid_from"], name="orgs_edge_from"),
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="orgs_edge_span"),
        ]
        indexes = [models.Index(fields=["ancestor", "valid_to", "valid_from"], name="orgs_edge_down")]

    def __str__(self) -> str:
        return f"{self.ancestor_id}→{self.descendant_id}"


class Succession(models.Model):
    """Who carries on after a merger or split, and with which share (of pupils, money, rows) of the predecessor."""

    act = models.ForeignKey(OrgAct, models.CASCADE, related_name="successions")
    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="predecessions")
    share = models.DecimalField(_("份额"), max_digits=12, decimal_places=10, default=Decimal(1))
    day = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("承继关系")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["act", "predecessor", "successor"], name="orgs_succession_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="orgs_succession_share"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id}→{self.successor_id}"

    @property
    def percent(self) -> str:
        """The share in words, without needless zeros."""
        return f"{(self.share * 100).normalize():f}%"
