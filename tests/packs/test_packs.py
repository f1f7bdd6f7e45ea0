"""The packs that come with Xingtan are whole: they load, nothing in them is idle, and what is lost in a source stays lost."""

from __future__ import annotations

import re
from functools import cache

import pytest
from tests.golden.world import EXAMPLES, PACKS, PLACES, Example

from xingtan.apps.face.reports.template import fill
from xingtan.kernel.formula import check as check_formula
from xingtan.kernel.formula import parse
from xingtan.kernel.issues import Severity
from xingtan.kernel.period import Period
from xingtan.pack import Pack, aid, check, load, version_folder
from xingtan.pack.scope import scope

ALL = ("base", *PLACES, "demo")
PERIODS = {"huinan": "2009", "jianhuai_chuzhou": "Y0", "jinhu": "2005H1", "longshan": "Y0", "wanbao_antu": "2008"}
QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?|[一二三四五六七八九十百千万两几]+)\s*(人|名|所|件|篇|套|册|台|间|平方米|万元|元|人次|%|％|次|届|家|期)"
)


@cache
def pack_of(name: str) -> Pack:
    loaded = load(PACKS / name)
    assert loaded.pack is not None, [str(issue.message) for issue in loaded.issues]
    return loaded.pack


@cache
def read_by(name: str, indicator: str) -> tuple[frozenset[str], frozenset[str]]:
    """The datasets and indicators that an indicator reads itself."""
    pack = pack_of(name)
    expr = parse(pack.indicators[indicator].formula).expr
    assert expr is not None
    uses = check_formula(expr, scope(pack)).uses
    return frozenset(uses.datasets), frozenset(uses.indicators)


class Asked:
    """What a template asks of its world, from an example's organisations."""

    def __init__(self, pack: Pack, example: Example) -> None:
        self.kinds = {kind.title: kind.id for kind in pack.organisation.kinds}
        self.orgs = {org["代码"]: org for org in example.orgs}
        self.root = example.orgs[0]["代码"]
        self.indicators, self.parameters = frozenset(pack.indicators), frozenset(pack.parameters)

    def org_name(self, org: str, period: str) -> str:
        return self.orgs[org]["名称"]

    def children(self, org: str, period: str) -> list[str]:
        return [code for code, one in self.orgs.items() if one["上级"] == org]

    def kind(self, org: str, period: str) -> str:
        return self.kinds[self.orgs[org]["类别"]]

    def neighbour(self, period: str, step: int) -> str:
        found = Period.parse(period)
        return (found.next() if step > 0 else found.previous()).text

    def period_label(self, period: str) -> str:
        return str(Period.parse(period).label())

    def parameter(self, name: str, form: str = "unit") -> str:
        return name

    def known(self, indicator: str, org: str, period: str) -> bool:
        return True


def own(name: str, collection: str) -> set[str]:
    """Ids that stand in the pack's own files."""
    inherited = set() if name == "base" else set(getattr(pack_of("base"), collection))
    return set(getattr(pack_of(name), collection)) - inherited


@pytest.mark.parametrize("name", ALL)
def test_a_pack_has_no_errors(name: str) -> None:
    wrong = [(str(issue.where), str(issue.message)) for issue in check(PACKS / name) if issue.severity is Severity.ERROR]
    assert wrong == []


@pytest.mark.parametrize("name", ALL)
def test_every_own_indicator_is_answered(name: str) -> None:
    answered = {answer.indicator for golden in pack_of(name).golden.values() for answer in golden.answers}
    facts = {fact["indicator"] for fact in Example(name).facts} if (EXAMPLES / name).is_dir() else set()
    assert own(name, "indicators") - answered - facts == set()
    assert answered <= set(pack_of(name).indicators)


@pytest.mark.parametrize("name", ALL)
def test_every_own_ledger_is_read_by_an_answered_indicator(name: str) -> None:
    answered = {answer.indicator for golden in pack_of(name).golden.values() for answer in golden.answers}
    reached: set[str] = set()
    waiting = set(answered)
    while waiting:
        found, more = read_by(name, waiting.pop())
        reached |= found
        waiting |= set(more)
    if {aid.AWARDS, aid.REACH} & reached:  # registers that the program makes from ledgers
        reached |= set(aid.sources(pack_of(name)))
    assert own(name, "ledgers") - reached == set()


@pytest.mark.parametrize("name", ALL)
def test_every_family_of_indicators_has_a_twin(name: str) -> None:
    """A family is a file of indicators. Lost numbers of a source are proven by the facts instead: there is nothing to work by hand."""
    loaded = load(PACKS / name)
    twins = {answer.indicator for golden in pack_of(name).golden.values() for answer in golden.answers if answer.sql}
    families: dict[str, set[str]] = {}
    for indicator in own(name, "indicators"):
        node = loaded.sources.node("indicators", indicator)
        assert node is not None
        families.setdefault(node.file, set()).add(indicator)
    lost = {fact["indicator"] for fact in Example(name).facts if fact["status"] == "unknown"} if (EXAMPLES / name).is_dir() else set()
    assert {file for file, members in families.items() if not members & twins and not members <= lost} == set()


@pytest.mark.parametrize("name", PLACES)
def test_a_report_types_no_quantity_and_names_only_known_figures(name: str) -> None:
    pack = pack_of(name)
    assert pack.reports
    for report in pack.reports.values():
        bare = re.sub(r"\{[{%].*?[%}]\}", "", report.body)
        assert QUANTITY.findall(bare) == [], report.id
        for used in re.findall(r"\{\{\s*([\w.]+)", report.body):
            head, _, tail = used.rpartition(".")
            if head == "parameter":
                assert tail in pack.parameters, used
            elif tail not in {"name", "period"}:
                assert head in {"", "u", "next", "previous"}, used
                assert tail in pack.indicators, used


@pytest.mark.parametrize("name", PLACES)
def test_waivers_answer_a_finding_and_say_why(name: str) -> None:
    for waiver in pack_of(name).waivers:
        assert len(waiver.reason) > 10, waiver.item


@pytest.mark.parametrize("name", ALL)
def test_a_number_without_source_is_required_not_invented(name: str) -> None:
    for parameter in pack_of(name).parameters.values():
        assert parameter.required or parameter.source is not None, parameter.id


def test_the_folder_names_the_version() -> None:
    assert {name: version_folder(PACKS / name).name for name in ALL} == {
        "base": "2026.1",
        "wanbao_antu": "2008.1",
        "huinan": "2009.1",
        "longshan": "0000.1",
        "jianhuai_chuzhou": "0000.1",
        "jinhu": "2005.1",
        "demo": "2023.1",
    }


@pytest.mark.proves("N058")
def test_public_funds_for_debt_trip_the_law_of_2006() -> None:
    found = [issue for issue in check(PACKS / "huinan") if issue.code == "K15"]
    assert [issue.severity for issue in found] == [Severity.WARNING]
    assert found[0].where.file.endswith("huinan/2009.1/parameters.yaml")
    assert "公用经费用于偿还债务" in str(found[0].message)
    assert not any(waiver.rule == "K15" for waiver in pack_of("huinan").waivers)


@pytest.mark.parametrize("name", ALL)
def test_what_is_left_to_warn_of_is_meant(name: str) -> None:
    """Warnings are answered by a waiver, but for the one that is the point of its pack; findings of later law are historical."""
    warned = {(issue.code, name) for issue in check(PACKS / name) if issue.severity in (Severity.WARNING, Severity.DOUBT)}
    assert warned <= {("K15", "huinan")}
    historical = {issue.code for issue in check(PACKS / name) if issue.severity is Severity.HISTORICAL}
    wanted = {"wanbao_antu": {"K34"}, "huinan": {"K34", "K35", "K37"}, "jinhu": {"K35", "K37", "K39", "K40"}}
    assert historical == wanted.get(name, set())


@pytest.mark.parametrize("name", PLACES)
def test_a_report_is_a_template_with_the_sections_of_an_official_document(name: str) -> None:
    for report in pack_of(name).reports.values():
        filled = fill(report.body, Asked(pack_of(name), Example(name)), Example(name).orgs[0]["代码"], PERIODS[name])
        assert filled.uses or report.kind == "notice"
        chapters = re.findall(r"^# ([一二三四五六七八九十]+)、", report.body, re.MULTILINE)
        assert chapters == list("一二三四五六七八九十"[: len(chapters)]), report.id
        for chapter in re.split(r"^# ", report.body, flags=re.MULTILINE)[1:]:
            parts = re.findall(r"^(?:## )?（([一二三四五六七八九十]+)）", chapter, re.MULTILINE)
            assert parts == list("一二三四五六七八九十"[: len(parts)]), (report.id, chapter[:20])


def test_wanbaos_report_tells_the_three_that_spent_money_apart() -> None:
    example = Example("wanbao_antu")
    filled = fill(pack_of("wanbao_antu").reports["annual"].body, Asked(pack_of("wanbao_antu"), example), "222426105", "2008")
    told = {use.org for use in filled.uses if use.indicator == "funds_share"}
    assert told == {"222426105-01", "222426105-02", "222426105-04"}


@pytest.mark.parametrize("name", ALL)
def test_every_indicator_says_on_what_it_rests(name: str) -> None:
    pack = pack_of(name)
    silent = [one for one in own(name, "indicators") if pack.indicators[one].basis is None]
    assert silent == []
