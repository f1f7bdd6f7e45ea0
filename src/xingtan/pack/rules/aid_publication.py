"""What a scheme makes public: something must be, and nothing that shames or betrays a person."""

from __future__ import annotations

from collections.abc import Iterator

from xingtan.kernel.issues import Severity
from xingtan.kernel.text import T
from xingtan.pack.schema.aid import PUBLISHABLE, Aid

from .lint import Finding, Lint, Rule


def find(lint: Lint) -> Iterator[Finding]:
    """Own schemes without a notice, and notices that show personal columns."""
    for name, allocation in lint.own("allocations"):
        aid = allocation.aid
        if aid is None:
            continue
        if aid.publish is None:
            message = T("“%(title)s”没有写公示什么、公示几天", title=allocation.title)
            hint = T("写 publish: {columns: [org, name, tier], days: 公示天数的参数}")
            yield Finding(Severity.WARNING, "allocations", name, ("aid",), message, hint)
        else:
            yield from _personal(lint, name, aid)


def _personal(lint: Lint, name: str, aid: Aid) -> Iterator[Finding]:
    assert aid.publish is not None
    ledger = lint.pack.ledgers[aid.applications]
    hidden = {*ledger.visible.sensitive, *filter(None, (aid.person, aid.number))}
    for at, column in enumerate(aid.publish.columns):
        field = ledger.field(column)
        if column in PUBLISHABLE or field is None or (column not in hidden and field.type != "person"):
            continue
        message = T("公示了个人信息栏“%(title)s”", title=field.title)
        hint = T("姓名写 name（只露姓氏）；证件号、困难原因等一律不公示")
        yield Finding(Severity.ERROR, "allocations", name, ("aid", "publish", "columns", at), message, hint, value=column)


RULE = Rule(
    "aid_publication", T("公示要有，且只公示最少的信息"), T("每项资助写明公示的栏和天数；公示不得出现姓名全称、编号和任何敏感栏。"), find
)
