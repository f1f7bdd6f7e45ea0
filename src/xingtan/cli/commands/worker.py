"""`xingtan worker`: run jobs until told to stop."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

import click

from xingtan.cli.frame import database_ready, note

WATCH_SECONDS = 1.0


@click.command()
@click.option("--with-parent", type=int, default=0, hidden=True, help="父进程结束时也结束")
def worker(with_parent: int) -> int:
    """运行后台进程。按 Ctrl-C 后做完手上的任务再退出；再按一次立即退出，任务会自动重做。"""
    database_ready()
    from xingtan.apps.base.jobs.worker import run_worker

    stop = threading.Event()
    _listen(stop)
    if with_parent:
        threading.Thread(target=_watch, args=(with_parent, stop), daemon=True).start()
    else:
        note("后台进程已启动，按 Ctrl-C 结束。The worker is running; press Ctrl-C to stop.")
    run_worker(stop)
    return 0


def _listen(stop: threading.Event) -> None:
    def asked(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)


def _watch(parent: int, stop: threading.Event) -> None:
    """Stop when the process that started us is gone, however it went."""
    while os.getppid() == parent:
        if stop.wait(WATCH_SECONDS):
            return
    stop.set()
