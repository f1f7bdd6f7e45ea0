"""What comparing hangs into the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.audit import display
from xingtan.apps.base.orgs import panels
from xingtan.kernel.text import T
from xingtan.ui import nav


def register() -> None:
    """Called once, when the app is ready."""
    from .profile import profile

    nav.register(nav.Entry(31, _("对比"), "compare:grid", action="figure.view", icon="chart"))
    panels.register(panels.Panel(10, "compare/profile.html", profile))
    display.register("compare.view_save", T("保存对比视图%(target)s"))
    display.register("compare.view_remove", T("删除对比视图%(target)s"))
    display.titles("compare", {"name": T("名称"), "query": T("条件"), "shared": T("本单位共用")})
