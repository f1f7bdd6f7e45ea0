"""Lists of pupils as files: who took them out, when and for what stands on the sheet and in the audit log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from xingtan.apps.base.audit.services import record
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.tree import error
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Where
from xingtan.kernel.text import T
from xingtan.ui import exports
from xingtan.ui.tables import Bound

from .policies import EXPORT


def taken_out(request: HttpRequest, bound: Bound[Any], place: Place, title: str) -> HttpResponseBase:
    """The page that asks why, then the list with who, when and why on the sheet; outside the county only as the pack permits."""
    org = request.scope.org or place.root  # type: ignore[attr-defined]
    return exports.personal(request, bound, exports.Personal(title, "pupils", EXPORT, org))


def refuse_outside(*, pupil: Any, to: str, actor: Any) -> None:
    """No record of a pupil goes to a school outside the county (G056): the attempt is kept, and refused. Raises `XingtanError` always."""
    with transaction.atomic():
        record(actor=actor, action="pupil.export_refused", place=pupil.place.slug, target=pupil, reason=to[:200])
    issue = error(
        "pupils.outside", T("不得向县外学校提供学生信息，已记录在案"), Where(field="to"), T("由县学籍管理员按规定向对方的主管部门移交")
    )
    raise XingtanError((issue,))
