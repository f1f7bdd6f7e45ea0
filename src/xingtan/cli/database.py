"""Whether the database is there and fits this version."""

from __future__ import annotations

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import T


def fault() -> Issue | None:
    """Return why the database cannot be used, or None."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        ahead = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    except DatabaseError as error:
        return _one("database.away", "数据库连接不上：%(error)s", "请检查 DATABASE_URL 和数据库服务", error=str(error).strip())
    if ahead:
        names = "、".join(sorted(f"{app}.{name}" for app, name in ahead))
        return _one("database.newer", "数据库来自更新的版本（%(names)s）", "请升级程序，或用旧版本的备份恢复", names=names)
    if behind and not executor.loader.applied_migrations:
        return _one("database.empty", "数据目录还没有建立", "请先运行 xingtan init")
    if behind:
        return _one("database.behind", "数据库落后于程序，差 %(count)s 步", "请先备份，再运行 xingtan init 升级", count=len(behind))
    return None


def refuse_unready() -> None:
    found = fault()
    if found is not None:
        raise XingtanError((found,))


def migrate() -> None:
    """Bring the database up to this version."""
    call_command("migrate", interactive=False, verbosity=0)


def _one(code: str, message: str, hint: str, **params: object) -> Issue:
    return XingtanError.one(code, T(message, **params), T(hint)).issues[0]
