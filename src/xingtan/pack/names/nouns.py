"""Names in indicators, targets, duties, cases, schemes, allocations and surveys."""

from __future__ import annotations

from xingtan.kernel.text import T
from xingtan.pack.schema.case import MEASURES, Case
from xingtan.pack.schema.scheme import Scheme
from xingtan.pack.scope import datasets

from .aid import aid_names
from .asking import CASE, COLUMN, INDICATOR, LEDGER, LEVEL, POST, STATE, SURVEY, Asker

PEOPLE = frozenset({"pupils", "teachers", "applicants", "graduates"})
OPENERS = frozenset({"public", "staff", "pupils", "parents", "system"})
RATERS = frozenset({"parents", "pupils", "public", "petitioner", "staff"})
GROUPABLE = frozenset({"code", "text", "boolean", "org", "person"})


def indicators(ask: Asker) -> None:
    """Columns of breakdowns: every dataset the formula reads directly must have them."""
    specs = datasets(ask.pack)
    for name, checked in ask.formulas.of("indicators").items():
        read = [specs[dataset] for dataset in sorted(checked[0].uses.datasets)]
        for at, column in enumerate(ask.pack.indicators[name].by):
            spot = ("indicators", name, ("by", at))
            if not read:
                message = T("这个指标不直接读台账，不能按栏分组")
                ask.say("by_nothing", message, spot, T("删去 by，或在公式里直接用台账"), column)
            for spec in read:
                fields = {field.id for field in spec.fields if field.type in GROUPABLE}
                ask.known(T("可分组的栏"), column, fields, spot)


def targets(ask: Asker) -> None:
    """Indicators, signers and cases of letters."""
    for name, target in ask.pack.targets.items():
        ask.all_known(T("层级、类别或岗位"), target.chain, ask.levels | ask.posts, ("targets", name, ("chain",)))
        for at, goal in enumerate(target.goals):
            ask.known(INDICATOR, goal.indicator, ask.pack.indicators, ("targets", name, ("goals", at, "indicator")))
            ask.known(INDICATOR, goal.weight, ask.pack.indicators, ("targets", name, ("goals", at, "weight")))
        if target.on_miss is not None:
            ask.known(CASE, target.on_miss.open_case, ask.pack.cases, ("targets", name, ("on_miss", "open_case")))


def duties(ask: Asker) -> None:
    """Who is bound, and where it is logged."""
    for name, duty in ask.pack.duties.items():
        ask.known(POST, duty.who.post, ask.posts, ("duties", name, ("who", "post")))
        ask.known(LEVEL, duty.who.kind, ask.levels, ("duties", name, ("who", "kind")))
        ask.all_known(LEDGER, duty.evidence, ask.pack.ledgers, ("duties", name, ("evidence",)))


def cases(ask: Asker) -> None:
    """States, movers, fields and surveys."""
    for name, case in ask.pack.cases.items():
        ask.once(STATE, case.states, ("cases", name, ("states",)))
        ask.once(COLUMN, (field.id for field in case.fields), ("cases", name, ("fields",)))
        for field in case.fields:
            ask.known(T("代码表"), field.codes, ask.pack.codes, ("cases", name, ("fields", field.id, "type")))
        ask.all_known(T("提出人"), case.opened_by, OPENERS | ask.posts, ("cases", name, ("opened_by",)))
        ask.all_known(T("统计量或指标"), case.measures, {*MEASURES, *ask.pack.indicators}, ("cases", name, ("measures",)))
        _moves(ask, name, case)


def _moves(ask: Asker, name: str, case: Case) -> None:
    fields = {field.id for field in case.fields}
    for state, move in case.moves.items():
        path = ("moves", state)
        ask.known(STATE, state, case.states, ("cases", name, path))
        ask.all_known(STATE, move.from_, case.states, ("cases", name, (*path, "from")))
        ask.all_known(COLUMN, move.requires, fields, ("cases", name, (*path, "requires")))
        if move.by is not None:
            ask.known(POST, move.by.post, ask.posts, ("cases", name, (*path, "by", "post")))
            ask.known(LEVEL, move.by.kind, ask.levels, ("cases", name, (*path, "by", "kind")))
        if move.asks is not None:
            ask.known(SURVEY, move.asks.survey, ask.pack.surveys, ("cases", name, (*path, "asks", "survey")))
    for at, state in enumerate(case.states[1:], 1):
        if state not in case.moves:
            message = T("状态 %(state)s 没有办法走到", state=state)
            ask.say("unreachable_state", message, ("cases", name, ("states", at)), T("在 moves 里写明从哪一步走到它，或删去它"), state)


def schemes(ask: Asker) -> None:
    """Indicators, cases, posts and kinds of appraisals."""
    for name, scheme in ask.pack.schemes.items():
        ask.known(T("层级、类别、岗位或 pupils"), scheme.appraises, ask.levels | ask.posts | {"pupils"}, ("schemes", name, ("appraises",)))
        for key in ("sections", "vetoes"):
            ask.once(T("条目"), (part.id for part in getattr(scheme, key)), ("schemes", name, (key,)))
        for at, section in enumerate(scheme.sections):
            ask.known(INDICATOR, section.indicator, ask.pack.indicators, ("schemes", name, ("sections", at, "indicator")))
        for key in scheme.bundles:
            ask.known(LEVEL, key, ask.levels, ("schemes", name, ("bundles", key)))
        for key in scheme.contact:
            ask.known(POST, key, ask.posts, ("schemes", name, ("contact", key)))
        _consequences(ask, name, scheme)


def _consequences(ask: Asker, name: str, scheme: Scheme) -> None:
    for at, consequence in enumerate(scheme.consequences):
        path = ("consequences", at)
        ask.known(CASE, consequence.propose, ask.pack.cases, ("schemes", name, (*path, "propose")))
        ask.known(T("岗位或类别"), consequence.for_, ask.posts | ask.levels, ("schemes", name, (*path, "for")))
        ask.known(POST, consequence.decided_by, ask.posts, ("schemes", name, (*path, "decided_by")))


def allocations(ask: Asker) -> None:
    """Takers and weights."""
    for name, allocation in ask.pack.allocations.items():
        ask.known(T("机构类别、层级或人群"), allocation.over, ask.levels | PEOPLE, ("allocations", name, ("over",)))
        ask.known(INDICATOR, allocation.weight, ask.pack.indicators, ("allocations", name, ("weight",)))
        if allocation.aid is not None:
            aid_names(ask, name, allocation.aid)


def surveys(ask: Asker) -> None:
    """Raters and what is rated."""
    for name, survey in ask.pack.surveys.items():
        ask.all_known(T("测评人"), survey.raters, RATERS | ask.levels | ask.posts, ("surveys", name, ("raters",)))
        ask.known(T("测评对象"), survey.rates, {"case", *ask.levels, *ask.posts}, ("surveys", name, ("rates",)))
        ask.once(T("题目"), (question.id for question in survey.questions), ("surveys", name, ("questions",)))
