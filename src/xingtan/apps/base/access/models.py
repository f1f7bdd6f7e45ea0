"""Accounts: who signs in. What an account may do follows from posts and grants, never from the account itself."""

from __future__ import annotations

import secrets
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.orgs.models import FOREVER, DatedQuerySet, Organisation, Place
from xingtan.apps.base.people.models import Person
from xingtan.apps.base.vault.fields import SealedField
from xingtan.apps.base.vault.masks import Kind

if TYPE_CHECKING:
    from xingtan.apps.base.audit.services import Actor


def normal_login(text: str) -> str:
    """Return a login name as it is stored and compared: NFKC, no blanks around it, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def new_stamp() -> str:
    return secrets.token_hex(8)


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        """Find an account by login name however it was typed (full-width letters, capitals)."""
        return self.get(login=normal_login(username or ""))


class Account(AbstractBaseUser):
    """One person's key to the house. An account is never deleted, only deactivated: the audit chain names it for ever."""

    login = models.CharField(_("登录名"), max_length=64, unique=True)
    display_name = models.CharField(_("显示名"), max_length=64)
    # Whose managers look after the account; without a place only the installation's administrators do.
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name=_("所属地区"))
    # To whose posts the account's rights belong.
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("对应人员"))
    is_active = models.BooleanField(_("启用"), default=True)
    is_administrator = models.BooleanField(_("系统管理员"), default=False)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    language = models.CharField(_("界面语言"), max_length=10, blank=True, default="")
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    # Part of every session's signature: a new stamp ends all sessions of the account, also if it is activated again later.
    session_stamp = models.CharField(max_length=16, default=new_stamp, editable=False)
    created = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("账号")
        ordering = ["login"]

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        self.login = normal_login(self.login)

    @property
    def actor(self) -> Actor:
        """The account as the audit log names it."""
        from xingtan.apps.base.audit.services import Actor

        return Actor(id=str(self.pk), label=self.display_name, kind="account")

    @property
    def chain(self) -> str:
        """The audit chain that tells of the account: its place's, or the installation's."""
        return self.place.slug if self.place else ""

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        return salted_hmac("xingtan.access.session", f"{self.password}:{self.session_stamp}", secret=secret, algorithm="sha256").hexdigest()


class Grant(models.Model):
    """The rights of a post at an organisation given to an account directly, without an appointment in the staff register."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants", verbose_name=_("单位"))
    post = models.CharField(_("岗位"), max_length=48)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), default=FOREVER)  # the first day without it
    reason = models.CharField(_("授权事由"), max_length=200)
    end_reason = models.CharField(_("收回事由"), max_length=200, blank=True, default="")

    objects: ClassVar[models.Manager[Grant]] = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        ordering = ["-valid_from", "-id"]
        constraints = [
            # A grant given and ended on the same day was never in force: its span is empty, its row stays.
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="access_grant_span"),
        ]
        indexes = [models.Index(fields=["org", "valid_to", "valid_from"], name="access_grant_holders")]

    def __str__(self) -> str:
        return f"{self.account} {self.post}"


class PurposeGrant(models.Model):
    """A purpose of the pack for which an account asked to read sealed fields at an organisation and below, and what was decided."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("未批准")
        ENDED = "ended", _("已收回")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="purposes", verbose_name=_("申请人"))
    purpose = models.CharField(_("用途"), max_length=48)
    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="purposes", verbose_name=_("单位"))
    reason = models.CharField(_("申请事由"), max_length=200)
    days = models.PositiveIntegerField(_("天数"))
    asked = models.DateTimeField(_("申请时间"), auto_now_add=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="purposes_decided", verbose_name=_("批准人")
    )
    decided = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decision = models.CharField(_("批准意见"), max_length=200, blank=True, default="")
    # Until it is granted the span is empty; the end is the first day without it.
    valid_from = models.DateField(_("生效日期"), default=FOREVER)
    valid_to = models.DateField(_("失效日期"), default=FOREVER)

    objects: ClassVar[models.Manager[PurposeGrant]] = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("用途批准")
        ordering = ["-asked", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="access_purpose_span"),
            models.UniqueConstraint(
                fields=["account", "purpose", "org"], condition=models.Q(state="asked"), name="access_purpose_asked_once"
            ),
        ]
        indexes = [models.Index(fields=["account", "state", "valid_to"], name="access_purpose_held")]

    def __str__(self) -> str:
        return f"{self.account} {self.purpose}"


class LinkPurpose(models.TextChoices):
    INVITATION = "invitation", _("邀请")
    RESET = "reset", _("重设密码")


class Link(models.Model):
    """A one-time link. Only the token's hash is kept, so a copy of the database opens no account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=LinkPurpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    # Set when the link was used, or voided by a newer one or by deactivation.
    spent = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("一次性链接")

    def __str__(self) -> str:
        return f"{self.account} {self.purpose}"


class Throttle(models.Model):
    """How often somebody failed to sign in, and until when they must wait. The key is a keyed hash of what was typed (people type
    passwords into the login field) and of the address it came from."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    last = models.DateTimeField(db_index=True)
    # The keyed hash of the login name alone: by it a manager finds, and lifts, whatever keeps an account waiting.
    name = models.CharField(max_length=64, blank=True, default="", db_index=True)

    class Meta:
        verbose_name = _("登录失败")

    def __str__(self) -> str:
        return f"{self.count} → {self.until}"


class Sitting(models.Model):
    """One session of an account, so that its owner can see and end it. What ends it is the end of the session itself."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sittings")
    session_key = models.CharField(max_length=40, unique=True)
    began = models.DateTimeField(_("登录时间"), auto_now_add=True)
    by = models.CharField(_("方式"), max_length=10, blank=True, default="")
    peer = models.CharField(_("来自"), max_length=64, blank=True, default="")
    agent = models.CharField(_("浏览器"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("登录")
        ordering = ["-began"]

    def __str__(self) -> str:
        return f"{self.account} {self.began}"


class PastPassword(models.Model):
    """The hash of a password that an account once had: the last few may not come back."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    ended = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("用过的密码")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.account} {self.ended}"


class SecondFactor(models.Model):
    """A code from an app beside the password (RFC 6238). Until it is confirmed by a first code it asks nobody for anything."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_factor")
    secret = SealedField(kind=Kind.OTHER, max_chars=64)  # base32
    confirmed = models.DateTimeField(null=True, blank=True)
    last_step = models.PositiveBigIntegerField(default=0)  # a code is good for one sign-in only
    recovery = models.JSONField(default=list)  # hashes of the codes that stand in for a lost telephone, each good once

    class Meta:
        verbose_name = _("动态验证码")

    def __str__(self) -> str:
        return str(self.account)
