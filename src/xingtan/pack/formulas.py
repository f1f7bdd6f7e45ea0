"""Every formula of a pack: where it stands, which names it may use, what it has to give; checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from xingtan.kernel.formula import LITERAL, NUMERIC, Checked, Fault, FieldType, Kind, Scope, check
from xingtan.kernel.issues import Issue, Severity
from xingtan.kernel.text import T

from .schema.aid import Aid
from .schema.case import Case
from .schema.pack import PackData
from .schema.scheme import Scheme
from .schema.target import COMPARISONS, Goal
from .scope import field_spec, scope
from .sources import Path, Sources

CONDITION = frozenset({Kind.BOOLEAN})
NUMBER = FieldType(Kind.NUMBER)
ANY = FieldType(Kind.ANY)
# Names that only an appraisal knows: `max` is the section's maximum, ranks are those within the group.
SCHEME_NAMES = {"max": NUMBER, "score": NUMBER, "rank": NUMBER, "rank_from_bottom": NUMBER, "grade": FieldType(Kind.TEXT)}
DUTY_NAMES = {"who": FieldType(Kind.PERSON, title="职责人")}


@dataclass(frozen=True, slots=True)
class Slot:
    """One formula: collection, id of the item, path inside it, text, names, and what it must give."""

    collection: str
    item: str
    path: Path
    text: str
    scope: Scope
    wants: frozenset[Kind] = NUMERIC


@dataclass(frozen=True, slots=True)
class Found:
    """A formula with what the checker says."""

    slot: Slot
    checked: Checked

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The checker's faults, and one when the value is of the wrong type."""
        kind, wants = self.checked.type.kind, self.slot.wants
        if self.checked.faults or kind in wants or kind is Kind.ANY:
            return self.checked.faults
        wanted = T("这里要写条件") if wants == CONDITION else T("这里的公式要得出一个数")
        hint = T("写成比较，如 x > 0") if wants == CONDITION else T("数个数用 count，求和用 sum")
        return (Fault("formula.type", wanted, (0, len(self.slot.text)), hint),)


class Formulas:
    """All formulas of a pack."""

    def __init__(self, pack: PackData) -> None:
        self.pack = pack
        self.scope = scope(pack)

    @cached_property
    def all(self) -> tuple[Found, ...]:
        """Every formula, checked."""
        return tuple(Found(slot, check(slot.text, slot.scope)) for slot in slots(self.pack, self.scope))

    def of(self, collection: str) -> dict[str, list[Checked]]:
        """The checked formulas of a collection, by item."""
        found: dict[str, list[Checked]] = {}
        for one in self.all:
            if one.slot.collection == collection:
                found.setdefault(one.slot.item, []).append(one.checked)
        return found

    def issues(self, sources: Sources, *, literals: bool) -> Iterator[Issue]:
        """Faults at their places; typed numbers (`formula.literal`) are a matter of lint and come alone."""
        for found in self.all:
            for fault in found.faults:
                if (fault.code == LITERAL) is literals:
                    yield place(found.slot, fault, sources)

    def cycles(self, sources: Sources) -> Iterator[Issue]:
        """Indicators that need themselves, one issue a cycle."""
        needs = {name: sorted(set().union(*(one.uses.indicators for one in found))) for name, found in self.of("indicators").items()}
        for chain in _cycles(needs):
            names = " → ".join([*chain, chain[0]])
            node = sources.node("indicators", chain[0], ("formula",))
            hint = T("其中一个要改用台账计算，或并成一个公式")
            yield sources.issue((Severity.ERROR, "pack.cycle"), T("指标互相引用，成了循环：%(names)s", names=names), node, hint=hint)


def place(slot: Slot, fault: Fault, sources: Sources) -> Issue:
    """A fault of a formula as an issue of its file."""
    node = sources.node(slot.collection, slot.item, slot.path)
    return sources.issue((fault.severity, fault.code), fault.message, node, span=fault.span, hint=fault.hint, value=fault.value)


def slots(pack: PackData, base: Scope) -> Iterator[Slot]:
    """Every formula of the pack."""
    for name, indicator in pack.indicators.items():
        yield Slot("indicators", name, ("formula",), indicator.formula, base)
    for name, ledger in pack.ledgers.items():
        row = replace(base, row_dataset=name, indicators={})
        for at, rule in enumerate(ledger.checks):
            yield Slot("ledgers", name, ("checks", at, "when"), rule.when, row, CONDITION)
    for name, duty in pack.duties.items():
        yield Slot("duties", name, ("counts",), duty.counts, replace(base, extra=DUTY_NAMES))
        yield from _plain("duties", name, (), {"at_least": duty.at_least, "at_most": duty.at_most}, base)
    for name, target in pack.targets.items():
        for at, goal in enumerate(target.goals):
            yield from _goal(name, at, goal, base)
    for name, case in pack.cases.items():
        yield from _case(pack, name, case, base)
    for name, scheme in pack.schemes.items():
        yield from _scheme(name, scheme, replace(base, extra=SCHEME_NAMES))
    for name, survey in pack.surveys.items():
        yield from _plain("surveys", name, (), {"least_answers": survey.least_answers}, base)
    yield from _allocations(pack, base)


def _plain(collection: str, item: str, path: Path, texts: dict[str, str | None], names: Scope) -> Iterator[Slot]:
    for key, text in texts.items():
        if text is not None:
            yield Slot(collection, item, (*path, key), text, names)


def _goal(item: str, at: int, goal: Goal, names: Scope) -> Iterator[Slot]:
    path: Path = ("goals", at)
    texts = {key: getattr(goal, key) for key in (*COMPARISONS, "rank_now", "among", "stretch") if key != "places"}
    yield from _plain("targets", item, path, texts, names)
    if goal.places is not None:
        yield from _plain("targets", item, (*path, "places"), {"count": goal.places.count, "top": goal.places.top}, names)


def _case(pack: PackData, item: str, case: Case, base: Scope) -> Iterator[Slot]:
    fields = {field.id: field_spec(pack, field) for field in case.fields}
    types = {name: FieldType(Kind(spec.type), spec.codes, spec.ordered, spec.title) for name, spec in fields.items()}
    names = replace(base, datasets={item: types}, indicators={}, row_dataset=item)
    for state, move in case.moves.items():
        if move.when is not None:
            yield Slot("cases", item, ("moves", state, "when"), move.when, names, CONDITION)


def _scheme(item: str, scheme: Scheme, names: Scope) -> Iterator[Slot]:
    for at, section in enumerate(scheme.sections):
        yield from _plain("schemes", item, ("sections", at), {"score": section.score}, names)
        for n, step in enumerate(section.steps):
            yield from _plain("schemes", item, ("sections", at, "steps", n), {"at_least": step.at_least, "points": step.points}, names)
    for at, veto in enumerate(scheme.vetoes):
        yield Slot("schemes", item, ("vetoes", at, "when"), veto.when, names, CONDITION)
    for at, grade in enumerate(scheme.grades):
        yield from _plain("schemes", item, ("grades", at), {"at_least": grade.at_least, "share_at_most": grade.share_at_most}, names)
    for at, consequence in enumerate(scheme.consequences):
        yield Slot("schemes", item, ("consequences", at, "when"), consequence.when, names, CONDITION)
    if scheme.pay is not None:
        pay = {"pool": scheme.pay.pool, "basic": scheme.pay.basic, "rewarding": scheme.pay.rewarding}
        yield from _plain("schemes", item, ("pay",), pay, names)


def _allocations(pack: PackData, base: Scope) -> Iterator[Slot]:
    for name, allocation in pack.allocations.items():
        texts = {"pool": allocation.pool, "floor": allocation.floor, "ceiling": allocation.ceiling}
        yield from _plain("allocations", name, (), texts, base)
        if allocation.aid is not None:
            yield from _aid(name, allocation.aid, base)
        if allocation.concession is not None:
            applicant = replace(base, extra=dict.fromkeys(allocation.attributes, ANY))
            yield Slot("allocations", name, ("concession", "when"), allocation.concession.when, applicant, CONDITION)
            yield Slot("allocations", name, ("concession", "points"), allocation.concession.points, applicant)


def _aid(item: str, aid: Aid, base: Scope) -> Iterator[Slot]:
    """Entitlement and amounts speak of one row of the applications; caps, days and years of the pack's parameters only."""
    plain = replace(base, indicators={})
    row = replace(plain, row_dataset=aid.applications)
    if aid.applications not in base.datasets:  # told by the check of names; every word of it would be told again
        return
    for at, rule in enumerate(aid.eligible):
        yield Slot("allocations", item, ("aid", "eligible", at, "when"), rule.when, row, CONDITION)
    for at, tier in enumerate(aid.tiers):
        path: Path = ("aid", "tiers", at)
        if tier.when is not None:
            yield Slot("allocations", item, (*path, "when"), tier.when, row, CONDITION)
        yield from _plain("allocations", item, path, {"amount": tier.amount, "sets": tier.sets}, row)
    if aid.cap is not None:
        yield from _plain("allocations", item, ("aid", "cap"), {"persons": aid.cap.persons, "amount": aid.cap.amount}, plain)
        yield from _plain("allocations", item, ("aid", "cap"), {"order": aid.cap.order}, row)
    days = aid.publish.days if aid.publish is not None else None
    yield from _plain("allocations", item, ("aid", "publish"), {"days": days}, plain)
    yield from _plain("allocations", item, ("aid",), {"years": aid.years}, plain)


def _cycles(needs: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Each cycle once, from its first name on; depth-first, so that it stays linear."""
    state: dict[str, int] = {}  # 1 on the path, 2 done
    for start, first in needs.items():
        if state.get(start) == 2:
            continue
        path, todo = [start], [iter(first)]
        state[start] = 1
        while todo:
            following = next(todo[-1], None)
            if following is None:
                state[path.pop()] = 2
                todo.pop()
            elif state.get(following) == 1:
                yield tuple(path[path.index(following) :])
            elif following in needs and following not in state:
                state[following] = 1
                path.append(following)
                todo.append(iter(needs[following]))
