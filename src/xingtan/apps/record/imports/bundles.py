"""A bundle: a place's year as a folder of sheets. Loading it creates the place, puts its pack into force, lays out the tree, fills the
ledgers; all or nothing. A second load changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from xingtan import pack as packs
from xingtan.apps.base.audit.services import Actor
from xingtan.apps.base.orgs import services as orgs
from xingtan.apps.base.orgs.models import Place
from xingtan.apps.record.ledgers import batches
from xingtan.apps.record.ledgers.shape import shape_of
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Where, error
from xingtan.kernel.text import T

from .assemble import Given
from .org_sheet import org_rows
from .pipeline import Plan, nils_of, plan, understand
from .reading.sheets import Workbook
from .staging import stage
from .store import errors_only, issues_of

KEYS = frozenset({"pack", "version", "organisations", "files"})
FILE_KEYS = frozenset({"file", "sheet", "header_row", "ledger", "period"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file did."""

    file: str
    ledger: str
    added: int
    changed: int
    same: int


@dataclass(slots=True)
class Report:
    """What a load did; `issues` are remarks, never errors (those are raised)."""

    place: str
    pack: str
    created: bool = False
    opened: int = 0
    files: list[Loaded] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How much is different from before; 0 on a second load."""
        return int(self.created) + self.opened + sum(item.added + item.changed for item in self.files)


def load_bundle(folder: Path, actor: Actor, *, roots: Iterable[Path] = (), today: date | None = None) -> Report:
    """Load a bundle. Raises XingtanError with every fault of every file, each with its place; then nothing at all was changed."""
    spec = _spec(folder)
    search = (*roots, packs.builtin_root())
    with transaction.atomic():
        place, report = _place(spec, search, actor)
        if spec.get("organisations"):
            loaded = orgs.orgs_load(place=place, rows=org_rows(folder / spec["organisations"]), actor=actor)
            report.opened = loaded.opened + loaded.changed
            report.issues += loaded.issues
        place.refresh_from_db()
        faults: list[Issue] = []
        for item in spec.get("files", ()):
            faults += _load_file(folder, place, item, actor, report=report, today=today or timezone.localdate())
        if faults:
            raise XingtanError(faults)
    return report


def _spec(folder: Path) -> dict[str, Any]:
    path = folder / "bundle.yaml"
    try:
        spec = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise XingtanError.one(
            "bundle.none", T("“%(folder)s”里没有 bundle.yaml", folder=str(folder)), T("请给出数据包所在的文件夹")
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = Where(file=path.name, line=mark.line + 1 if mark else None, column=mark.column + 1 if mark else None)
        raise XingtanError.one("bundle.syntax", T("bundle.yaml 不合 YAML 写法"), T("请核对缩进与冒号"), where) from error
    faults = list(_spec_faults(spec, folder, path.name))
    if faults:
        raise XingtanError(faults)
    return dict(spec)


def _spec_faults(spec: Any, folder: Path, name: str) -> Iterable[Issue]:
    at = Where(file=name)
    if not isinstance(spec, dict) or not isinstance(spec.get("pack"), str) or not isinstance(spec.get("version"), str):
        example = T('例：pack: huinan，version: "2009.1"')
        yield error("bundle.keys", T("bundle.yaml 须写明 pack 和 version（版本加引号）"), at, example)
        return
    yield from _unknown_keys(spec, KEYS, at)
    wanted = [spec.get("organisations")] if spec.get("organisations") else []
    for item in spec.get("files") or ():
        if not isinstance(item, dict) or not isinstance(item.get("file"), str) or not isinstance(item.get("ledger"), str):
            example = T("例：{file: 教育投入.csv, ledger: funds_paid}")
            yield error("bundle.file", T("files 的每一项须有 file 和 ledger"), at, example)
            continue
        yield from _unknown_keys(item, FILE_KEYS, at)
        wanted.append(item["file"])
    for file in dict.fromkeys(map(str, wanted)):
        if not (folder / file).is_file() or folder.resolve() not in (folder / file).resolve().parents:
            message = T("数据包里没有文件 %(file)s", file=file)
            yield error("bundle.missing", message, at, T("请核对文件名，或从 bundle.yaml 里删去"))


def _unknown_keys(said: dict[Any, Any], known: frozenset[str], at: Where) -> Iterable[Issue]:
    hint = T("可用的有：%(keys)s", keys="、".join(sorted(known)))
    for key in sorted(set(map(str, said)) - known):
        yield error("bundle.key", T("不认识的项 %(key)s", key=key), at, hint)


def _place(spec: dict[str, Any], roots: tuple[Path, ...], actor: Actor) -> tuple[Place, Report]:
    path = next((root / spec["pack"] / spec["version"] for root in roots if (root / spec["pack"] / spec["version"]).is_dir()), None)
    if path is None:
        message = T("找不到规则包 %(pack)s 的版本 %(version)s", pack=spec["pack"], version=spec["version"])
        raise XingtanError.one("bundle.pack", message, T("规则包放在 packs/规则包/版本 之下"), Where(file="bundle.yaml"))
    loaded = packs.load(path, roots=roots)
    if loaded.pack is None or loaded.pack.place is None:
        message = T("规则包 %(pack)s 没有写明它属于哪个地方", pack=spec["pack"])
        lacking = error("bundle.place", message, Where(file="pack.yaml"), T("在 pack.yaml 里写明 place"))
        raise XingtanError(loaded.issues or (lacking,))
    found = Place.objects.filter(slug=loaded.pack.id).first()
    home = loaded.pack.place
    place = found or orgs.place_create(slug=loaded.pack.id, title=home.name, code=home.code or loaded.pack.id, kind=home.kind, actor=actor)
    release = orgs.pack_activate(place=place, path=path, actor=actor, roots=roots)
    return place, Report(place.slug, release.hash, created=found is None)


def _load_file(folder: Path, place: Place, item: dict[str, Any], actor: Actor, *, report: Report, today: date) -> list[Issue]:
    """Load one file; returns its errors instead of loading it."""
    try:
        shape = shape_of(place, item["ledger"])
        sheet = Workbook(folder / item["file"]).sheet(item.get("sheet", ""))
    except XingtanError as error:
        return [_placed(issue, item["file"]) for issue in error.issues]
    batches.layout_fixed(shape)
    base = batches.revision(place, shape.ledger.id)
    shape = shape_of(place, item["ledger"])
    made = plan(shape, sheet, understand(shape, sheet, item.get("header_row")), Given(None, item.get("period", "")), today)
    found = issues_of(made, item["file"])
    errors = errors_only(found)
    if errors:
        return errors
    report.issues += found
    counts = made.counts
    report.files.append(Loaded(item["file"], shape.ledger.id, counts["added"], counts["changed"], counts["same"]))
    _write(shape, made, actor, item["file"], base)
    return []


def _write(shape: Any, made: Plan, actor: Actor, label: str, base: int) -> None:
    takes, nils = made.takes, nils_of(made)
    if not takes.height and not nils:
        return
    batch = batches.batch_open(actor=actor, shape=shape, label=label, base=base)
    stage(shape, batch, takes, lambda _done, _total: None)
    batches.batch_commit(actor=actor, batch=batch, nils=nils)


def _placed(issue: Issue, file: str) -> Issue:
    where = Where(file=file, sheet=issue.where.sheet, row=issue.where.row, cell=issue.where.cell, field=issue.where.field)
    return Issue(issue.severity, issue.code, issue.message, where, issue.hint, issue.value)
