"""What jobs hang into the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xingtan.apps.base.audit import display
from xingtan.kernel.text import T
from xingtan.ui import menu, nav

nav.register(nav.Entry(96, _("后台任务"), "jobs:jobs", action="job.view", icon="clock", placed=False))
menu.register(menu.Item(20, _("我的后台任务"), "jobs:jobs"))
display.register("job.stop", T("停止任务“%(target)s”"))
display.register("job.retry", T("重新提交任务“%(target)s”"))
display.titles("job", {"kind": T("任务种类")})
