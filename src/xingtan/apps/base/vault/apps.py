from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "xingtan.apps.base.vault"
    label = "vault"
    verbose_name = _("密封字段")
    default_auto_field = "django.db.models.BigAutoField"
