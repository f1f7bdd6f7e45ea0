"""The desk of promotion, repetition and dropout: from rows of a ledger, or of the register, to rates on a page."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from tests.apps.pupils.helpers import GROUND, admit
from tests.apps.record.imports.helpers import read, take
from tests.cast import ACTOR

from xingtan.apps.base.pupils.services import pupil_die, pupil_drop, pupil_leave, pupil_promote, pupil_suspend
from xingtan.apps.base.pupils.services.movements import Ground
from xingtan.apps.record.ledgers.services import record_create

TODAY = date(2009, 9, 1)
TABLE = Path(__file__).parents[2] / "engine" / "cohorts" / "flow_rates_india.csv"
EXAMPLE = ([1000, 900, 850, 800, 760, 720], [1010, 915, 862, 806, 765, 727], [60, 45, 34, 32, 23, 14], 690)


def enter(cast, ledger: str, code: str, period: str, **texts: object) -> None:
    row = {"org": code, "period": period, **{name: str(value) for name, value in texts.items()}}
    record_create(actor=cast.accounts["statistician"].actor, place=cast.place, ledger=ledger, texts=row, today=TODAY)


def flow(cast, code: str, sex: str = "不分", share: int = 1) -> None:
    """The worked example at an organisation; `share`: its numbers divided by so many."""
    enrolled, following, repeaters, graduates = EXAMPLE
    for grade in range(1, 7):
        last = {"graduates": graduates // share} if grade == 6 else {}
        enter(
            cast,
            "cohort_flow",
            code,
            "2007-2008",
            stage="小学",
            grade=grade,
            sex=sex,
            enrolled=enrolled[grade - 1] // share,
            dropouts=3,
            **last,
        )
        numbers = {"enrolled": following[grade - 1] // share, "repeaters": repeaters[grade - 1] // share}
        enter(cast, "cohort_flow", code, "2008-2009", stage="小学", grade=grade, sex=sex, **numbers)


def shown(client, what: str = "", **query: str) -> str:
    answer = client.get(f"/p/xishan/cohorts/{what}", {"org": "XS", "period": "2008-2009", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def cells(html: str) -> list[list[str]]:
    """Every table row of a page as the words of its cells."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def test_the_worked_example_on_the_page(cast, client_of):
    flow(cast, "XS-12")
    html = shown(client_of("director"))
    lines = {row[0]: row for row in cells(html)}
    assert lines["一年级"][1:] == ["1,000", "1,010", "60", "87.00%", "6.00%", "7.00%", "100.00%", "100.00%"]
    assert [lines[f"{n}年级"][7] for n in "一二三四五六"] == ["100.00%", "92.55%", "89.63%", "85.02%", "82.14%", "79.46%"]
    assert "<svg" in html
    assert "东溪中心小学" in html


@pytest.mark.proves("G049")
def test_chinese_and_uis_rates_stand_side_by_side(cast, client_of):
    flow(cast, "XS-12")
    enter(cast, "cohort_flow", "XS-11", "2008-2009", stage="初中", grade=1, sex="不分", enrolled=670, repeaters=15)
    enter(cast, "cohort_flow", "XS-12", "2003-2004", stage="小学", grade=1, sex="不分", enrolled=900)
    lines = {row[0]: row for row in reversed(cells(shown(client_of("director"))))}  # of the stage that comes first
    assert (lines["学年辍学率"][1], lines["学年辍学率"][4]) == ("0.36%", "4.08%")
    assert (lines["巩固率"][1], lines["巩固率"][4]) == ("80.78%", "79.46%")
    assert (lines["升学率"][1], lines["升学率"][4]) == ("94.93%", "90.97%")


def test_what_nobody_stated_is_unknown(cast, client_of):
    flow(cast, "XS-12")
    lines = {row[0]: row for row in cells(shown(client_of("director"), sex="女"))}
    assert lines["一年级"][1:] == ["未知"] * 6 + ["100.00%", "100.00%"]
    assert lines["二年级"][7] == "未知"


def test_boys_and_girls_add_up_and_a_total_above_speaks_for_all_below(cast, client_of):
    flow(cast, "XS-12", "男", 2)
    flow(cast, "XS-12", "女", 2)
    lines = {row[0]: row for row in cells(shown(client_of("director")))}
    assert lines["一年级"][1] == "1,000"
    flow(cast, "XS-1", share=10)  # the town's own rows: what its schools state is in them
    lines = {row[0]: row for row in cells(shown(client_of("director")))}
    assert lines["一年级"][1] == "100"


def test_impossible_numbers_are_all_named(cast, client_of):
    enter(cast, "cohort_flow", "XS-12", "2007-2008", stage="小学", grade=1, sex="不分", enrolled=10)
    enter(cast, "cohort_flow", "XS-12", "2008-2009", stage="小学", grade=1, sex="不分", enrolled=30, repeaters=20)
    html = shown(client_of("director"))
    assert "留级生R[一年级,t+1]比在校生E[一年级,t]还多" in html


def test_enrolment_ratios(cast, client_of):
    for age in range(6, 12):
        for sex, girls in (("男", 0), ("女", 5)):
            numbers = {"population": 100, "primary": 90 + girls, "junior": 0 if age < 11 else 2, "senior": 0}
            enter(cast, "age_enrolment", "XS", "2008-2009", age=age, sex=sex, **numbers)
    enter(cast, "age_enrolment", "XS", "2008-2009", age=12, sex="男", population=100, primary=12, junior=80, senior=0)
    enter(cast, "age_enrolment", "XS", "2008-2009", age=12, sex="女", population=100, primary=0, junior=80, senior=0)
    lines = {(row[0], row[2]): row for row in cells(shown(client_of("director"))) if len(row) == 7}
    assert lines["小学", "毛入学率（GER）"][3:] == ["93.50%", "92.00%", "95.00%", "1.033"]
    assert lines["小学", "净入学率（NER）"][3:] == ["92.50%", "90.00%", "95.00%", "1.056"]
    assert lines["小学", "调整净入学率（ANER）"][3:6] == ["92.83%", "90.33%", "95.33%"]
    assert lines["初中", "净入学率（NER）"][3] == "未知"


def test_a_published_table_names_the_cells_that_break(cast, client_of):
    rates = {"甲省": ("95%", "0.6%", "4.5%"), "乙省": ("98.9%", "6.4%", "0%"), "丙省": ("99%", "1.5%", "0%"), "丁省": ("97%", "未知", "1%")}
    for area, (promotion, repetition, dropout) in rates.items():
        numbers = {"promotion": promotion, "repetition": repetition, "dropout": dropout}
        enter(cast, "published_rates", "XS", "2009", area=area, level="小学", group="合计", **numbers)
    html = shown(client_of("director"), "published/")
    lines = {row[0]: row for row in cells(html) if row}
    assert lines["乙省"][-2:] == ["105.3%", "5.3"]
    assert lines["丙省"][-2:] == ["100.5%", "0.5"]
    assert "甲省" not in lines
    assert "2 格对不上" in html
    assert "1 格对得上" in html
    assert "1 格缺数，无法判断" in html


def test_a_table_that_others_keep_is_not_shown(cast, client_of):
    enter(cast, "published_rates", "XS", "2009", area="乙省", level="小学", group="合计", promotion="98%", repetition="6%", dropout="0%")
    answer = client_of("principal").get("/p/xishan/cohorts/published/", {"org": "XS-11"})
    assert "乙省" not in answer.content.decode()


@pytest.mark.parametrize("period", ["2008-2009", "2009"])
def test_a_county_without_numbers_says_what_to_fill_in(client_of, period):
    assert "还没有可以算的数" in shown(client_of("director"), period=period)


def test_nominal_years_have_no_school_year(client_of):
    assert "这个期间没有日期" in shown(client_of("director"), period="Y0")


def test_a_true_cohort_follows_each_pupil(cast, client_of, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_given: date(2026, 11, 25))
    stays, moves, drops, dies, waits = (admit(cast.school) for _ in range(5))
    admit(cast.school, grade=2)  # began a year earlier: of no cohort that the register has from the start
    later = Ground(ACTOR, evidence="有材料", reason="贫困")
    pupil_promote(pupil=stays, day=date(2025, 9, 1), ground=GROUND)
    pupil_leave(pupil=moves, day=date(2025, 3, 1), to="外县某校", ground=GROUND)
    pupil_drop(pupil=drops, day=date(2025, 10, 1), ground=later)
    pupil_die(pupil=dies, day=date(2025, 1, 5), ground=GROUND)
    pupil_suspend(pupil=waits, day=date(2026, 3, 1), ground=GROUND)
    lines = {row[0]: row for row in cells(shown(client_of("director"), period="2025-2026")) if len(row) == 10}
    assert lines["2024-2025"] == ["2024-2025", "2026-11-25", "5", "2", "0", "1", "1", "1", "0", "66.67%"]
    assert set(lines) == {"入学学年", "2024-2025"}


def test_two_years_of_a_large_country_uploaded_as_they_were_published(cast, client_of):
    """Every cell of the first adds up; the page names the 21 of the second that do not, and by how much."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))

    def percent(text: str) -> str:
        return f"{text}%" if text else "未知"

    lines = [
        ",".join(
            ["XS", f"{row['year'][:4]}-20{row['year'][-2:]}", row["area"], row["level"], row["sex"]]
            + [percent(row[name]) for name in ("promotion", "repetition", "dropout")]
        )
        for row in rows
    ]
    head = "单位,期间,地区,层次,组别,升级率,留级率,辍学率"
    take(read(cast, "\n".join([head, *lines, ""]).encode(), ledger="published_rates", name="公布.csv"))
    html = shown(client_of("director"), "published/")
    broken = [row for row in cells(html) if len(row) == 9 and row[1] == "2021-2022"]
    assert len(broken) == 21
    assert "645 格对得上" in html
    assert "9 格缺数，无法判断" in html
    assert ["West Bengal", "2021-2022", "upper primary", "girls", "98.7%", "6.9%", "0.0%", "105.6%", "5.6"] in broken
    assert not any(row[1] == "2018-2019" for row in cells(html) if len(row) == 9)
