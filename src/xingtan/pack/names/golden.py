"""Names in golden worlds."""

from __future__ import annotations

from xingtan.kernel.text import T
from xingtan.pack.registers import registers

from .asking import COLUMN, INDICATOR, LEDGER, Asker

ROW_KEYS = frozenset({"org", "period", "doubt", "valid_from", "valid_to"})
MASKS = frozenset({"", "××", "XX", "xx", "**", "缺", "×", "?", "？"})


def golden(ask: Asker) -> None:
    """Ledgers, columns, kinds and indicators exist; no key is masked."""
    kinds = {kind.id for kind in ask.pack.organisation.kinds}
    for name, world in ask.pack.golden.items():
        orgs = {org.code for org in world.organisations}
        for at, org in enumerate(world.organisations):
            ask.known(T("机构类别"), org.kind, kinds, ("golden", name, ("organisations", at, "kind")))
            if org.parent:
                ask.known(T("机构"), org.parent, orgs, ("golden", name, ("organisations", at, "parent")))
        for at, answer in enumerate(world.answers):
            ask.known(INDICATOR, answer.indicator, ask.pack.indicators, ("golden", name, ("answers", at, "indicator")))
            if answer.org:
                ask.known(T("机构"), answer.org, orgs, ("golden", name, ("answers", at, "org")))
        for ledger in world.rows:
            ask.known(LEDGER, ledger, {**ask.pack.ledgers, **registers(ask.pack)}, ("golden", name, ("rows", ledger)))
            _rows(ask, name, ledger)


def _rows(ask: Asker, world: str, ledger: str) -> None:
    found, kept = ask.pack.ledgers.get(ledger), registers(ask.pack).get(ledger)
    if found is not None:
        columns, key = ROW_KEYS | {field.id for field in found.fields}, found.key
    elif kept is not None:
        columns, key = ROW_KEYS | {"date", *(field.id for field in kept.fields)}, ()
    else:
        return
    for at, row in enumerate(ask.pack.golden[world].rows[ledger]):
        for column, value in row.items():
            spot = ("golden", world, ("rows", ledger, at, column))
            ask.known(COLUMN, column, columns, spot)
            if column in key and str(value if value is not None else "").strip() in MASKS:
                message = T("%(column)s 用来区分各行，不能空着或被遮住", column=column)
                ask.say("masked_key", message, spot, T("写上能看清的值；看不清的行不能入账"), str(value or ""))
