"""How the audit log tells what happens to persons and posts."""

from __future__ import annotations

from xingtan.apps.base.audit import display
from xingtan.kernel.text import T

PARTICULARS = {
    "id_kind": T("证件类型"), "id_number": T("证件号"), "ethnic": T("民族"),
    "former_name": T("曾用名"), "phone": T("电话"), "address": T("住址"),
}  # fmt: skip


def register() -> None:
    """Once, when the app starts."""
    display.register("person.create", T("新增人员%(target)s"))
    display.register("person.change", T("修改%(target)s的资料"))
    display.register("post.appoint", T("%(target)s任职"))
    display.register("post.end", T("%(target)s免职"))
    display.register("post.rehome", T("把任职改归%(target)s"))
    posts = {
        "post": T("职务"), "org": T("组织代码"), "org_name": T("组织"), "from": T("任职日期"), "to": T("免职日期"),
        "basis": T("依据"), "persons": T("人员"),
    }  # fmt: skip
    display.titles("post", posts)
    display.titles("person", {**posts, "name": T("姓名"), "sex": T("性别"), "birth": T("出生日期"), "note": T("备注"), **PARTICULARS})
