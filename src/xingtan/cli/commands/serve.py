"""`xingtan serve`: the pages, and beside them a worker that is started again when it dies."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from xingtan.cli.frame import database_ready, note
from xingtan.config import lifeline
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FINISH_SECONDS = 20.0
WHY = {
    errno.EADDRINUSE: T("端口已被占用"),
    errno.EACCES: T("没有权限用这个端口（1024 以下的端口归系统管理员）"),
    errno.EADDRNOTAVAIL: T("本机没有这个地址"),
}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听的端口")
@click.option("--workers", default=0, type=click.IntRange(0, 64), help="网页进程数，默认按处理器数")
@click.option("--public", is_flag=True, help="允许监听本机以外的地址")
@click.option("--demo", is_flag=True, help="演示：数据目录是新的就装入四个地方的实例，登录页给出各岗位按钮")
def serve(host: str, port: int, workers: int, public: bool, demo: bool) -> int:
    """启动服务：网页和后台进程。按 Ctrl-C 结束。"""
    refuse_address(host, port, public)
    if demo:
        from xingtan.cli.demo import prepare

        prepare()
    database_ready()
    with worker_beside():
        web(host, port, workers or min(4, os.cpu_count() or 1))
    note("杏坛已停止。Xingtan has stopped.")
    return 0


def refuse_address(host: str, port: int, public: bool) -> None:
    """Refuse to show the house to the network by accident, and a port that is taken."""
    if host not in LOOPBACK and not public:
        message = T("%(host)s 不是本机地址，其他电脑将能访问", host=host)
        raise XingtanError.one("serve.public", message, T("确需对外服务，请加 --public，并用 HTTPS 反向代理（XINGTAN_BEHIND_TLS=1）"))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = WHY.get(error.errno or 0, T("%(text)s", text=error.strerror or error))
            message = T("不能在 %(host)s:%(port)s 上监听：%(why)s", host=host, port=port, why=why)
            hint = T("可能已有一个杏坛在运行，或刚被强行结束、几秒后才放开端口；先结束它，或换一个端口用 --port")
            raise XingtanError.one("serve.port", message, hint) from error


def web(host: str, port: int, workers: int) -> None:
    """Serve pages until Ctrl-C or SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingtan.config.settings")
    os.environ[lifeline.SERVER] = str(os.getpid())
    announce(host, port)
    server = Granian(
        "xingtan.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=4,
        websockets=False, log_level=LogLevels.warning, respawn_failed_workers=True, workers_kill_timeout=10, backpressure=256,
    )  # fmt: skip
    server.serve()


def announce(host: str, port: int) -> None:
    """Say the address as soon as it answers."""

    def wait() -> None:
        for _ in range(600):
            try:
                with socket.create_connection((host, port), timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        shown = f"[{host}]" if ":" in host else host
        note(f"杏坛已启动，请在浏览器打开 http://{shown}:{port}/ ，按 Ctrl-C 结束。")
        note(f"Xingtan is running at http://{shown}:{port}/ (press Ctrl-C to stop).")

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep one worker process running; at the end let it finish the job in hand."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stop,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(timeout=FINISH_SECONDS + 5)


def _keep(stop: threading.Event) -> None:
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        child = _start()
        while child.poll() is None and not stop.wait(0.5):
            pass
        if stop.is_set():
            _finish(child)
            return
        # one that dies at once is not started again at once
        pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        note(f"后台进程意外结束（{child.returncode}），{pause:.0f} 秒后重新启动")
        stop.wait(pause)


def _start() -> subprocess.Popen[bytes]:
    # its own session: Ctrl-C reaches this process alone, which then tells the worker
    command = [sys.executable, "-m", "xingtan.cli.main", "worker", "--with-parent", str(os.getpid())]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program


def _finish(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=FINISH_SECONDS)
    except subprocess.TimeoutExpired:  # its job goes back to the queue and is done again
        child.kill()
        child.wait()
