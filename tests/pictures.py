"""The pictures of the README, taken from a running demo.

Usage: ./run demo, and in another window: .venv/bin/python -m tests.pictures [http://127.0.0.1:8000 [NAME ...]]
"""

import io
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTH = 760  # pixels in the README; small files


def keep(page, name):
    shot = page.screenshot()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    if picture.width > WIDTH:
        picture = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=1).save(PICTURES / f"{name}.png", optimize=True)


def sign_in_as(page, base, name):
    page.goto(f"{base}/demo/")
    page.get_by_role("button", name=f"Als {name}", exact=True).click()
    page.wait_for_load_state()


def as_parents(browser, base):
    """The personal page of one family after another, each opened from its invitation in the inbox."""
    page = browser.new_page(viewport={"width": 375, "height": 740}, device_scale_factor=2)
    page.goto(f"{base}/demo/post/?q=uitnodiging")
    for link in page.locator(".lijst a").evaluate_all("all => all.map(a => a.href)"):
        page.goto(link)
        page.locator(".kaart a").first.click()
        page.get_by_role("button", name="Open mijn pagina").click()
        page.wait_for_load_state()
        yield page


def parent(browser, base):
    """Her own page on a phone: of the first family that reads Dutch."""
    for page in as_parents(browser, base):
        if page.locator("html").get_attribute("lang") == "nl":
            return keep(page, "parent")
    raise SystemExit("No family of the demo reads Dutch; run ./run fresh-demo")


def times(browser, base):
    for page in as_parents(browser, base):
        choose = page.get_by_role("link", name=re.compile("Kies een tijd voor"))
        if choose.count():
            choose.first.click()
            page.wait_for_load_state()
            return keep(page, "times")
    raise SystemExit("Every family of the demo has chosen a time; run ./run fresh-demo")


def year(browser, base):
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Marijke")
    page.goto(f"{base}/jaar/")
    keep(page, "year")


def talk(browser, base):
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Wouter")
    page.goto(f"{base}/rondes/2/groep/5/")
    gesprek = page.locator("li", has=page.get_by_text("tijd gekozen")).locator("a[href^='/gesprek/']").first
    page.goto(base + re.match(r"/gesprek/\d+/", gesprek.get_attribute("href")).group() + "voeren/")
    keep(page, "talk")


def kijkwijzer(browser, base):
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Wouter")
    page.goto(f"{base}/kijkwijzer/")
    found = [
        p
        for p in page.locator("main a").evaluate_all("all => all.map(a => a.pathname)")
        if re.fullmatch(r"/kijkwijzer/\d+/", p)
    ]
    page.goto(base + found[0])
    keep(page, "kijkwijzer")


def together(browser, base):
    for page in as_parents(browser, base):
        all_in_one_go = page.locator("a[href='/mijn/samen/']")
        if all_in_one_go.count():
            all_in_one_go.first.click()
            page.wait_for_load_state()
            return keep(page, "together")
    raise SystemExit("No family of the demo has several children to plan; run ./run fresh-demo")


def team(browser, base):
    """A film that eight of the team scored, as everybody sees it."""
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Marijke")
    page.goto(f"{base}/kijkwijzer/samen/1/beeld/")
    keep(page, "team")


def leading(browser, base):
    """One of the questions of leadership, with the year before beside it."""
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Marijke")
    page.goto(f"{base}/inzicht/vergelijken/")
    keep(page, "leading")


def plan(browser, base):
    page = browser.new_page(viewport={"width": 1200, "height": 800}, device_scale_factor=1.5)
    sign_in_as(page, base, "Marijke")
    page.goto(f"{base}/rondes/3/planning/")
    make = page.get_by_role("button", name="Maak de planning")
    if make.count():
        make.click()
        page.get_by_role("heading", name="Hoe goed is deze planning?").wait_for(timeout=90_000)
    keep(page, "plan")


PICTURES_OF = (parent, times, together, year, plan, talk, kijkwijzer, team, leading)


def main(base, *wanted):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES_OF:
            if not wanted or picture.__name__ in wanted:
                picture(browser, base)
        browser.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))
