"""A pack as pages show it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.kernel.formula import parse
from xingtan.kernel.formula import words as spoken
from xingtan.kernel.issues import Issue
from xingtan.kernel.text import Text
from xingtan.pack import Pack, builtin_root, check, load
from xingtan.pack.codec import plain
from xingtan.pack.scope import titles
from xingtan.ui.named import named

TITLES: dict[str, Promise] = {
    "ledgers": gettext_lazy("台账"),
    "indicators": gettext_lazy("指标"),
    "parameters": gettext_lazy("参数"),
    "reports": gettext_lazy("报告模板"),
    "targets": gettext_lazy("目标责任书"),
    "duties": gettext_lazy("职责频次"),
    "cases": gettext_lazy("事项"),
    "schemes": gettext_lazy("考核办法"),
    "allocations": gettext_lazy("分配办法"),
    "surveys": gettext_lazy("测评"),
    "codes": gettext_lazy("代码表"),
    "norms": gettext_lazy("法规依据"),
    "purposes": gettext_lazy("敏感信息用途"),
    "visibility": gettext_lazy("敏感信息规则"),
    "curricula": gettext_lazy("课程计划"),
    "equity": gettext_lazy("均衡标准"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a noun's list."""

    id: str
    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One item's page: facts in words, the YAML, and where to go from here."""

    title: str
    facts: list[tuple[Any, Any]]
    yaml: str
    link: tuple[str, str] | None


def title(collection: str) -> str:
    """What a noun is called. Raises Http404 for none."""
    if collection not in TITLES:
        raise Http404(collection)
    return str(TITLES[collection])


def noun(pack: Pack, collection: str) -> Mapping[str, Any]:
    title(collection)
    found: Mapping[str, Any] = getattr(pack, collection)
    return found


def shelves(pack: Pack, place: str) -> list[tuple[str, int, str]]:
    """Every noun the pack uses: title, how many items, address."""
    return [
        (str(name), len(noun(pack, key)), reverse("desk:pack_collection", kwargs={"place": place, "collection": key}))
        for key, name in TITLES.items() if noun(pack, key)
    ]  # fmt: skip


def items(pack: Pack, collection: str, place: str) -> list[Item]:
    return [
        Item(
            key,
            _named(one, key),
            _remark(one),
            reverse("desk:pack_item", kwargs={"place": place, "collection": collection, "item": key}),
        )
        for key, one in noun(pack, collection).items()
    ]


def _remark(one: Any) -> str:
    """The most telling short text of an item: value, formula, method, note."""
    if hasattr(one, "required") and hasattr(one, "value"):
        return _("须由本地填写") if one.value is None else f"{one.value}{one.unit}"
    return str(getattr(one, "formula", "") or getattr(one, "method", "") or getattr(one, "document", "") or getattr(one, "note", "") or "")[
        :200
    ]


def facts(pack: Pack) -> list[tuple[Any, Any]]:
    """The pack's card."""
    effective = pack.effective
    span = ""
    if effective is not None:
        span = _("自 %(start)s") % {"start": effective.from_} + (_(" 至 %(end)s") % {"end": effective.to} if effective.to else "")
    return [
        (_("编号"), pack.id), (_("版本"), pack.version), (_("名称"), named(pack)), (_("适用"), span or _("未写明")),
        (_("上级规则包"), "、".join(pack.lineage) or _("无")), (_("内容校验码"), pack.hash),
    ]  # fmt: skip


def shown(pack: Pack, collection: str, key: str, place: str) -> Shown:
    """One item, explained."""
    one = noun(pack, collection)[key]
    lines: list[tuple[Any, Any]] = [(_("编号"), key)]
    if source := getattr(one, "source", None) or getattr(one, "basis", None):
        lines.append((_("依据"), source.words()))
    if collection == "indicators":
        lines.append((_("公式"), words(pack, one.formula)))
    links = {
        "indicators": (_("查看数值"), "figures:figure", {"indicator": key}), "ledgers": (_("打开台账"), "ledgers:list", {"ledger": key}),
    }  # fmt: skip
    link = None
    if collection in links:
        label, name, more = links[collection]
        link = (label, reverse(name, kwargs={"place": place, **more}))
    return Shown(_named(one, key), lines, written(one), link)


def words(pack: Pack, formula: str) -> Text | str:
    """A formula as a clerk would say it, in the reader's language; the formula itself when it cannot be read."""
    parsed = parse(formula)
    return spoken(parsed.expr, titles(pack, named)) if parsed.expr is not None else formula


def _named(one: Any, key: str) -> str:
    return named(one) if hasattr(one, "title") else key


def written(one: Any) -> str:
    """An item as YAML."""
    from ruamel.yaml import YAML

    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.dump(plain(one.model_dump(mode="python", by_alias=True, exclude_defaults=True)), stream)
    return stream.getvalue()


def roots() -> list[Path]:
    """Where packs are looked for: the installation's own, then those that come with the program."""
    return [Path(settings.XINGTAN_HOME) / "packs", builtin_root()]


def versions(pack_id: str) -> dict[str, Path]:
    """The versions that lie ready, newest first."""
    found = {
        path.name: path for root in reversed(roots()) if (root / pack_id).is_dir() for path in (root / pack_id).iterdir() if path.is_dir()
    }
    return dict(sorted(found.items(), reverse=True))


def findings(pack: Pack) -> tuple[tuple[Issue, ...], bool]:
    """The lint's findings on the folder the pack came from, and whether that folder still holds exactly this pack."""
    folder = versions(pack.id).get(pack.version)
    if folder is None:
        return (), False
    loaded = load(folder, roots=roots()).pack
    return tuple(_placed(issue) for issue in check(folder, roots=roots())), loaded is not None and loaded.hash == pack.hash


def _placed(issue: Issue) -> Issue:
    """An issue whose file is named from the folder of packs on: where the server keeps them is nobody's business."""
    for root in roots():
        if issue.where.file.startswith(f"{root}/"):
            return replace(issue, where=replace(issue.where, file=issue.where.file.removeprefix(f"{root}/")))
    return issue
