"""What the views of this app share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django import forms
from django.http import HttpRequest

from xingtan.apps.base.access.models import Account
from xingtan.apps.base.audit.services import Actor
from xingtan.kernel.errors import XingtanError
from xingtan.ui.issues import onto_form

R = TypeVar("R")


class SignedIn(HttpRequest):
    """A request behind the sign-in: its user is an account, `actor` how the log names it."""

    user: Account
    actor: Actor


def reader(request: HttpRequest) -> Account:
    """Return the account that is signed in; the middleware let nobody else through."""
    return cast(Account, request.user)


def act(form: forms.Form, verb: Callable[[], R]) -> R | None:
    """Run a service for a valid form; its refusals go beside the fields, and None is returned."""
    try:
        return verb()
    except XingtanError as refused:
        onto_form(form, refused.issues)
        return None
