"""Found a place and put its pack into force. (Public through `services`.)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from xingtan import pack as packs_of_files
from xingtan.apps.base.audit.services import Actor, record
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where, error
from xingtan.kernel.text import T
from xingtan.pack import Pack

from . import packs, store
from .models import EVER, PackRelease, Place
from .names import name_faults, text_faults
from .selectors import active_pack_or_none
from .tree import Forest, Spell


@transaction.atomic
def place_create(*, slug: str, title: str, code: str, kind: str, actor: Actor, name: str = "", since: date = EVER) -> Place:
    """Found a place: its root organisation (code, name, kind) stands from `since` on. `slug` is the id of its packs."""
    name = name or title
    issues = [*name_faults(code, name), *text_faults("title", T("名称"), title, 200)]
    if Place.objects.filter(slug=slug).exists():
        issues.append(
            error("orgs.place_exists", T("地方 %(slug)s 已经存在", slug=slug), Where(field="slug"), T("换一个标识，或直接使用它"))
        )
    if not slug.isascii() or not slug.replace("_", "").isalnum():
        issues.append(
            error("orgs.slug", T("标识“%(slug)s”不合规", slug=slug[:64]), Where(field="slug"), T("用小写字母、数字和下划线，同规则包标识"))
        )
    if issues:
        raise XingtanError(issues)
    place = Place.objects.create(slug=slug, title=title)
    empty, new = Forest({}), Forest({code: (Spell(name, kind, None, since),)})
    place.root = store.write(place, empty, new)[code]
    place.save(update_fields=["root"])
    record(actor=actor, action="place.create", place=slug, target=place, after={"title": title, "code": code, "name": name, "kind": kind})
    return place


def pack_activate(
    *,
    place: Place,
    path: Path | str,
    actor: Actor,
    roots: Iterable[Path | str] = (),
    conversions: Mapping[str, str] | None = None,
    reason: str = "",
) -> PackRelease:
    """Read, check and put a pack into force. `conversions`: "ledger.field" → drop, text, parse or `rename:NEW`.

    Raises `XingtanError` with every error of the pack and everything in the place that it would leave without meaning.
    Activating the pack that is already in force changes nothing and leaves no event.
    """
    roots = tuple(roots)
    loaded = packs_of_files.load(path, roots=roots)
    issues = list(dict.fromkeys([*loaded.issues, *packs_of_files.check(path, roots=roots)]))
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if loaded.pack is None or errors:
        raise XingtanError(errors or issues)
    return pack_enforce(place=place, pack=loaded.pack, conversions=conversions, actor=actor, reason=reason)


@transaction.atomic
def pack_enforce(*, place: Place, pack: Pack, actor: Actor, conversions: Mapping[str, str] | None = None, reason: str = "") -> PackRelease:
    """Put a pack that was read and checked before into force, as `pack_activate` does."""
    place, conversions = store.lock(place), dict(conversions or {})
    old = active_pack_or_none(place)
    if old is not None and old.hash == pack.hash:
        return PackRelease.objects.get(hash=pack.hash)
    changes = packs.field_changes(old, pack)
    if issues := _faults(place, old, pack, changes, conversions):
        raise XingtanError(issues)
    release = _stored(pack)
    place.pack_release = release
    place.save(update_fields=["pack_release"])
    for watcher in packs.watchers():
        watcher.activated(place, pack, {change: conversions[change.key] for change in changes}, actor)
    record(
        actor=actor, action="pack.activate", place=place.slug, target=place, reason=reason, pack=release.hash,
        before={"version": old.version, "hash": old.hash} if old else None,
        after={"version": release.version, "hash": release.hash, "conversions": conversions},
    )  # fmt: skip
    return release


def _faults(place: Place, old: Pack | None, pack: Pack, changes: list[packs.Change], conversions: Mapping[str, str]) -> list[Issue]:
    found = packs.conversion_faults(changes, conversions, pack) + packs.kind_faults(place, pack)
    if pack.id != place.slug:
        message = T("规则包 %(pack)s 不是为“%(place)s”（%(slug)s）写的", pack=pack.id, place=place.title, slug=place.slug)
        found.append(error("pack.other_place", message, Where(field="pack"), T("在这个地方的文件夹里写自己的规则包，用 extends 继承")))
    for watcher in packs.watchers():
        found += watcher.check(place, old, pack)
    return found


def _stored(pack: Pack) -> PackRelease:
    body = packs_of_files.dump(pack).decode()
    defaults = {"pack_id": pack.id, "version": pack.version, "title": pack.title, "body": body}
    release, _ = PackRelease.objects.get_or_create(hash=pack.hash, defaults=defaults)
    return release
