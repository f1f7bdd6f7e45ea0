"""Uploaded sheets hold identity numbers in plain: whether they were confirmed or not, they are deleted after an hour."""

from __future__ import annotations

from xingtan.apps.base.jobs.registry import task
from xingtan.apps.base.jobs.run import Run
from xingtan.apps.record.imports import files
from xingtan.kernel.text import T


@task("staffing.forget", title=T("删除已看过的上传表格"))
def forget(run: Run) -> None:
    files.forget(str(run.payload["file"]))
