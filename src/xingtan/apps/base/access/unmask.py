"""Unmasking sealed fields: which models have them, who may, for which purpose; every unmasking is one audit event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from xingtan.apps.base.access.models import Account
from xingtan.ui.policy import Policy


@dataclass(frozen=True, slots=True)
class Revealable:
    """A model with sealed fields: the policy and action that open its rows, kinds by field, how a row is called and where it is shown."""

    model: type[Model]
    policy: Policy[Any]
    action: str
    fields: Mapping[str, str]
    label: Callable[[Any], str]
    url: Callable[[Any], str]


_known: dict[str, Revealable] = {}


def register(
    model: type[Model],
    policy: Policy[Any],
    *,
    action: str,
    fields: Mapping[str, str],
    label: Callable[[Any], str] = str,
    url: Callable[[Any], str],
) -> None:
    """Name a model whose sealed fields can be unmasked; from `AppConfig.ready()`. `fields` gives each field's kind (vault.masks.Kind)."""
    _known[model._meta.label_lower] = Revealable(model, policy, action, dict(fields), label, url)


def reveal(*, account: Account, row: Model, field: str, purpose: str, reason: str) -> str:
    """The plain text of a sealed field, for a purpose that was granted to the account; one audit event `sealed.reveal`.

    Raises PermissionDenied when the row is not the account's to see, or no purpose that covers the field's kind was granted.
    """
    raise PermissionDenied("purposes are not granted yet")
