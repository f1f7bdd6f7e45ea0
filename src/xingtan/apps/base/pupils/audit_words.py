"""How the audit log tells what happens to pupils and classes."""

from __future__ import annotations

from xingtan.apps.base.audit import display
from xingtan.apps.base.audit.models import Event
from xingtan.kernel.text import T, Text


def moved(event: Event) -> Text:
    """办理学籍异动"""
    return T("办理学生%(target)s的%(kind)s", target=event.target_label, kind=event.became.get("kind", ""))


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in {
        "pupil.admit": T("学生%(target)s入籍"),
        "pupil.change": T("修改学生%(target)s的资料"),
        "pupil.guardians": T("修改学生%(target)s的监护人"),
        "pupil.flag_set": T("给学生%(target)s登记关爱标记"),
        "pupil.flag_end": T("结束学生%(target)s的关爱标记"),
        "pupil.undo": T("撤回学籍办理：%(target)s"),
        "class.open": T("开设班级%(target)s"),
        "class.change": T("修改班级%(target)s"),
        "class.close": T("撤销班级%(target)s"),
    }.items():
        display.register(action, sentence)
    display.register("pupil.move", moved, kind=T("办理学籍异动"))
    display.titles(
        "pupil",
        {
            "kind": T("异动类别"),
            "reason": T("原因"),
            "day": T("生效日期"),
            "school": T("学校代码"),
            "school_name": T("学校"),
            "stage": T("学段"),
            "grade": T("年级"),
            "class": T("班级"),
            "boarding": T("住校"),
            "residence": T("城乡"),
            "status": T("状态"),
            "flag": T("关爱标记"),
            "guardians": T("监护人"),
            "pupils": T("学生人数"),
        },
    )
    display.titles(
        "class",
        {
            "school": T("学校代码"),
            "stage": T("学段"),
            "entry_year": T("入学年份"),
            "number": T("班号"),
            "title": T("班名"),
            "head": T("班主任"),
            "from": T("开班日期"),
            "to": T("撤班日期"),
        },
    )
