"""What every verb begins with: the row under its lock, in the state that the verb needs."""

from __future__ import annotations

from typing import Any

from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.audit.services import record as audit
from xingtan.apps.desks.aid.models import Run
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T, Text


def locked(run: Run, *states: str) -> Run:
    """The run as it stands now, under its lock. Raises XingtanError when somebody has moved it on meanwhile."""
    found = Run.objects.select_for_update().select_related("place", "org").get(pk=run.pk)
    if found.state not in states:
        message = T("“%(title)s”现在是“%(state)s”，不能再这样做", title=found.title, state=found.get_state_display())
        raise XingtanError.one("aid.state", message, T("请刷新页面，看别人做了什么"))
    return found


def said(run: Run, action: str, actor: Actor, *, reason: str = "", **after: Any) -> None:
    """One event about a run: counts and sums, never a person."""
    audit(actor=actor, action=f"aid.{action}", place=run.place.slug, target=run, after=after or None, reason=reason, pack=run.pack_hash)


def wanted(text: str, message: Text, hint: Text) -> str:
    """The text, trimmed. Raises XingtanError when there is none."""
    if not text.strip():
        raise XingtanError.one("aid.reason", message, hint)
    return text.strip()
