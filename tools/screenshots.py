"""Pictures of the documentation, taken from a running demonstration.

    xingtan serve --demo --port 8731                       in one shell, in a data folder of its own
    python tools/screenshots.py http://127.0.0.1:8731      in another; writes docs/images/*.png

Each picture is a page as a user of the demonstration sees it after the same clicks; nothing is drawn or put in by hand.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tools.browser import find

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SHORTEST, LONGEST = 640, 1800
PLACE = "/p/wanbao_antu/"
TOWN, SCHOOL = "?org=222426105&period=2008", "?org=222426105-01&period=2008"
# What a clerk might send: an unknown school, a number that is none, a missing item, a row twice, and one good row.
SHEET = """单位,期间,项目,用途,资金性质,金额（元）
万宝镇第一中学,2008,电脑,办学条件,镇财政,12000
万宝镇中心校,2008,图书,办学条件,镇财政,见发票
万宝镇中心校,2008,,办学条件,镇财政,800
万宝镇幼儿园,2008,滑梯,办学条件,社会捐助,3000余
万宝镇幼儿园,2008,滑梯,办学条件,社会捐助,3000余
"""


def main(base: str) -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    program, extra = find.chromium()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(program), args=list(find.ARGS), env={**os.environ, **extra})
        for width, walk in ((1280, work_at_a_desk), (360, look_on_a_phone)):
            page = browser.new_context(viewport={"width": width, "height": SHORTEST}, locale="zh-CN", base_url=base).new_page()
            enter(page, "万宝镇", "统计员")
            walk(page)
        browser.close()
    return 0


def enter(page: Page, place: str, post: str) -> None:
    """Sign in by the demonstration's button of this post."""
    page.goto("/sign-in/")
    group = page.locator("details", has_text=place).filter(has=page.get_by_text(place, exact=True))
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    group.get_by_role("button", name=post, exact=True).click()
    page.wait_for_load_state()


def shoot(page: Page, name: str, longest: int = LONGEST) -> None:
    """Take the whole page: the window grows to its height, so that what sticks to the window stands right."""
    size = page.viewport_size
    assert size is not None
    page.wait_for_timeout(400)
    height = min(page.evaluate("document.documentElement.scrollHeight"), longest)
    page.set_viewport_size({"width": size["width"], "height": max(height, SHORTEST)})
    page.wait_for_timeout(200)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.set_viewport_size(size)


def work_at_a_desk(page: Page) -> None:
    page.goto(PLACE + "indicators/named_senior_rate/" + SCHOOL)
    shoot(page, "figure")
    page.get_by_role("link", name="查看来源行").click()
    page.wait_for_load_state()
    shoot(page, "rows")
    page.goto(PLACE + "ledgers/funds_paid/import/" + TOWN)
    page.locator("input[type=file]").set_input_files({"name": "教育投入.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_load_state()
    page.get_by_text("须改正").first.wait_for(timeout=30_000)
    shoot(page, "import")
    page.goto(PLACE + "reports/new/" + TOWN)
    page.get_by_role("button", name="生成草稿").click()
    page.wait_for_load_state()
    shoot(page, "report")
    page.goto(PLACE + TOWN)
    shoot(page, "desk", longest=1040)


def look_on_a_phone(page: Page) -> None:
    page.goto(PLACE + "indicators/named_senior_rate/" + SCHOOL)
    shoot(page, "phone")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
