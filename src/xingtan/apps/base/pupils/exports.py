"""Lists of pupils as files: who took them out, when and for what stands on the sheet and in the audit log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.apps.base.audit.services import Target, record
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.tree import error
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T
from xingtan.ui.tables import Bound


def taken_out(request: HttpRequest, bound: Bound[Any], place: Place, title: str) -> HttpResponseBase:
    """The list as a workbook. Its title says who took it out and when; the log also keeps how many rows and how they were narrowed."""
    actor = request.actor  # type: ignore[attr-defined]
    narrowed = {control.name: control.value for control in bound.controls if control.value}
    with transaction.atomic():
        after = {"rows": bound.total, "filter": narrowed, "org": request.scope.org.code if request.scope.org else ""}  # type: ignore[attr-defined]
        record(actor=actor, action="pupil.export", place=place.slug, target=Target("pupils.list", place.slug, title), after=after)
    when = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    return bound.workbook(_("%(title)s %(who)s %(when)s 导出") % {"title": title, "who": actor.label, "when": when.replace(":", "")})


def refuse_outside(*, pupil: Any, to: str, actor: Any) -> None:
    """No record of a pupil goes to a school outside the county (G056): the attempt is kept, and refused. Raises `XingtanError` always."""
    with transaction.atomic():
        record(actor=actor, action="pupil.export_refused", place=pupil.place.slug, target=pupil, reason=to[:200])
    issue = error(
        "pupils.outside", T("不得向县外学校提供学生信息，已记录在案"), Where(field="to"), T("由县学籍管理员按规定向对方的主管部门移交")
    )
    raise XingtanError((issue,))
