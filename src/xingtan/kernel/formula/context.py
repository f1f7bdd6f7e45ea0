"""What the checker carries along: scope, findings, uses; and what a name means where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xingtan.kernel.formula import nodes as n
from xingtan.kernel.formula.faults import Fault, did_you_mean
from xingtan.kernel.formula.kinds import KIND_TITLES, ROW_NAMES, TIME_NAMES, FieldType, Kind, Scope
from xingtan.kernel.formula.signatures import SIGNATURES
from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T, Text

ANY = FieldType(Kind.ANY)  # the type of what is faulty already: it suits everywhere, so that one slip gives one message


@dataclass(frozen=True, slots=True)
class Uses:
    """What a formula refers to."""

    datasets: frozenset[str] = frozenset()
    fields: frozenset[tuple[str, str]] = frozenset()
    parameters: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()


@dataclass(slots=True)
class Context:
    """One check under way."""

    scope: Scope
    faults: list[Fault] = field(default_factory=list)
    used: dict[str, set[str]] = field(default_factory=dict)
    used_fields: set[tuple[str, str]] = field(default_factory=set)

    def fault(self, code: str, message: Text, node: n.Expr, hint: Text | None = None, severity: Severity = Severity.ERROR) -> FieldType:
        self.faults.append(Fault(f"formula.{code}", message, node.span, hint, severity=severity))
        return ANY

    def use(self, what: str, name: str) -> None:
        self.used.setdefault(what, set()).add(name)

    def uses(self) -> Uses:
        return Uses(fields=frozenset(self.used_fields), **{what: frozenset(names) for what, names in self.used.items()})

    def dataset(self, name: str, node: n.Expr) -> bool:
        """Whether the dataset exists; a fault if it does not."""
        if name in self.scope.datasets:
            self.use("datasets", name)
            return True
        self.unknown(T("没有台账或名册 %(name)s", name=name), name, node, self.scope.datasets)
        return False

    def column(self, node: n.Field) -> FieldType:
        """The type of `dataset.field`."""
        if not self.dataset(node.dataset, node):
            return ANY
        fields = self.scope.datasets[node.dataset]
        found = fields.get(node.field)
        if found is None:
            return self.unknown(T("台账 %(dataset)s 没有栏 %(name)s", dataset=node.dataset, name=node.field), node.field, node, fields)
        self.used_fields.add((node.dataset, node.field))
        return found

    def unknown(self, message: Text, name: str, node: n.Expr, known: Iterable[str]) -> FieldType:
        names = sorted(known)
        listing = T("可用的有：%(names)s", names="、".join(names[:12]) + ("…" if len(names) > 12 else "")) if names else None
        return self.fault("unknown_name", message, node, did_you_mean(name, names) or listing)

    def name(self, node: n.Name, row: str | None) -> FieldType:
        """A bare name: column of the row, name of the place of writing, parameter, indicator, time."""
        if row is not None:
            fields = self.scope.datasets.get(row, {})
            if node.id in fields:
                self.used_fields.add((row, node.id))
                return fields[node.id]
            if node.id in ROW_NAMES:
                return ROW_NAMES[node.id]
        tables = (
            ("extra", self.scope.extra),
            ("parameters", self.scope.parameters),
            ("indicators", self.scope.indicators),
            ("times", TIME_NAMES),
        )
        for what, table in tables:
            if node.id in table:
                self.use(what, node.id)
                return table[node.id]
        return self._no_name(node, row)

    def _no_name(self, node: n.Name, row: str | None) -> FieldType:
        name = node.id
        message = T("不认识的名字 %(name)s", name=name)
        if name in self.scope.datasets:
            hint = T("写成 count(%(name)s) 或 sum(%(name)s.栏)", name=name)
            return self.fault("unknown_name", T("%(name)s 是台账，不是数", name=name), node, hint)
        if name == "doubtful" or (row is None and name in ROW_NAMES):
            hint = T("%(name)s 只在行的条件里有意义，如 count(台账, not doubtful)", name=name)
            return self.fault("unknown_name", message, node, hint)
        if name in SIGNATURES:
            return self.fault("unknown_name", T("%(name)s 是函数", name=name), node, T("写成 %(words)s", words=SIGNATURES[name].words()))
        if row is None:
            owners = [dataset for dataset, fields in self.scope.datasets.items() if name in fields]
            if owners:
                hint = T("这是台账的栏；写成 sum(%(dataset)s.%(name)s)", dataset=owners[0], name=name)
                return self.fault("unknown_name", message, node, hint)
        known = {*self.scope.extra, *self.scope.parameters, *self.scope.indicators, *TIME_NAMES}
        if row is not None:
            known |= {*self.scope.datasets.get(row, {}), *ROW_NAMES}
        return self.fault("unknown_name", message, node, did_you_mean(name, known) or T("先在 parameters、indicators 或台账里写明它"))


def title(kind: Kind) -> str:
    """The kind in Chinese."""
    return str(KIND_TITLES[kind])
