"""Actions in words."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy as _

TITLES = {
    "org.view": _("查看单位"), "org.manage": _("办理单位设立、撤并、更名"), "people.view": _("查看人员和任职"), "people.manage": _("录入人员、办理任免"),
    "access.view": _("查看账号和授权"), "access.manage": _("邀请账号、授权和收回"), "audit.view": _("查看操作记录"), "pack.view": _("查看规则包"),
    "pack.activate": _("启用规则包"), "ledger.view": _("查看台账"), "ledger.write": _("填报和修改台账"), "ledger.import": _("导入表格和撤销导入"),
    "figure.view": _("查看指标数据和来历"), "snapshot.manage": _("建立、冻结和核验快照"), "report.view": _("查看报告"), "report.issue": _("印发报告"),
    "job.view": _("查看后台任务"),
}  # fmt: skip


def action_title(action: str) -> str:
    """Return an action in the reader's language; an action without words is told by its name."""
    return str(TITLES[action]) if action in TITLES else gettext(action)
