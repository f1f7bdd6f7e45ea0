"""Every main page by keyboard alone, and without scripts: what can be used can be reached, is seen when reached, and works."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from xingtan.apps.record.ledgers.services import record_create

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "2008-2009"
AT = f"?org=XS&period={YEAR}"
PAGES = (
    f"/p/xishan/{AT}",
    f"/p/xishan/ledgers/{AT}",
    f"/p/xishan/ledgers/enrolment/{AT}",
    f"/p/xishan/ledgers/enrolment/new/{AT}",
    f"/p/xishan/ledgers/enrolment/import/{AT}",
    f"/p/xishan/indicators/{AT}",
    f"/p/xishan/indicators/pupils/{AT}",
    f"/p/xishan/reports/{AT}",
    f"/p/xishan/orgs/{AT}",
    f"/p/xishan/people/{AT}",
    f"/p/xishan/pick/org/{AT}",
)
# What Tab must reach: everything visible that can be used (radio buttons of one name are one stop).
REACHABLE = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const radios = new Set();
  return [...document.querySelectorAll(wanted)].filter((one) => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== "radio") return true;
    const first = !radios.has(one.name); radios.add(one.name); return first;
  }).length;
}"""
LEFT = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((one) => !one.dataset.stop && one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  if (!one.dataset.stop) one.dataset.stop = String(document.querySelectorAll("[data-stop]").length + 1);
  return {id: one.dataset.stop, skip: one.className === "skip", marked, inside, what: one.outerHTML.slice(0, 120), positive: one.tabIndex > 0};
}"""


@pytest.fixture
def entered(cast):
    texts = {"org": "XS-11", "period": YEAR, "stage": "初中", "pupils": "300", "dropouts": "3"}
    return record_create(
        actor=cast.accounts["statistician"].actor, place=cast.place, ledger="enrolment", texts=texts, today=date(2009, 9, 1)
    )


def stops(page) -> list[dict]:
    """Where Tab leads, until it leaves the page or comes back to where it began."""
    found = []
    for _press in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here is not None and not here["inside"]:  # the window may still be on its way to what was reached
            page.wait_for_timeout(300)
            here = page.evaluate(FOCUSED)
        if here is not None and found and here["id"] == found[-1]["id"]:
            continue  # a date has three stops of its own
        if here is None or any(here["id"] == one["id"] for one in found):
            return found
        found.append(here)
    raise AssertionError("Tab never leaves the page")


def test_tab_reaches_everything_in_view_with_a_visible_mark(journey, entered):
    page = journey.sign_in("statistician")
    faults = []
    for path in PAGES:
        assert page.goto(journey.url(path)).status == 200, path
        wanted = page.evaluate(REACHABLE)
        page.evaluate("document.activeElement.blur()")
        found = stops(page)
        begins = page.locator("[autofocus]").count() == 1  # a picker begins in its search box, behind the navigation
        if not found or not (found[0]["skip"] or begins):
            faults.append(f"{path}: the first stop is not the way past the navigation")
        if len(found) < wanted and not begins:
            left = page.evaluate(LEFT)
            faults.append(f"{path}: {len(found)} stops for {wanted} things to use, not {left}")
        wrong = [one for one in found if one["positive"] or not one["marked"] or not one["inside"]]
        faults += [f"{path}: {one['what']} marked={one['marked']} inside={one['inside']}" for one in wrong]
    assert faults == []
    journey.healthy()


def test_menus_open_and_close_by_keyboard(journey):
    page = journey.sign_in("statistician")
    page.goto(journey.url(PAGES[0]))
    menu = page.locator("header details, .topbar details, details.menu").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('details') !== null"), "the first entry of the menu comes next"
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "and the focus comes back"
    journey.healthy()


def test_without_scripts_everything_is_read_and_works(journey, entered):
    page = journey.sign_in("statistician", java_script_enabled=False)
    for path in PAGES:
        assert page.goto(journey.url(path)).status == 200, path
        assert page.locator("h1").first.is_visible(), path

    page.goto(journey.url(f"/p/xishan/{AT}"))
    page.get_by_role("link", name="单位 溪山县").click()
    page.get_by_role("link", name="东溪中学").click()
    assert "org=XS-11" in page.url
    page.get_by_role("link", name="期间").click()
    page.get_by_role("link", name="2008—2009学年", exact=True).click()

    page.goto(journey.url(f"/p/xishan/ledgers/enrolment/{AT}"))
    page.get_by_label("学段").select_option("小学")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("300")).to_have_count(0)

    page.goto(journey.url(f"/p/xishan/ledgers/enrolment/import/{AT}"))
    data = f"单位,期间,学段,在校生数,辍学人数\nXS-12,{YEAR},小学,80,0\n".encode()
    page.get_by_label("表格文件").set_input_files({"name": "表.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="全部入账").click()
    expect(page.get_by_text("已入账。")).to_be_visible()

    page.goto(journey.url(f"/p/xishan/indicators/pupils/{AT}"))
    expect(page.locator(".figure-big .value")).to_have_text("〔缺，至少380人〕")
    page.get_by_role("link", name="查看来源行").click()
    expect(page.get_by_text("共 2 行")).to_be_visible()
    journey.healthy()
