"""From the spec of a pack to a model that can be asked: formulas parsed, typed, free of cycles; programs built as they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xingtan.engine.indicators.program import Program, compile_program
from xingtan.engine.indicators.rewrite import faults_of, mentioned, references, rewritten
from xingtan.engine.indicators.scope import scope_of
from xingtan.engine.indicators.spec import DatasetSpec, IndicatorSpec, ModelSpec
from xingtan.kernel.formula.check import LITERAL, check
from xingtan.kernel.formula.kinds import NUMERIC, Kind
from xingtan.kernel.formula.nodes import Expr
from xingtan.kernel.formula.parser import parse
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T


@dataclass(frozen=True)
class Model:
    """A checked model. `formulas`: indicator → its formula; `key` names everything that plans depend on."""

    spec: ModelSpec
    formulas: Mapping[str, Expr]
    key: str
    datasets: Mapping[str, DatasetSpec]
    indicators: Mapping[str, IndicatorSpec]
    _programs: dict[tuple[str, ...], Program] = field(default_factory=dict, compare=False, repr=False)

    def program(self, indicators: Iterable[str]) -> Program:
        """The plan for some of the indicators, built once. Raises KeyError for one that the model lacks."""
        wanted = tuple(dict.fromkeys(indicators))
        if wanted not in self._programs:
            self._programs[wanted] = compile_program(self.spec, self.formulas, wanted, self.key)
        return self._programs[wanted]


@dataclass(frozen=True, slots=True)
class Compiled:
    """`model` is None when there is an error; every fault of every formula is among the issues."""

    model: Model | None
    issues: tuple[Issue, ...]


def compile_model(spec: ModelSpec) -> Compiled:
    """Parse and check every formula. A literal that should be a parameter is the pack's affair and no issue here."""
    scope, issues, formulas = scope_of(spec), list[Issue](), dict[str, Expr]()
    datasets = {dataset.id: dataset for dataset in spec.datasets}
    for indicator in spec.indicators:
        parsed = parse(indicator.formula)
        checked = check(parsed, scope)
        found = [issue for issue in checked.issues if issue.code != LITERAL]
        if parsed.expr is not None and not any(issue.severity is Severity.ERROR for issue in found):
            found += _further(indicator, parsed.expr, checked.type.kind, spec, datasets)
            formulas[indicator.id] = rewritten(parsed.expr)
        issues += [replace(issue, where=replace(issue.where, field=indicator.id)) for issue in found]
    issues += _cycles(formulas, spec)
    if any(issue.severity is Severity.ERROR for issue in issues):
        return Compiled(None, tuple(issues))
    indicators = {indicator.id: indicator for indicator in spec.indicators}
    return Compiled(Model(spec, formulas, _key(spec), datasets, indicators), tuple(issues))


def _key(spec: ModelSpec) -> str:
    body = repr(
        (
            spec.pack_hash,
            spec.datasets,
            spec.indicators,
            sorted(spec.parameters.items()),
            sorted(spec.org_kinds),
            sorted(spec.tiers.items()),
        )
    )
    return hashlib.sha256(body.encode()).hexdigest()[:24]


def _further(indicator: IndicatorSpec, expr: Expr, kind: Kind, spec: ModelSpec, datasets: Mapping[str, DatasetSpec]) -> list[Issue]:
    """What the checker of single formulas cannot know."""
    issues = faults_of(indicator.formula, expr, {one.id for one in spec.indicators} - set(spec.parameters), datasets)
    if kind not in NUMERIC and kind is not Kind.ANY:
        issues.append(_issue("indicator.type", T("指标的值要是数"), T("写成 count、sum 或算式")))
    used = {node.dataset for node in mentioned(expr)}
    for by in indicator.by:
        for name in sorted(used):
            column = datasets[name].field(by)
            if column is None or column.type not in {"text", "code", "person", "org"}:
                message = T("台账 %(dataset)s 没有可以分组的栏 %(field)s", dataset=name, field=by)
                issues.append(_issue("indicator.by", message, T("by 里的栏，公式用到的每本台账都要有")))
    return issues


def _issue(code: str, message: object, hint: object) -> Issue:
    return Issue(Severity.ERROR, code, message, Where(), hint)  # type: ignore[arg-type]


def _cycles(formulas: Mapping[str, Expr], spec: ModelSpec) -> list[Issue]:
    """One issue for each cycle, naming its members in order."""
    names = set(formulas)
    parameters = set(spec.parameters)
    links = {name: sorted((names - parameters) & set(references(expr))) for name, expr in formulas.items()}
    found: dict[frozenset[str], list[str]] = {}
    done: set[str] = set()
    for start in formulas:
        path: list[str] = []
        _visit(start, links, path, done, found)
    return [
        replace(
            _issue("indicator.cycle", T("指标互相引用成环：%(path)s", path=" → ".join([*path, path[0]])), T("改其中一个指标的公式")),
            where=Where(field=path[0]),
        )
        for path in found.values()
    ]


def _visit(name: str, links: Mapping[str, list[str]], path: list[str], done: set[str], found: dict[frozenset[str], list[str]]) -> None:
    if name in path:
        cycle = path[path.index(name) :]
        found.setdefault(frozenset(cycle), cycle)
        return
    if name in done:
        return
    path.append(name)
    for other in links[name]:
        _visit(other, links, path, done, found)
    path.pop()
    done.add(name)
