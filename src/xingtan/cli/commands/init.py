"""`xingtan init`: make or upgrade the home, and hand the first administrator a one-time link."""

from __future__ import annotations

import click

from xingtan.cli.frame import django_ready, emit, json_option, operator, say
from xingtan.config.home import home


@click.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="网页的地址，用来写出完整的链接")
@json_option
def init(url: str, as_json: bool) -> int:
    """建立数据目录；已有的则升级数据库。还没有管理员时，给出设置密码的一次性链接。不设任何默认密码。"""
    folders()
    django_ready()
    from xingtan.cli.database import migrate

    migrate()
    told = {"home": str(home()), **invitation(url)}
    if as_json:
        emit(told)
        return 0
    say(f"数据目录已就绪：{told['home']}")
    if told["link"]:
        say(f"管理员 {told['login']} 请用下面的链接设置密码（{told['expires']} 前有效，只能用一次）：")
        say(f"  {told['link']}")
    else:
        say("已有能登录的系统管理员，其他人由他在“账号与授权”页邀请。")
    return 0


def folders() -> None:
    """Make the home and its folders, for their owner's eyes only."""
    for folder in (home(), home() / "media", home() / "warehouse", home() / "packs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home().chmod(0o700)


def invitation(url: str) -> dict[str, str]:
    """Return a fresh link for the first administrator; empty texts once an administrator can sign in."""
    from django.utils import timezone

    from xingtan.apps.base.access.services import administrator_invite
    from xingtan.kernel.errors import XingtanError

    try:
        issued = administrator_invite(actor=operator())
    except XingtanError as refused:
        if refused.issues[0].code != "access.administrator_exists":
            raise
        return {"login": "", "link": "", "expires": ""}
    expires = timezone.localtime(issued.expires).strftime("%Y-%m-%d %H:%M")
    return {"login": issued.account.login, "link": url.rstrip("/") + issued.path, "expires": expires}
