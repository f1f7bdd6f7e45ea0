"""What reports hang into the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.audit import display
from xingtan.apps.record.figures import pages
from xingtan.kernel.text import T
from xingtan.ui import nav, search
from xingtan.ui.scope import Scope

from . import selectors
from .policies import POLICY


def find(account: Any, here: Scope, words: str, limit: int) -> tuple[Sequence[search.Hit], int]:
    """Reports whose title or number holds the words."""
    if here.place is None:
        return (), 0
    rows = POLICY.visible(account, "report.view", selectors.reports(here.place)).filter(title__icontains=words)
    hits = [search.Hit(one.title, selectors.address(one), one.get_state_display()) for one in rows[:limit]]
    return hits, rows.count()


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.Entry(60, _("报告"), "reports:index", action="report.view", icon="report"))
    search.register("reports", search.Provider(60, _("报告"), find))
    pages.USERS.append(selectors.uses)
    for action, sentence in {
        "draft": T("拟写报告%(target)s"),
        "refresh": T("更新报告%(target)s的数字"),
        "frame": T("修改报告%(target)s的标题和文号"),
        "issue": T("印发报告%(target)s"),
        "withdraw": T("废止报告%(target)s：%(reason)s"),
    }.items():
        display.register(f"reports.{action}", sentence)
    names = {
        "title": T("标题"),
        "issuer": T("发文机关"),
        "number": T("发文字号"),
        "addressee": T("主送机关"),
        "date": T("成文日期"),
        "copy_to": T("抄送机关"),
        "period": T("期间"),
        "snapshot": T("快照"),
        "figures": T("数字个数"),
    }
    display.titles("reports", names)
