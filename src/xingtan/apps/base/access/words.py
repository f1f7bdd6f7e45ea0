"""Actions in words."""

from __future__ import annotations

from xingtan.kernel.text import T, Text

TITLES: dict[str, Text] = {
    "org.view": T("查看单位"),
    "org.manage": T("办理单位设立、撤并、更名"),
    "people.view": T("查看人员和任职"),
    "people.manage": T("录入人员、办理任免"),
    "pupil.view": T("查看学籍"),
    "pupil.manage": T("登记和变更学籍"),
    "pupil.transfer": T("办理转学"),
    "pupil.export": T("导出学籍名单"),
    "staff.view": T("查看教职工任用"),
    "staff.manage": T("登记和变更教职工任用"),
    "class.manage": T("管理班级和任课"),
    "aid.view": T("查看学生资助"),
    "aid.manage": T("受理和评定学生资助"),
    "aid.decide": T("批准学生资助和发放名单"),
    "purpose.decide": T("批准查看敏感信息的用途"),
    "sealed.reveal": T("按批准的用途查看敏感信息"),
    "access.view": T("查看账号和授权"),
    "access.manage": T("邀请账号、授权和收回"),
    "audit.view": T("查看操作记录"),
    "pack.view": T("查看规则包"),
    "pack.activate": T("启用规则包"),
    "ledger.view": T("查看台账"),
    "ledger.write": T("填报和修改台账"),
    "ledger.import": T("导入表格和撤销导入"),
    "figure.view": T("查看指标数据和来历"),
    "snapshot.manage": T("建立、封存和核对快照"),
    "report.view": T("查看报告"),
    "report.issue": T("印发报告"),
    "job.view": T("查看后台任务"),
}


def action_title(action: str) -> Text:
    """Return an action in words; one without words is told by its name."""
    return TITLES.get(action) or T("%(name)s", name=action)
