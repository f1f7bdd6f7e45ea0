"""How the audit log tells what happens to staff."""

from __future__ import annotations

from xingtan.apps.base.audit import display
from xingtan.kernel.text import T

SENTENCES = {
    "employment.begin": T("%(target)s受聘"), "employment.change": T("变更%(target)s的聘用"), "employment.end": T("%(target)s离开"),
    "employment.rehome": T("把教职工改归%(target)s"),
    "employment.settle": T("%(target)s：教职工随之转入"), "employment.unsettle": T("%(target)s撤回：教职工转回"),
    "credential.add": T("登记%(target)s的学历或资格"),
    "credential.withdraw": T("%(target)s的学历或资格失效"), "title.award": T("登记%(target)s的称号"),
    "title.end": T("%(target)s的称号终止"),
    "team.join": T("%(target)s加入教师团队"), "team.leave": T("%(target)s离开教师团队"), "secondment.begin": T("%(target)s外派"),
    "secondment.end": T("%(target)s外派结束"), "secondment.evaluate": T("考核%(target)s的外派"),
    "secondment.rehome": T("把交流支教改归%(target)s"), "teaching.set": T("修改%(target)s的任课"),
    "export.staff": T("导出%(target)s"), "export.file": T("导出%(target)s的业务档案"),
}  # fmt: skip
SPAN = {"from": T("自"), "to": T("至"), "basis": T("依据")}
TITLES = {
    "employment": {
        **SPAN, "org": T("单位代码"), "org_name": T("单位"), "establishment": T("编制"), "category": T("岗位类别"), "stage": T("学段"),
        "subject": T("主教学科"), "channel": T("补充渠道"), "ended": T("离开事由"), "persons": T("人员"),
    },
    "credential": {
        "kind": T("种类"), "level": T("层次"), "subject": T("学科"), "detail": T("专业"), "institution": T("毕业院校或发证机关"),
        "day": T("取得日期"), "withdrawn": T("失效日期"),
    },
    "title": {**SPAN, "series": T("称号"), "level": T("级别"), "rank": T("职称"), "awarded_by": T("授予机关")},
    "team": {**SPAN, "team": T("教师团队")},
    "secondment": {
        **SPAN, "kind": T("方式"), "sender": T("派出单位"), "host": T("接收单位"), "role": T("派出人员身份"), "subject": T("任教学科"),
        "duty": T("在接收单位的职责"), "programme": T("所属工程"), "contract": T("帮扶合同"), "grade": T("考核等次"),
        "evaluation": T("考核评语"), "evaluated_by": T("考核单位"), "org": T("单位代码"), "count": T("条数"),
    },
    "teaching": {"term": T("学期"), "lessons": T("任课")},
}  # fmt: skip


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in SENTENCES.items():
        display.register(action, sentence)
    for prefix, titles in TITLES.items():
        display.titles(prefix, titles)
