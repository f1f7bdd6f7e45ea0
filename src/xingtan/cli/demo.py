"""The demonstration home: made once, with the places whose example years come with the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from xingtan.cli.frame import django_ready, note, operator, show_issues
from xingtan.config.home import home
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.text import T

MARK = "demo"
MAKING = "demo.making"
SAMPLE, PUPILS, SEED = "sample", 8000, 1


def prepare() -> None:
    """Make the demonstration home if there is none yet. Raises XingtanError in a home with real data.

    An interrupted making is begun again: loading a bundle twice changes nothing.
    """
    from xingtan.cli.commands.init import folders

    making = home() / MAKING
    if (home() / MARK).exists() and not making.exists():
        return
    if not making.exists():
        _refuse_real()
    note("首次运行：正在建立演示数据，请稍候。First run: preparing the demonstration data.")
    folders()
    making.touch()
    # a process of its own, for all places: the one that serves pages stays small and has no threads of engines before it forks
    if subprocess.run([sys.executable, "-m", "xingtan.cli.demo"], check=False, stdout=subprocess.DEVNULL).returncode != 0:
        raise XingtanError.one("demo.failed", T("演示数据没有建成"), T("原因见上；处理后再运行一次即可接着做"))
    (home() / MARK).touch()
    making.unlink()


def make() -> None:
    """Fill the home: the database, the made-up county and the places with their figures, an account for each role."""
    django_ready()
    from xingtan.apps.record.imports.services import load_bundle
    from xingtan.cli.commands.init import invitation
    from xingtan.cli.database import migrate
    from xingtan.cli.sample.make import make as make_sample
    from xingtan.cli.sample.write import ROSTER

    migrate()
    invitation("")
    note("  demo")
    make_sample(home() / SAMPLE, PUPILS, SEED)
    load_bundle(home() / SAMPLE, operator())
    roster_in(home() / SAMPLE / ROSTER)
    for bundle in bundles():
        note(f"  {bundle.parent.name}")
        load_bundle(bundle.parent, operator())
    _accounts()


def roster_in(file: Path) -> None:
    """Take the made-up pupils in, by the very way of the page."""
    from django.utils import timezone

    from xingtan.apps.record.imports.roster.services import first_day, roster_read, roster_run, roster_upload
    from xingtan.apps.record.imports.services import import_confirm, import_drop
    from xingtan.cli.places import org_of, place_of
    from xingtan.cli.sample.write import PACK

    place, today, actor = place_of(PACK), timezone.localdate(), operator()
    day, data = first_day(place, today), file.read_bytes()
    source = roster_upload(actor=actor, place=place, org=org_of(place, ""), day=day, name=file.name, data=data, each_row_says=True)
    if not roster_read(source=source, today=today).counts["added"]:  # a making that was broken off is begun again
        import_drop(actor=actor, source=source)
        return
    source = import_confirm(actor=actor, source=source, only_good=False, despite_alarm=True)
    roster_run(actor=actor, source=source, today=today)


def bundles() -> list[Path]:
    """The examples that come with the program, from the wheel or the working tree."""
    package = Path(__file__).resolve().parents[1]
    root = next((path for path in (package / "examples", package.parents[1] / "examples") if path.is_dir()), None)
    return sorted(root.glob("*/bundle.yaml")) if root else []


def _refuse_real() -> None:
    """A home that was used for anything else never becomes a demonstration: its doors would stand open to whoever sits at the machine."""
    used = (home() / "db.sqlite3").exists() or bool(os.environ.get("DATABASE_URL"))
    if used:  # a database that some command only looked for is there, and empty
        django_ready()
        from xingtan.cli.database import fault

        found = fault()
        used = found is None or found.code != "database.empty"
    if used:
        message = T("%(home)s 里已有数据，不能当作演示环境", home=home())
        raise XingtanError.one("demo.real", message, T("演示请另用一个数据目录，例如 XINGTAN_HOME=./demo"))


def _accounts() -> None:
    from django.conf import settings

    from xingtan.apps.base.access.demo import demo_accounts
    from xingtan.apps.base.orgs.models import Place
    from xingtan.apps.record.figures.services import snapshot_refresh

    settings.XINGTAN_DEMO = True  # they were read before the mark was set
    for place in Place.objects.exclude(pack_release=None):
        demo_accounts(place=place)
        snapshot_refresh(place=place)


if __name__ == "__main__":
    try:
        make()
    except XingtanError as refused:
        show_issues(refused.issues, as_json=False)
        sys.exit(1)
