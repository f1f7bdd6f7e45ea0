"""What aid hangs into the house."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.access import unmask
from xingtan.apps.base.audit import display
from xingtan.apps.base.orgs import residents
from xingtan.apps.base.orgs.models import Place
from xingtan.kernel.text import T
from xingtan.ui import nav
from xingtan.warehouse import registry

from .datasets import AidSource
from .models import Award, Objection
from .policies import VIEW, awards, objections
from .residents import AidResidents

SENTENCES = {
    "propose": T("提出资助核算%(target)s"),
    "approve": T("审批资助核算%(target)s"),
    "refuse": T("退回资助核算%(target)s：%(reason)s"),
    "withdraw": T("撤回资助核算%(target)s：%(reason)s"),
    "publish": T("公示%(target)s"),
    "object": T("登记对%(target)s的异议"),
    "answer": T("处理对%(target)s的异议：%(reason)s"),
    "payees": T("登记%(target)s的收款资料"),
    "payment": T("导出%(target)s的付款清单：%(reason)s"),
    "results": T("登记%(target)s的付款结果"),
    "stop": T("停发%(target)s中的一份：%(reason)s"),
}
TITLES = {
    "rows": T("份数"),
    "persons": T("人数"),
    "amount": T("金额"),
    "state": T("状态"),
    "step": T("审批步骤"),
    "from": T("自"),
    "to": T("至"),
    "received": T("收到日期"),
    "paid": T("已付份数"),
    "sealed": T("敏感栏"),
}


def _award_url(award: Award) -> str:
    return reverse("aid:run", kwargs={"place": award.run.place.slug, "pk": award.run_id})


def _objection_url(objection: Objection) -> str:
    return reverse("aid:run", kwargs={"place": objection.run.place.slug, "pk": objection.run_id})


def _place(row: Award | Objection) -> Place:
    return row.run.place


def register() -> None:
    """Called once, when the app is ready."""
    registry.register(AidSource())
    residents.register(AidResidents())
    nav.register(nav.Entry(45, _("资助"), "aid:index", VIEW, "people"))
    for action, sentence in SENTENCES.items():
        display.register(f"aid.{action}", sentence)
    display.titles("aid", TITLES)
    display.register("export.aid", T("导出资助名单：%(target)s"))
    unmask.register(
        Award, awards, action=VIEW, fields={"id_number": "id_number", "account": "other"}, url=_award_url, place=_place, name="aid_award"
    )
    unmask.register(Objection, objections, action=VIEW, fields={"text": "other"}, url=_objection_url, place=_place, name="aid_objection")
