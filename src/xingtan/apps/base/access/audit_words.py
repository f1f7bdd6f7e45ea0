"""How the audit log tells what happens to accounts and grants."""

from __future__ import annotations

from xingtan.apps.base.audit import display
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.base.orgs.selectors import active_pack_or_none
from xingtan.kernel.text import T
from xingtan.ui.named import named

from .unmask import KINDS

ACCESS = {
    "account_create": T("新建账号%(target)s"),
    "account_change": T("修改账号%(target)s"),
    "account_deactivate": T("停用账号%(target)s"),
    "account_activate": T("启用账号%(target)s"),
    "demo_account": T("建立演示账号%(target)s"),
    "link_issue": T("给%(target)s发一次性链接"),
    "password_set": T("%(target)s设置密码"),
    "password_demand": T("要求%(target)s修改密码"),
    "sessions_end": T("退出%(target)s的全部登录"),
    "sign_in": T("%(target)s登录"),
    "unlock": T("解除%(target)s的登录锁定"),
    "factor_on": T("%(target)s启用动态验证码"),
    "factor_off": T("停用%(target)s的动态验证码"),
    "recovery_used": T("%(target)s用恢复码登录"),
    "session_end": T("%(target)s退出一次登录"),
    "lock": T("%(target)s连续登录失败，暂时锁定"),
    "grant_give": T("授权给%(target)s"),
    "grant_end": T("收回%(target)s的授权"),
    "grant_rehome": T("%(target)s的授权改挂到别的组织"),
}
TRUST = {
    "purpose.ask": T("%(target)s申请查看敏感信息"),
    "purpose.grant": T("批准%(target)s查看敏感信息"),
    "purpose.refuse": T("不批准%(target)s查看敏感信息"),
    "purpose.end": T("收回%(target)s查看敏感信息的批准"),
    "vault.rotate": T("更换密钥，现用%(target)s"),
    "sealed.reveal": T("查看%(target)s的敏感信息"),
    "export.people": T("导出%(target)s"),
    "export.ledger": T("导出%(target)s"),
    "export.outside": T("准许向县外提供%(target)s"),
    "export.refused": T("向县外提供%(target)s，被系统拒绝"),
}


def register() -> None:
    """Once, when the app starts."""
    for action, sentence in ACCESS.items():
        display.register(f"access.{action}", sentence)
    display.titles("access", {
        "login": T("登录名"), "display_name": T("显示名"), "person": T("对应人员"), "language": T("界面语言"),
        "administrator": T("系统管理员"), "by": T("方式"), "purpose": T("用途"), "expires": T("有效至"), "failures": T("失败次数"),
        "org": T("组织代码"), "post": T("职务"), "left": T("剩余恢复码"), "began": T("登录时间"), "from": T("起"), "to": T("止"),
    })  # fmt: skip
    _purposes()


def _purpose(said: str) -> str:
    """`PLACE@ID` as the purpose's title under the pack in force."""
    slug, _at, name = said.partition("@")
    place = Place.objects.filter(slug=slug).first()
    pack = active_pack_or_none(place) if place else None
    found = pack.purposes.get(name) if pack else None
    return named(found) if found else name


def _purposes() -> None:
    for action, sentence in TRUST.items():
        display.register(action, sentence)
    display.values("sealed.kind", lambda kind: KINDS.get(kind, T("%(name)s", name=kind)))
    display.values("purpose@", _purpose)
    display.titles("export", {
        "rows": T("行数"), "filter": T("条件"), "to": T("接收单位"), "purpose": T("用途"), "org": T("组织代码"),
    })  # fmt: skip
    display.titles("purpose", {
        "purpose": T("用途"), "org": T("组织代码"), "days": T("天数"), "state": T("状态"), "from": T("起"), "to": T("止"),
    })  # fmt: skip
    display.titles("vault", {"key": T("密钥"), "rows": T("行数")})
    display.titles("sealed", {"field": T("栏"), "kind": T("信息种类"), "purpose": T("用途")})
