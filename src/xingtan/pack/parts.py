"""The layers of a chain laid over each other and validated: the parts of one pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T

from .build import build
from .codec import Pack
from .files import PackFile
from .merge import joined, lay_over, without_markers
from .schema.allocation import Allocation
from .schema.calendar import Calendar
from .schema.case import Case
from .schema.codes import CodeTable
from .schema.curriculum import Curriculum
from .schema.duty import Duty
from .schema.equity import EquityStandard
from .schema.golden import Golden
from .schema.indicator import Indicator
from .schema.ledger import Ledger
from .schema.manifest import Manifest
from .schema.norms import Norm
from .schema.organisation import Organisation
from .schema.parameters import Parameter
from .schema.phrases import Phrases
from .schema.report import Report
from .schema.scheme import Scheme
from .schema.survey import Survey
from .schema.target import Target
from .schema.trust import Purpose, Sight
from .schema.waivers import Waiver
from .sources import Sources
from .tree import Node

COLLECTIONS: dict[str, type[BaseModel]] = {
    "parameters": Parameter,
    "codes": CodeTable,
    "ledgers": Ledger,
    "indicators": Indicator,
    "targets": Target,
    "duties": Duty,
    "cases": Case,
    "schemes": Scheme,
    "allocations": Allocation,
    "surveys": Survey,
    "reports": Report,
    "purposes": Purpose,
    "visibility": Sight,
    "norms": Norm,
    "curricula": Curriculum,
    "equity": EquityStandard,
    "golden": Golden,
}
SINGLES: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {  # with the keys whose lists are joined to the parent's
    "organisation": (Organisation, ("kinds", "posts")),
    "calendar": (Calendar, ("days", "dated_terms")),
    "phrases": (Phrases, ("set_phrases", "document_words", "measure_words")),
}
_NOT_INHERITED = frozenset({"golden", "waivers"})


@dataclass(slots=True)
class Layer:
    """One pack of the chain: its manifest and the nodes of its files."""

    folder: Path
    manifest: Manifest
    nodes: list[tuple[PackFile, Node]]


@dataclass(slots=True)
class Parts:
    """The collections while the layers are laid over each other."""

    layers: list[Layer]
    sources: Sources
    issues: list[Issue]
    items: dict[str, dict[str, Node]] = field(default_factory=lambda: {name: {} for name in COLLECTIONS})
    singles: dict[str, Node] = field(default_factory=dict)
    waivers: list[Node] = field(default_factory=list)
    broken: bool = False

    def lay(self) -> None:
        last = self.layers[-1]
        for layer in self.layers:
            for name in COLLECTIONS:
                if name in _NOT_INHERITED and layer is not last:
                    continue
                listed = [item for file, node in layer.nodes if file.fills == name for item in self._listed(node)]
                self.issues.extend(lay_over(self.items[name], listed, self.sources))
            for file, node in layer.nodes:
                if file.fills in SINGLES:
                    self.singles[file.fills] = joined(self.singles.get(file.fills), node, SINGLES[file.fills][1])
                elif file.fills == "waivers" and layer is last:
                    self.waivers = self._listed(node)

    def _listed(self, node: Node) -> list[Node]:
        """The items of a file: a list, or a single mapping."""
        items = node.value if node.is_list else [node]
        if node.value is None or node.value == {}:
            return []
        wrong = [item for item in items if not item.is_map]
        for item in wrong:
            hint = T("每条以 - id: … 开头")
            message = T("这里应是一条一条的列表")
            self.issues.append(self.sources.issue((Severity.ERROR, "pack.shape"), message, item, hint=hint))
        return [item for item in items if item.is_map]

    def pack(self) -> Pack | None:
        manifest = self.layers[-1].manifest
        values: dict[str, Any] = {name: self._built(name, model) for name, model in COLLECTIONS.items()}
        for name, (model, _) in SINGLES.items():
            if (node := self.singles.get(name)) is not None and node.value is not None:
                self.sources.items[(name, "")] = node
                values[name] = self._one(model, node)
        values["waivers"] = tuple(self._one(Waiver, node, ("waivers", f"{at}")) for at, node in enumerate(self.waivers))
        if self.broken or any(issue.severity is Severity.ERROR for issue in self.issues):
            return None
        lineage = tuple(f"{layer.manifest.id}@{layer.manifest.version}" for layer in self.layers[:-1])
        return Pack.model_construct(None, **{**_head(manifest), **values, "lineage": lineage})  # every part is validated already

    def _built(self, name: str, model: type[BaseModel]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, node in self.items[name].items():
            made = self._one(model, without_markers(node), (name, key))
            if made is not None:
                found[key] = made
        return found

    def _one(self, model: type[BaseModel], node: Node, key: tuple[str, str] | None = None) -> object:
        if key is not None:
            self.sources.items[key] = node
        made, issues = build(model, node, self.sources)
        self.issues.extend(issues)
        self.broken = self.broken or made is None
        return made


def _head(manifest: Manifest) -> dict[str, object]:
    names = ("id", "version", "title", "title_en", "note", "extends", "place", "effective", "sources")
    return {name: getattr(manifest, name) for name in names}
