"""How the audit log tells what happens to pupils and classes."""

from __future__ import annotations

from xingtan.apps.base.audit import display
from xingtan.apps.base.audit.models import Event
from xingtan.kernel.text import T, Text

SENTENCES = {
    "pupil.admit": T("学生%(target)s入籍"),
    "pupil.change": T("修改学生%(target)s的资料"),
    "pupil.guardians": T("修改学生%(target)s的监护人"),
    "pupil.flag_set": T("给学生%(target)s登记关爱标记"),
    "pupil.flag_end": T("结束学生%(target)s的关爱标记"),
    "pupil.undo": T("撤回学籍办理：%(target)s"),
    "pupil.rehome": T("学生随学校变动改归：%(target)s"),
    "pupil.rollover": T("%(target)s办理学年升级"),
    "pupil.graduation": T("%(target)s办理毕业"),
    "pupil.regroup": T("%(target)s分班并班"),
    "pupil.merge": T("把另一份学籍并入学生%(target)s"),
    "pupil.unmerge": T("撤回并入学生%(target)s的合并"),
    "pupil.roster": T("导入学生名册 %(target)s"),
    "pupil.roster_undo": T("整批撤销学生名册 %(target)s"),
    "export.pupils": T("导出学生名册：%(target)s"),
    "class.open": T("开设班级%(target)s"),
    "class.change": T("修改班级%(target)s"),
    "class.close": T("撤销班级%(target)s"),
    "transfer.propose": T("提出转学%(target)s"),
    "transfer.accept": T("接收转学%(target)s"),
    "transfer.refused": T("退回转学%(target)s"),
    "transfer.withdrawn": T("撤回转学%(target)s"),
    "transfer.expired": T("转学%(target)s逾期未答复"),
    "child.list": T("登记%(target)s的适龄儿童名册"),
    "child.match": T("把%(target)s的适龄儿童名册与学籍比对"),
    "child.settle": T("核实适龄儿童%(target)s的去向"),
    "child.strike": T("把适龄儿童%(target)s移出名册"),
    "sweep.start": T("开始排查：%(target)s"),
    "sweep.settle": T("核实排查对象%(target)s"),
    "sweep.close": T("结束排查：%(target)s"),
}
SEAT = {
    "kind": T("异动类别"), "reason": T("原因"), "day": T("生效日期"), "school": T("学校代码"), "school_name": T("学校"), "stage": T("学段"),
    "grade": T("年级"), "class": T("班级"), "boarding": T("住校"), "residence": T("城乡"), "status": T("状态"), "flag": T("关爱标记"),
    "guardians": T("监护人"), "pupils": T("学生人数"), "classes": T("班级数"), "to": T("去向"),
    "org": T("单位"), "kept": T("保留的学籍"), "gone": T("并掉的学籍"), "spells": T("转来的学籍段"), "aside": T("作废的学籍段"),
    "added": T("新增"), "changed": T("变更"), "moved": T("转到本校"),
}  # fmt: skip
CLASS = {
    "school": T("学校代码"), "stage": T("学段"), "entry_year": T("入学年份"), "number": T("班号"), "title": T("班名"), "head": T("班主任"),
    "from": T("开班日期"), "to": T("撤班日期"),
}  # fmt: skip
TRANSFER = {
    "pupil": T("学生"), "source": T("转出学校"), "target": T("转入学校"), "state": T("状态"), "answer": T("答复"), **SEAT,
}  # fmt: skip
CHILD = {"year": T("学年"), "children": T("儿童人数"), "state": T("核实情况"), "cases": T("排查对象")}


def moved(event: Event) -> Text:
    """办理学籍异动"""
    return T("办理学生%(target)s的%(kind)s", target=event.target_label, kind=event.became.get("kind", ""))


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in SENTENCES.items():
        display.register(action, sentence)
    display.register("pupil.move", moved, kind=T("办理学籍异动"))
    display.titles("pupil", SEAT)
    display.titles("class", CLASS)
    display.titles("transfer", TRANSFER)
    display.titles("child", CHILD)
    display.titles("sweep", CHILD)
