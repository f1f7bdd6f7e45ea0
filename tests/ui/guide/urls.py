from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from xingtan.kernel.issues import Issue, Severity, Where
from xingtan.kernel.period import Period
from xingtan.kernel.quantity import Quantity
from xingtan.kernel.text import T
from xingtan.ui import issues
from xingtan.ui.context import Shell
from xingtan.ui.forms import DateInput, GroupedForm
from xingtan.ui.menu import Line
from xingtan.ui.nav import Link
from xingtan.ui.scope import Freshness, Scope
from xingtan.ui.tables import Column, Filter, Table

HERE = Path(__file__).parent / "templates"
NAMES = ("工作台", "台账", "指标", "目标责任", "督办", "考核", "质量监测", "招生", "布局", "报告", "公示", "设置")


class GuideShell(Shell):
    @property
    def signed_in(self) -> bool:
        return True

    @property
    def nav(self) -> list[Link]:
        counts = {"工作台": 12, "目标责任": 3, "督办": 7}
        return [Link(name, "#", "", name == "指标", counts.get(name, 0), name == "报告") for name in NAMES]

    @property
    def menu(self) -> list[Line]:
        return [Line("我的账号", "#", False), Line("修改密码", "#", False), Line("退出登录", "#", True)]

    @property
    def notices(self) -> dict[str, Any]:
        return {"url": "#", "unread": 4}

    @property
    def freshness(self) -> Freshness:
        return Freshness(datetime(2026, 11, 20, 14, 40, tzinfo=UTC), "0x7f3a")

    @property
    def elsewhere(self) -> bool:
        return False

    @property
    def search_url(self) -> str:
        return "/"


@dataclass(frozen=True)
class School:
    pk: int
    name: str
    town: str
    pupils: int | None
    rate: Quantity
    state: str
    seen: str


SCHOOLS = [
    School(1, "城关学区", "城关镇", 912, Quantity.exact("2.3"), "miss", "2026-11-18"),
    School(2, "石桥镇中心小学", "石桥镇", 529, Quantity.exact("1.7"), "near", "2026-11-12"),
    School(3, "柳河镇中心小学", "柳河镇", 1498, Quantity.at_least("1.2"), "met", "2026-11-02"),
    School(4, "青岗镇中心小学", "青岗镇", 455, Quantity.about("0.9"), "met", "2026-10-30"),
    School(5, "东山教学点", "东山乡", 31, Quantity.unknown("0.5"), "none", "2026-10-29"),
    School(6, "南坪乡中心小学", "南坪乡", None, Quantity.unknown(), "none", ""),
]
TABLE: Table[School] = Table(
    columns=(
        Column("name", "单位", lambda s: s.name, sort=True, link=lambda s: f"#{s.pk}"),
        Column("town", "乡镇", lambda s: s.town, sort=True),
        Column("pupils", "在校生", lambda s: s.pupils, "number", "人", sort=True),
        Column("rate", "辍学率", lambda s: s.rate, "number", "%", link=lambda s: "#figure"),
        Column("state", "对目标", lambda s: s.state, "light"),
        Column("seen", "最近检查", lambda s: s.seen, "date", minor=True),
    ),
    filters=(
        Filter("town", "乡镇", lambda rows, v: [s for s in rows if s.town == v], choices=lambda: [(s.town, s.town) for s in SCHOOLS]),
        Filter("since", "检查不早于", lambda rows, v: [s for s in rows if s.seen >= v], kind="date"),
    ),
    search=lambda rows, words: [s for s in rows if words in s.name],
    default="-pupils",
    size=4,
    many=(("#", "催报"), ("#", "导出来历")),
)
FINDINGS = [
    Issue(
        Severity.ERROR,
        "x",
        T("号码已被表格软件改成科学计数，后三位丢失"),
        Where(sheet="七(3)班", cell="C118", field="身份证件号"),
        T("把该列设为“文本”后重填"),
        "2.20524E+17",
    ),
    Issue(Severity.WARNING, "x", T("含扩展汉字，已按原字保存"), Where(sheet="七(3)班", cell="B131", field="姓名"), T("无需处理"), "吉野宇"),
    Issue(Severity.ERROR, "x", T("晚于今天"), Where(sheet="八(1)班", cell="D7", field="出生日期"), T("应为 2011-05-06？"), "2031-05-06"),
    Issue(
        Severity.ERROR,
        "formula.syntax",
        T("公式第 %(n)s 列看不懂", n=12),
        Where("indicators.yaml", 7, 12),
        T("您是不是想写 count(…)"),
        "",
        "  formula: cuont(dropouts) / enrolled\n           ^^^^^",
    ),
]


class GuideForm(GroupedForm):
    groups = (("基本情况", ("name", "kind", "opened", "pupils")), ("说明", ("reason", "scan", "stages", "sure")))
    name = forms.CharField(label="单位全称", help_text="与批文一致")
    kind = forms.ChoiceField(label="类别", choices=(("", "——"), ("p", "小学"), ("m", "初中")))
    opened = forms.DateField(label="设立日期", widget=DateInput())
    pupils = forms.IntegerField(label="规模", required=False, help_text="人")
    reason = forms.CharField(label="事由", widget=forms.Textarea())
    scan = forms.FileField(label="批文扫描件", required=False)
    stages = forms.MultipleChoiceField(
        label="学段", choices=(("a", "学前"), ("b", "小学"), ("c", "初中")), widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label="已核对批文，设立即时生效")


def _dress(request: HttpRequest) -> dict[str, Any]:
    request.user = type("User", (), {"is_authenticated": True, "actor": None, "__str__": lambda self: "王局长"})()  # type: ignore[assignment]
    org = SimpleNamespace(code="X", name="杏林县教育局（示例）")
    request.scope = Scope(SimpleNamespace(slug="guide", title="杏林县"), org, Period.parse("2025-2026"))  # type: ignore[attr-defined]
    return {"shell": GuideShell(request)}


def _render(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    template = engines["django"].from_string((HERE / "guide" / name).read_text(encoding="utf-8"))
    return HttpResponse(template.render({**context, **_dress(request)}, request))


@login_not_required
def guide(request: HttpRequest) -> HttpResponse:
    context = {
        "table": TABLE.bind(request, SCHOOLS),
        "nothing": TABLE.bind(request, []),
        "issues": FINDINGS,
        "facts": [
            ("公式", "学年内辍学学生数 ÷ 学年初在校生数"),
            ("分子", "41 人", "#"),
            ("分母", "2,525 人", "#"),
            ("缺报", "南坪乡"),
            ("依据", "控辍保学考核办法第 5 条"),
        ],
        "tabs": [("概况", "#", True), ("历年", "#", False), ("行", "#", False)],
        "crumbs": [("指标", "#"), ("义务教育", "#")],
        "years": [("2019", "2.6"), ("2020", "2.4"), ("2021", "2.1"), ("2022", "1.9"), ("2023", "2.2"), ("2024", "1.8"), ("2025", "1.6")],
        "boxes": [("一中", 42, 61, 70, 82, 97), ("二中", 38, 55, 66, 77, 92), ("三中", 30, 48, 60, 74, 90)],
        "quantities": [
            Quantity.exact("1.6"),
            Quantity.more_than(24),
            Quantity.at_least(960),
            Quantity.less_than(500),
            Quantity.unknown(24),
        ],
        "exact": Decimal("12345.675"),
    }
    return _render(request, "guide.html", context)


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    bound = GuideForm({"name": "", "reason": "并校"} if "wrong" in request.GET else None)
    return _render(request, "form.html", {"form": bound})


@login_not_required
def problem(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "没有办成",
        "advice": "什么都没有改动。请按下面各条改好后再办。",
        "listing": issues.listing(FINDINGS),
        **_dress(request),
    }
    return render(request, "ui/problem.html", context, status=400)


@login_not_required
def pick(request: HttpRequest, place: str, what: str) -> HttpResponse:
    if what not in {"org", "period", "place"}:
        raise Http404
    choices = [{"label": s.name, "url": "/", "depth": min(s.pk, 3) - 1, "present": s.pk == 1} for s in SCHOOLS]
    part = request.headers.get("HX-Request") == "true"
    context = {"title": "选择单位", "choices": choices, "next": "/", "words": "", "part": part, **_dress(request)}
    return render(request, "ui/parts/pick.html" if part else "ui/pick.html", context)


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [
    path("", guide, name="guide"),
    path("form/", form),
    path("problem/", problem),
    path("broken/", broken),
    path("p/<slug:place>/pick/<slug:what>/", pick, name="pick"),
]
app_name = "ui"
