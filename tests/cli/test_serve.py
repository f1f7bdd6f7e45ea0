"""`serve` with its worker, `init` and `doctor`, as real processes in a home of their own."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.cli.homes import command, environ, ok, refused, run

BEATS = "import django; django.setup()\nfrom xingtan.apps.base.jobs.models import Worker\nprint(Worker.objects.count())"
JOB = """
import django; django.setup()
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.jobs.services import enqueue
print(enqueue(kind="jobs.tidy", actor=Actor.system("试验")).pk)
"""
STATE = "import django; django.setup()\nfrom xingtan.apps.base.jobs.models import Job\nprint(Job.objects.get(pk={pk}).state)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, begun: Callable[[Path], Path]) -> Path:
    return begun(tmp_path_factory.mktemp("serve") / "home")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        return get(port, "/sign-in/")[0] == 200
    except OSError:
        return False


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command("serve", "--port", str(port), "--workers", "1"),
        env=environ(home),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            until(lambda: answers(port))
            yield server
        finally:
            with suppress(ProcessLookupError):  # all of its processes: those that answer pages outlive a killed server
                os.killpg(server.pid, signal.SIGKILL)


def workers_of(server: subprocess.Popen[str]) -> list[int]:
    """The worker processes that this server started (they lead sessions of their own)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--with-parent" in line and line[line.index(b"--with-parent") + 1] == str(server.pid).encode():
            found.append(int(folder.name))
    return found


def test_it_serves_works_says_so_and_stops_cleanly(home: Path) -> None:
    port = free_port()
    with serving(home, port) as server:
        status, page = get(port, "/sign-in/")
        assert status == 200
        assert "演示环境" not in page, "not a demonstration home"
        assert get(port, "/jobs/")[0] == 302
        assert get(port, "/sign-in/", Host="evil.example")[0] == 400
        pk = ok(home, code=JOB).strip()
        until(lambda: ok(home, code=STATE.format(pk=pk)).strip() == "done")
        second = run(home, "serve", "--port", str(port))
        assert second.returncode == 1
        assert "端口已被占用" in second.stderr
        assert "换一个端口用 --port" in second.stderr
        server.send_signal(signal.SIGINT)
        told = server.communicate(timeout=60)[1]
        assert server.returncode == 0
    assert f"http://127.0.0.1:{port}/" in told
    assert "Xingtan is running" in told
    assert "Traceback" not in told
    assert ok(home, code=BEATS).strip() == "0"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks processes up in /proc")
def test_a_dead_worker_is_started_again_and_none_outlives_the_server(home: Path) -> None:
    with serving(home, free_port()) as server:
        until(lambda: bool(workers_of(server)))
        first = workers_of(server)[0]
        os.kill(first, signal.SIGKILL)
        until(lambda: bool(set(workers_of(server)) - {first}))
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until(lambda: not workers_of(server))


@pytest.mark.skipif(not hasattr(os, "getppid"), reason="looks at its parent")
def test_nobody_holds_the_port_of_a_server_that_was_killed(home: Path) -> None:
    port = free_port()
    with serving(home, port) as server:
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until(lambda: not answers(port), 30)
        until(lambda: bindable(port), 30)


def bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_init_hands_out_a_link_until_somebody_used_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = ok(home, "init", "--json", "--url", "https://edu.example.cn/")
    second = ok(home, "init", "--json")
    assert re.fullmatch(r"https://edu\.example\.cn/link/[\w-]{43}/", first["link"])
    assert first["link"][-44:] != second["link"][-44:]
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "secret.key").stat().st_mode & 0o077 == 0
    redeem = f"""
import django; django.setup()
from xingtan.apps.base.access.links import link_redeem
print(link_redeem(token={second["link"].rstrip("/").rsplit("/", 1)[1]!r}, password="梨花院落溶溶月-42").login)
"""
    assert ok(home, code=redeem).strip() == "admin"
    assert ok(home, "init", "--json")["link"] == ""


def test_doctor_names_each_fault_with_its_remedy(tmp_path: Path, home: Path) -> None:
    done = run(tmp_path / "new", "doctor", "--json")
    found = {one["check"]: one for one in json.loads(done.stdout)}
    assert done.returncode == 1
    assert found["database"]["state"] == "error"
    assert "xingtan init" in found["database"]["remedy"]
    assert all(one["remedy"] for one in found.values() if one["state"] != "ok")
    good = ok(home, "doctor", "--json")
    assert {one["check"] for one in good if one["state"] == "error"} == set()
    assert {"python", "home", "disk", "fonts", "database", "audit", "worker", "administrator", "packs"} <= {one["check"] for one in good}


def test_doctor_sees_a_touched_log(tmp_path: Path, begun: Callable[[Path], Path]) -> None:
    home = begun(tmp_path / "home")
    tamper = """
import django; django.setup()
from xingtan.apps.base.audit import guard
from xingtan.apps.base.audit.models import Event
with guard.unlocked():
    Event.objects.filter(sequence=1).update(actor_label="别人")
"""
    ok(home, code=tamper)
    done = run(home, "doctor", "--json")
    assert done.returncode == 1
    assert next(one for one in json.loads(done.stdout) if one["check"] == "audit")["state"] == "error"
    assert run(home, "audit", "verify", "--json").returncode == 1


def test_an_unknown_place_or_version_names_what_there_is(home: Path) -> None:
    assert refused(home, "pack", "activate", "nowhere", "2009.1") == ["place.unknown"]


def test_serving_needs_a_home(tmp_path: Path) -> None:
    done = run(tmp_path / "new", "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "xingtan init" in done.stderr


def test_a_home_with_data_never_becomes_a_demonstration(tmp_path: Path, begun: Callable[[Path], Path]) -> None:
    home = begun(tmp_path / "home")
    done = run(home, "serve", "--demo", "--port", str(free_port()))
    assert done.returncode == 1
    assert "不能当作演示环境" in done.stderr
    assert not (home / "demo").exists()


def test_a_home_that_was_only_looked_at_may_still_become_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert refused(home, "figures", "--place", "xishan", "--period", "2009") == ["database.empty"]
    assert run(home, "doctor").returncode == 1
    assert (home / "db.sqlite3").exists()
    ok(home, code="from xingtan.cli.demo import _refuse_real\n_refuse_real()")
