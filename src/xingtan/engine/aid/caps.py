"""No more than so many persons or yuan in a period: whoever stands behind is left out, a tie at the line is for a person to break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xingtan.kernel.formula import Env, Expr, evaluate
from xingtan.kernel.formula.values import quantity
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T

from .spec import Cap, Outcome, Proposal, Verdict
from .together import refused, undecided


def capped(proposals: Sequence[Proposal], envs: Mapping[str, Env], issues: list[Issue]) -> list[Proposal]:
    """Apply the cap of every scheme that has one to its eligible rows."""
    made = list(proposals)
    schemes: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(made):
        if one.scheme.cap is not None and one.outcome is Outcome.ELIGIBLE:
            schemes.setdefault((one.scheme.id, one.applicant.period), []).append(at)
    for (name, _period), places in schemes.items():
        cap = made[places[0]].scheme.cap
        assert cap is not None
        _one(made, places, cap, envs[name], issues)
    return made


def _limit(expr: Expr | None, env: Env) -> Decimal | None:
    return None if expr is None else quantity(evaluate(expr, None, env)).value


def _one(made: list[Proposal], places: Sequence[int], cap: Cap, env: Env, issues: list[Issue]) -> None:
    persons, money = _limit(cap.persons, env), _limit(cap.amount, env)
    if _fits([made[at] for at in places], persons, money):
        return
    title = made[places[0]].scheme.title
    if cap.order is None:
        message = T("“%(scheme)s”合格的超出限额，规则没有写先后", scheme=title)
        issues.append(Issue(Severity.ERROR, "aid.cap", message, Where(field=title), T("在规则包的 cap 里写 order，或减少申请")))
        return
    ranks = {at: quantity(evaluate(cap.order, made[at].applicant.values, env)) for at in places}
    unknown = [at for at in places if not ranks[at].is_exact]
    for at in unknown:
        made[at] = undecided(made[at], Verdict(T("限额内的先后未定：排序所用的数缺"), None))
    known = sorted((at for at in places if ranks[at].is_exact), key=lambda at: (-(ranks[at].value or 0), at))
    _serve(made, known, ranks, (persons, money))


def _serve(
    made: list[Proposal], order: Sequence[int], ranks: Mapping[int, Quantity], limits: tuple[Decimal | None, Decimal | None]
) -> None:
    """Rows of one rank are served together; those that do not all fit are left to a person, those behind them are refused."""
    taken: list[Proposal] = []
    full = False
    at = 0
    while at < len(order):
        same = [place for place in order[at:] if ranks[place].value == ranks[order[at]].value]
        rows = [made[place] for place in same]
        if not full and _fits([*taken, *rows], *limits):
            taken += rows
        else:
            for place in same:
                tie = not full and len(same) > 1 and any(_fits([*taken, made[one]], *limits) for one in same)
                made[place] = _behind(made[place], tie)
            full = True
        at += len(same)


def _behind(one: Proposal, tie: bool) -> Proposal:
    if tie:
        return undecided(one, Verdict(T("与别人并列在限额线上，由人选定"), None))
    return refused(one, Verdict(T("限额已满"), False))


def _fits(rows: Sequence[Proposal], persons: Decimal | None, money: Decimal | None) -> bool:
    heads = sum((one.persons.value or Decimal(0) for one in rows), Decimal(0))
    yuan = sum((one.amount.value or Decimal(0) for one in rows), Decimal(0))
    return (persons is None or heads <= persons) and (money is None or yuan <= money)
