"""What jobs hang into the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xingtan.ui import menu, nav

nav.register(nav.Entry(96, _("后台任务"), "jobs:jobs", action="job.view", icon="clock", placed=False))
menu.register(menu.Item(20, _("我的后台任务"), "jobs:jobs"))
