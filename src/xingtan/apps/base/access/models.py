"""Accounts: who signs in. What an account may do follows from posts and grants, never from the account itself."""

from __future__ import annotations

import secrets
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

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

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        return salted_hmac("xingtan.access.session", f"{self.password}:{self.session_stamp}", secret=secret, algorithm="sha256").hexdigest()
