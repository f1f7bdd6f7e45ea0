"""Spreadsheets of aid: where the money goes (out and back in), the payment list, the bank's results. Every fault of a file at once."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xingtan.apps.record.imports.reading.sheets import Sheet as Read
from xingtan.apps.record.imports.reading.sheets import Workbook
from xingtan.apps.record.imports.reading.sniff import sniff
from xingtan.kernel.errors import XingtanError
from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.text import T, Text
from xingtan.press import xlsx

from .models import Award

KEY, ORG, NAME, TIER, PERSONS, AMOUNT = "序号", "单位", "姓名", "档次", "人数", "金额"
ID, BANK, ACCOUNT = "证件号码", "开户行", "账号"
RESULT, DAY, NOTE = "结果", "付款日期", "说明"
PAID, RETURNED = ("成功", "已付", "是"), ("失败", "退回", "否")
_ACCOUNT = re.compile(r"\d{8,30}")
_LONG = 15  # digits of a number that a spreadsheet still keeps


@dataclass(frozen=True, slots=True)
class Payee:
    """Where the money of one award goes."""

    award: int
    id_number: str
    bank: str
    account: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the bank says of one award."""

    award: int
    paid: bool
    day: date | None
    note: str


Line = tuple[Award, str]  # an award with the name its application gives


def payee_template(title: str, lines: Iterable[Line]) -> bytes:
    """A sheet that lists the awards and leaves room for the identity document and the account."""
    columns = (
        xlsx.Column(KEY, "number", width=8, note="请勿改动"), xlsx.Column(ORG, width=22), xlsx.Column(NAME, width=12),
        xlsx.Column(TIER, width=14), xlsx.Column(AMOUNT, "money", "元", 2, width=12), xlsx.Column(ID, required=True, width=24),
        xlsx.Column(BANK, required=True, width=26), xlsx.Column(ACCOUNT, required=True, width=28),
    )  # fmt: skip
    rows = [(one.pk, one.org.name, name, one.tier, one.amount, None, one.bank, None) for one, name in lines]
    return xlsx.write([xlsx.Sheet("收款资料", columns, rows, above=[title])])


def result_template(title: str, lines: Iterable[Line]) -> bytes:
    """The list a clerk fills from what the bank reports."""
    columns = (
        xlsx.Column(KEY, "number", width=8, note="请勿改动"), xlsx.Column(ORG, width=22), xlsx.Column(NAME, width=12),
        xlsx.Column(AMOUNT, "money", "元", 2, width=12), xlsx.Column(RESULT, required=True, choices=(PAID[0], RETURNED[0]), width=8),
        xlsx.Column(DAY, "date", width=14), xlsx.Column(NOTE, width=24),
    )  # fmt: skip
    rows = [(one.pk, one.org.name, name, one.amount, None, None, None) for one, name in lines]
    return xlsx.write([xlsx.Sheet("付款结果", columns, rows, above=[title])])


def payment_list(title: str, lines: Iterable[Line], shown: Callable[[Award, str], str], below: Sequence[str]) -> bytes:
    """The list that goes to the bank. `shown` gives the text of a sealed field: its mask, or the plain text for a granted purpose."""
    columns = (
        xlsx.Column(KEY, "number", width=8), xlsx.Column(ORG, width=22), xlsx.Column(NAME, width=12), xlsx.Column(TIER, width=14),
        xlsx.Column(PERSONS, "number", "人", 0, width=10), xlsx.Column(AMOUNT, "money", "元", 2, width=14), xlsx.Column(ID, width=24),
        xlsx.Column(BANK, width=26), xlsx.Column(ACCOUNT, width=28),
    )  # fmt: skip
    rows = [
        (one.pk, one.org.name, name, one.tier, one.persons, one.amount, shown(one, "id_number"), one.bank, shown(one, "account"))
        for one, name in lines
    ]
    return xlsx.write([xlsx.Sheet("付款清单", columns, rows, above=[title], below=below)])


def read_payees(data: bytes, known: Mapping[int, str]) -> list[Payee]:
    """The payees of an uploaded sheet. `known`: name by award. Raises XingtanError with every fault, each with its cell."""
    table = _Table(data, (KEY, ID, BANK, ACCOUNT), known)
    found = [payee for row in table.rows() if (payee := _payee(table, row)) is not None]
    table.require()
    return found


def read_results(data: bytes, known: Mapping[int, str]) -> list[Result]:
    """The bank's results. Rows without a result are left alone. Raises XingtanError with every fault, each with its cell."""
    table = _Table(data, (KEY, RESULT), known)
    found = [result for row in table.rows() if (result := _result(table, row)) is not None]
    table.require()
    return found


class _Table:
    """An uploaded sheet under its headings; faults gather."""

    def __init__(self, data: bytes, wanted: Sequence[str], known: Mapping[int, str]) -> None:
        self.sheet, self.known = _opened(data), known
        self.faults: list[Issue] = []
        self.head, self.columns = self._headings(wanted)
        self.seen: dict[int, int] = {}

    def _headings(self, wanted: Sequence[str]) -> tuple[int, dict[str, int]]:
        for row in range(1, min(self.sheet.frame.height, 20) + 1):
            texts = [re.sub(r"（.*）$", "", self.sheet.cell(row, at)) for at in range(self.sheet.frame.width)]
            if set(wanted) <= set(texts):
                return row, {text: at for at, text in enumerate(texts) if text}
        message = T("没有找到表头：%(names)s", names="、".join(wanted))
        raise XingtanError.one("aid.headings", message, T("请用本页下载的模板填写，不要改表头"))

    def rows(self) -> Iterator[int]:
        for row in range(self.head + 1, self.sheet.frame.height + 1):
            if any(self.sheet.cell(row, at) for at in range(self.sheet.frame.width)) and self._award(row) is not None:
                yield row

    def _award(self, row: int) -> int | None:
        text = self.text(row, KEY)
        number = int(text) if text.isdigit() else 0
        if number not in self.known:
            self.fault(row, KEY, T("序号“%(text)s”不在这份名单里", text=text), T("请用本页下载的模板，不要改序号"), text)
            return None
        if number in self.seen:
            self.fault(row, KEY, T("序号 %(text)s 已在第 %(row)s 行出现过", text=text, row=self.seen[number]), T("每人只留一行"), text)
            return None
        self.seen[number] = row
        return number

    def number(self, row: int) -> int:
        return int(self.text(row, KEY))

    def text(self, row: int, column: str) -> str:
        return self.sheet.cell(row, self.columns[column]) if column in self.columns else ""

    def digits(self, row: int, column: str) -> str:
        """A long number; a fault when the spreadsheet kept it as a number and lost its last digits."""
        text = re.sub(r"\s", "", self.text(row, column)).upper()
        stored = f"c{self.columns[column]}" in self.sheet.plain
        if (stored and len(text) > _LONG) or re.fullmatch(r"\d(\.\d+)?E\+\d+", text):
            message = T("%(column)s被表格软件存成了数，后几位已经丢失", column=column)
            self.fault(row, column, message, T("先把这一列设成“文本”格式，再重新录入"), text)
            return ""
        return text

    def fault(self, row: int, column: str, message: Text, hint: Text, value: str = "") -> None:
        shown = "" if column in {ID, ACCOUNT} else value  # a sealed number is not repeated in a message
        where = Where(sheet=self.sheet.name, row=row, field=column)
        self.faults.append(Issue(Severity.ERROR, "aid.sheet", message, where, hint, shown))

    def require(self) -> None:
        """Raise XingtanError with every fault there is."""
        if self.faults:
            raise XingtanError(self.faults)


def _opened(data: bytes) -> Read:
    form = sniff(data)
    with tempfile.NamedTemporaryFile(suffix=f".{form}") as file:
        file.write(data)
        file.flush()
        return Workbook(Path(file.name)).sheet()


def _payee(table: _Table, row: int) -> Payee | None:
    identity, account, bank = table.digits(row, ID), table.digits(row, ACCOUNT), table.text(row, BANK)
    if not (table.text(row, ID) or table.text(row, ACCOUNT) or bank):
        return None
    before = len(table.faults)
    if not identity and not table.text(row, ID):
        table.fault(row, ID, T("缺证件号码"), T("照证件填写；没有证件的先办理"))
    elif identity and not _is_identity(identity):
        table.fault(row, ID, T("证件号码不对：位数、日期或校验码不合"), T("照证件逐位核对"))
    if not account and not table.text(row, ACCOUNT):
        table.fault(row, ACCOUNT, T("缺账号"), T("照存折或银行卡填写"))
    elif account and not _ACCOUNT.fullmatch(account):
        table.fault(row, ACCOUNT, T("账号应是 8 到 30 位数字"), T("照存折或银行卡逐位核对"))
    if not bank:
        table.fault(row, BANK, T("缺开户行"), T("如 某某农村信用社"))
    return Payee(table.number(row), identity, bank[:100], account) if len(table.faults) == before else None


def _is_identity(text: str) -> bool:
    from stdnum.cn import ric

    return bool(ric.is_valid(text))


def _result(table: _Table, row: int) -> Result | None:
    said, day, note = table.text(row, RESULT), table.text(row, DAY), table.text(row, NOTE)
    if not said:
        return None
    before = len(table.faults)
    if said not in PAID + RETURNED:
        table.fault(row, RESULT, T("结果“%(text)s”看不懂", text=said), T("填“成功”或“失败”"), said)
    found = _day(day)
    if said in PAID and found is None:
        table.fault(row, DAY, T("付款成功的要填付款日期"), T("写成 2024-09-30"), day)
    if said in RETURNED and not note:
        table.fault(row, NOTE, T("付款失败的要写明原因"), T("照银行的说法，如 户名不符"))
    return Result(table.number(row), said in PAID, found, note) if len(table.faults) == before else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None
