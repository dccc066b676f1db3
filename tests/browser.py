"""Windows on the product for journey tests: a phone, a laptop; axe on every page; pictures on demand."""

import os
from pathlib import Path

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe

from tests.cast import PASSWORD

PHONE, LAPTOP = {"width": 375, "height": 740}, {"width": 1280, "height": 860}
TABLET = {"width": 1024, "height": 768}
AXE = Axe()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Only what is wrong comes back: to write down all that is right, of every element, takes longer than to look at it.
JUDGED = set()  # outlines that passed, of this process
JUDGE = "(options) => axe.run(options).then(({violations}) => ({violations}))"

# What of a page decides how it is judged: its elements and attributes. Other words, numbers and more rows of the same
# kind make it no other page.
OUTLINE = """() => {
    const page = document.documentElement.cloneNode(true);
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.trim() ? "t" : "";
    page.querySelectorAll("input[type=hidden], script").forEach((node) => node.remove());
    for (const node of [page, ...page.querySelectorAll("*")].filter((node) => !(node instanceof SVGElement)))
        for (const {name, value} of [...node.attributes])
            if (!["class", "role", "type", "lang", "dir", "for", "id"].includes(name) && !name.startsWith("aria-"))
                node.setAttribute(name, value ? "v" : "");
            else node.setAttribute(name, value.replace(/[0-9]+/g, "0"));
    for (const node of [...page.querySelectorAll("*")].reverse())
        if (node.previousElementSibling?.outerHTML === node.outerHTML) node.remove();
    return page.outerHTML;
}"""

DRESSED = """() => document.readyState === "complete" &&
    [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet)"""


class Window:
    """One person's browser. `check()` after every step that shows a new page."""

    def __init__(self, browser, base, size, **context):
        self.base = base
        self.context = browser.new_context(viewport=size, locale="nl-NL", timezone_id="Europe/Amsterdam", **context)
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("response", lambda r: self.errors.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def open(self, path, *, check=True):
        self.page.goto(path if path.startswith("http") else self.base + path)
        if check:
            self.check()
        return self

    def unfold(self, name):
        """Open what stands behind this word."""
        self.page.locator("summary").filter(has_text=name).first.click()
        return self

    def click(self, name, *, role=None, check=True, exact=False, nth=0):
        """Press the button or link with this name, and look at what comes."""
        if role:
            target = self.page.get_by_role(role, name=name, exact=exact)
        else:
            target = self.page.get_by_role("button", name=name, exact=exact).or_(
                self.page.get_by_role("link", name=name, exact=exact)
            )
        target.nth(nth).click()
        self.page.wait_for_load_state()
        if check:
            self.check()
        return self

    def fill(self, label, text):
        self.page.get_by_label(label).first.fill(text)
        return self

    def tick(self, label):
        self.page.get_by_label(label).first.check()
        return self

    def select(self, label, option):
        self.page.get_by_label(label).first.select_option(label=option)
        return self

    def sees(self, text):
        self.page.get_by_text(text).locator("visible=true").first.wait_for()
        return self

    def does_not_see(self, text):
        assert self.page.get_by_text(text).locator("visible=true").count() == 0, f"did not expect to see: {text}"
        return self

    def sign_in(self, person):
        """Through the real form, as a member of staff does."""
        self.open("/account/login/")
        self.page.locator("input[name=login]").fill(person.user.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        return self.click("Inloggen", role="button", exact=True)

    def check(self):
        """No accessibility violation, no sideways scrolling, no script error."""
        # A page that is still on its way has no style yet; judging it then would judge another page than people see.
        self.page.wait_for_function(DRESSED)
        self.judge()
        too_wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
        assert not too_wide, f"{self.page.url} scrolls sideways at {self.page.viewport_size['width']} px"
        real = [error for error in self.errors if "status of 4" not in error]
        assert not real, f"{self.page.url}: {real}"
        return self

    def judge(self):
        """Axe, for a page that is not like one that was judged before at this width."""
        outline = hash((self.page.viewport_size["width"], self.page.evaluate(OUTLINE)))
        if outline in JUDGED:
            return
        self.page.evaluate(AXE.axe_script)
        found = AxeResults(self.page.evaluate(JUDGE, AXE_OPTIONS))
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        JUDGED.add(outline)

    def picture(self, name):
        """A full-page PNG in $PICTURES, when that is set; journeys call it at the screens worth looking at."""
        folder = os.environ.get("PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(
                path=str(Path(folder) / f"{name}-{self.page.viewport_size['width']}.png"), full_page=True
            )
        return self


class Windows:
    def __init__(self, chromium, base):
        self.chromium, self.base, self.windows = chromium, base, []

    def _new(self, size, **context):
        window = Window(self.chromium, self.base, size, **context)
        self.windows.append(window)
        return window

    def phone(self, **context):
        return self._new(PHONE, **context)

    def tablet(self, **context):
        return self._new(TABLET, **context)

    def laptop(self, **context):
        return self._new(LAPTOP, **context)

    def close(self):
        for window in self.windows:
            window.context.close()
