"""Claim: an ordinary page answers in under 100 ms on the server, at the size of a county (400 organisations, 1,000 persons).

Judged by processor time, which a busy machine does not change: with SQLite in the process it is what the server spends.
The pages are those of tests/architecture/routes.py that show something to the administrator; the database is a throw-away one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from statistics import median, quantiles

LIMIT_MS = 100
ROUNDS = 10
ORGS, PERSONS = 400, 1000


def county() -> object:
    """The cast's county, grown to size."""
    from tests import cast as casting

    from xingtan.apps.base.orgs import services as orgs
    from xingtan.apps.base.people import services as people

    cast = casting.make_cast()
    day = date(2001, 9, 1)
    rows = [orgs.OrgRow(f"XS-9{n:03}", f"第{n}村小", "village_primary", "XS-12", day) for n in range(ORGS)]
    orgs.orgs_load(place=cast.place, rows=rows, actor=casting.ACTOR)
    for n in range(PERSONS):
        first = people.Appointment(cast.orgs["XS-12"], "teacher", day)
        people.person_create(place=cast.place, name=f"教师{n}", first=first, actor=casting.ACTOR)
    return cast


def measure(cast: object) -> dict[str, list[float]]:
    """Milliseconds of processor time of each page, warm."""
    from django.test import Client
    from django.urls import reverse
    from tests.architecture.routes import ROLES, ROUTES

    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.accounts["administrator"])  # type: ignore[attr-defined]
    found = {}
    for name, route in ROUTES.items():
        if route.method != "GET" or route.answers[ROLES.index("administrator")] != "o":
            continue
        arguments = {key: value(cast) if callable(value) else value for key, value in route.arguments.items()}
        address = reverse(name, kwargs=arguments) + route.query
        client.get(address)
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            assert client.get(address).status_code == 200, name
            times.append(1000 * (time.process_time() - start))
        found[name] = times
    return found


def main() -> int:
    import django
    from django.test.utils import setup_databases, setup_test_environment

    django.setup()
    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    slow = 0
    for name, times in sorted(measure(county()).items(), key=lambda item: -median(item[1])):
        middle, high = median(times), quantiles(times, n=20)[-1]
        slow += middle > LIMIT_MS
        sys.stdout.write(f"{name:32} median {middle:6.1f} ms   95% {high:6.1f} ms{'   TOO SLOW' if middle > LIMIT_MS else ''}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XINGTAN_HOME=folder, DJANGO_SETTINGS_MODULE="xingtan.config.settings")
        code = main()
    sys.exit(code)
