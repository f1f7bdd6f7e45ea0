"""The checks of `xingtan doctor`. A check that cannot be made is a finding, never a crash."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from xingtan.cli.frame import django_ready
from xingtan.config.home import home
from xingtan.kernel.text import T, Text

LOW_DISK = 1 * 1024**3
SCARCE_DISK = 200 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `remedy` is None when all is well."""

    check: str
    state: Literal["ok", "warning", "error"]
    says: Text
    remedy: Text | None = None


def examine() -> list[Finding]:
    """Make every check; those that need the database only when it is there."""
    found = [*_python(), *_home(), *_disk(), *_guarded("fonts", _fonts)]
    try:
        django_ready()
    except Exception as fault:
        message = T("程序载入失败：%(fault)s", fault=f"{type(fault).__name__}: {fault}")
        return [*found, Finding("django", "error", message, T("请重新安装（make setup），并核对 DATABASE_URL 等环境变量"))]
    database = _guarded("database", _database)
    found += database
    if all(one.state != "error" for one in database):
        for name, check in _OF_THE_DATABASE.items():
            found += _guarded(name, check)
    return found


def _keys() -> Iterable[Finding]:
    from xingtan.apps.base.vault import keyring
    from xingtan.apps.base.vault.reseal import keys_in_use

    used, path = keys_in_use(), keyring.path()
    if not used:
        yield Finding("keys", "ok", T("没有密封的内容"))
        return
    if not path.exists() or set(used) - set(keyring.ring().keys):
        yield Finding("keys", "error", T("密钥文件 %(path)s 缺少密钥，有密封内容打不开", path=path), T("从备份恢复当时的 keys.json"))
    elif path.stat().st_mode & 0o077:
        yield Finding(
            "keys", "warning", T("同一台机器上的其他用户能读 %(names)s", names=path.name), T("请运行：chmod 600 %(path)s", path=path)
        )
    else:
        yield Finding("keys", "ok", T("密封内容 %(count)s 项，密钥齐全", count=sum(used.values())))


def _guarded(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as fault:
        message = T("“%(name)s”这一项没有查成：%(fault)s", name=name, fault=f"{type(fault).__name__}: {fault}")
        return [Finding(name, "error", message, T("请把这条信息发给维护人员"))]


def _python() -> Iterable[Finding]:
    import sqlite3

    version = ".".join(map(str, sys.version_info[:3]))
    says = T("Python %(version)s，SQLite %(sqlite)s", version=version, sqlite=sqlite3.sqlite_version)
    if sys.version_info >= (3, 14):
        yield Finding("python", "warning", says, T("本版本在 Python 3.11 至 3.13 上测试过"))
    else:
        yield Finding("python", "ok", says)


def _home() -> Iterable[Finding]:
    folder = home()
    if not folder.is_dir():
        yield Finding("home", "error", T("数据目录 %(home)s 不存在", home=folder), T("请先运行 xingtan init，或核对 XINGTAN_HOME"))
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("home", "error", T("数据目录 %(home)s 不能写", home=folder), T("请把它的属主改为运行程序的用户"))
        return
    shown = [path.name for path in (folder, folder / "secret.key") if path.exists() and path.stat().st_mode & 0o077]
    if shown:
        says = T("同一台机器上的其他用户能读 %(names)s", names="、".join(shown))
        yield Finding("home", "warning", says, T("请运行：chmod -R go-rwx %(home)s", home=folder))
    else:
        yield Finding("home", "ok", T("数据目录 %(home)s 可写，只有属主能读", home=folder))


def _disk() -> Iterable[Finding]:
    folder = home()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    size = f"{free / 1024**3:.1f}"
    if free < SCARCE_DISK:
        yield Finding("disk", "error", T("磁盘只剩 %(size)s GB", size=size), T("请清理磁盘；写满后数据库不能保存"))
    elif free < LOW_DISK:
        yield Finding("disk", "warning", T("磁盘只剩 %(size)s GB", size=size), T("请尽快清理磁盘，或把数据目录移到大盘"))
    else:
        yield Finding("disk", "ok", T("磁盘剩余 %(size)s GB", size=size))


def _fonts() -> Iterable[Finding]:
    from xingtan.press.fonts import font_folders

    faces = [path for folder in font_folders() for path in folder.rglob("*") if path.suffix.lower() in {".otf", ".ttf", ".ttc"}]
    if faces:
        yield Finding("fonts", "ok", T("公文字体 %(count)s 个", count=len(faces)))
    else:
        yield Finding("fonts", "warning", T("没有中文字体，PDF 会缺字"), T("请运行 make setup，或用 XINGTAN_FONTS 指定字体文件夹"))


def _database() -> Iterable[Finding]:
    from django.db import connection

    from xingtan.cli.database import fault

    found = fault()
    if found is not None:
        yield Finding("database", "error", found.message, found.hint)
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            cursor.execute("PRAGMA quick_check")
            intact = cursor.fetchone()[0] == "ok"
            if not intact:
                yield Finding("database", "error", T("数据库文件已损坏"), T("请停止服务，用最近的备份恢复（xingtan restore）"))
                return
            says = T("SQLite（%(mode)s），结构与程序一致，文件完好", mode=mode)
        else:
            cursor.execute("SHOW server_version")
            says = T("PostgreSQL %(version)s，结构与程序一致", version=cursor.fetchone()[0])
    yield Finding("database", "ok", says)


def _audit() -> Iterable[Finding]:
    from xingtan.apps.base.audit.models import Event
    from xingtan.apps.base.audit.verify import verify

    issues = tuple(verify())
    if issues:
        says = T("操作记录有 %(count)s 处被改动或缺失，第一处：%(first)s", count=len(issues), first=issues[0])
        yield Finding("audit", "error", says, T("请保留现场，运行 xingtan audit verify 看全部，并报告负责人"))
    else:
        yield Finding("audit", "ok", T("操作记录 %(count)s 条，哈希相连，无改动", count=Event.objects.count()))


def _tree() -> Iterable[Finding]:
    from xingtan.apps.base.orgs.models import Place

    places = list(Place.objects.select_related("pack_release"))
    bare = [place.title for place in places if place.pack_release is None]
    if bare:
        says = T("没有启用规则包的地区：%(names)s", names="、".join(bare))
        yield Finding("packs", "warning", says, T("请运行 xingtan pack activate，或在规则包页面启用"))
    else:
        yield Finding("packs", "ok", T("%(count)s 个地区都有启用的规则包", count=len(places)))


def _worker() -> Iterable[Finding]:
    from django.utils import timezone

    from xingtan.apps.base.jobs.models import Job, State
    from xingtan.apps.base.jobs.selectors import last_beat, worker_lives

    waiting = Job.objects.filter(state=State.QUEUED, not_before__lte=timezone.now()).count()
    if worker_lives():
        yield Finding("worker", "ok", T("后台进程在运行，排队 %(waiting)s 项", waiting=waiting))
        return
    beat = last_beat()
    when = timezone.localtime(beat).strftime("%Y-%m-%d %H:%M") if beat else "—"
    says = T("后台进程没有运行（最近一次 %(when)s），排队 %(waiting)s 项", when=when, waiting=waiting)
    yield Finding("worker", "warning", says, T("xingtan serve 会带起后台进程；也可单独运行 xingtan worker"))


def _administrator() -> Iterable[Finding]:
    from xingtan.apps.base.access.models import Account

    able = [one for one in Account.objects.filter(is_administrator=True, is_active=True, is_demo=False) if one.has_usable_password()]
    if able:
        yield Finding("administrator", "ok", T("能登录的系统管理员 %(count)s 位", count=len(able)))
    else:
        yield Finding("administrator", "warning", T("还没有能登录的系统管理员"), T("请运行 xingtan init 取得一次性链接"))


def _demo() -> Iterable[Finding]:
    from django.conf import settings

    from xingtan.apps.base.access.models import Account

    if settings.XINGTAN_DEMO:
        remedy = T("只供试用；正式数据请另用一个数据目录")
        yield Finding("demo", "warning", T("这是演示环境：本机的人不用密码就能进入"), remedy)
    elif Account.objects.filter(is_demo=True, is_active=True).exists():
        yield Finding("demo", "warning", T("留有演示账号（已不能登录）"), T("请在账号页停用，或换一个新的数据目录"))


_OF_THE_DATABASE: dict[str, Callable[[], Iterable[Finding]]] = {
    "audit": _audit, "tree": _tree, "worker": _worker, "administrator": _administrator, "demo": _demo, "keys": _keys,
}  # fmt: skip
