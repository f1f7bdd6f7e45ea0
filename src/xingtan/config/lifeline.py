"""A process that answers pages ends with the server that started it: left alone it would hold the port, and nobody would look after it."""

from __future__ import annotations

import os
import signal
import threading
import time

SERVER = "XINGTAN_SERVER_PID"  # set by the server for the processes it starts
FINISH_SECONDS = 5.0


def hold() -> None:
    """Watch the server, when there is one and it is this process's parent."""
    server = int(os.environ.get(SERVER, "0") or 0)
    if server and os.getppid() == server:
        threading.Thread(target=_watch, args=(server,), daemon=True).start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)  # requests in hand are finished
    time.sleep(FINISH_SECONDS)
    os._exit(1)
