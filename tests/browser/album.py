"""One look at a page: what axe finds in light and dark, whether it fits a small phone, and a picture at two widths."""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from serportal.settings import BASE_DIR

FOLDER = BASE_DIR / "screenshots"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
STANDARD = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What can differ between a page at a desk by day and the same page on a phone in the dark.
OF_COLOUR_AND_WIDTH = {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}


class Album:
    """Looks at page after page of one person and collects what is wrong, so that a test shows all of it at once."""

    def __init__(self, page: Page, name: str, folder: Path = FOLDER):
        self.page, self.name, self.folder = page, name, folder
        self.wrong: list[str] = []
        self.status = 0
        page.on("response", self._keep_status)
        folder.mkdir(exist_ok=True)

    def visit(self, path: str, state: str, **expected) -> None:
        self.page.goto(path)
        self.look(state, **expected)

    def look(self, state: str, *, status: int = 200, stock: bool = False) -> None:
        """Look at the page as it is now.

        ``stock`` marks pages of Django’s admin, whose tables scroll sideways on a phone.
        """
        self.page.wait_for_load_state()
        self._say(state, self.status != status and f"answers {self.status}, not {status}")
        self._say(state, not self.page.title().split(" – ")[0].strip() and "has no title")
        self.page.set_viewport_size(DESK)
        self._ask_axe(state, STANDARD)
        self._picture(state, DESK)
        self.page.set_viewport_size(PHONE)
        self._picture(state, PHONE)
        self.page.emulate_media(color_scheme="dark")
        self._ask_axe(f"{state}, dark on a phone", OF_COLOUR_AND_WIDTH)
        self.page.emulate_media(color_scheme="light")
        if not stock:
            self.page.set_viewport_size(SMALLEST)
            width = self.page.evaluate("document.documentElement.scrollWidth")
            self._say(
                state, width > SMALLEST["width"] and f"is {width} px wide where 320 are there: {self._too_wide()}"
            )
        self.page.set_viewport_size(DESK)

    def close(self) -> None:
        if self.wrong:
            pytest.fail(f"{len(self.wrong)} findings:\n" + "\n".join(self.wrong), pytrace=False)

    def _too_wide(self) -> list[str]:
        return self.page.evaluate(
            """() => [...document.querySelectorAll("main *")]
                .filter(one => one.getBoundingClientRect().right > innerWidth)
                .map(one => one.outerHTML.slice(0, 120)).slice(0, 4)"""
        )

    def _keep_status(self, response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status

    def _ask_axe(self, state: str, about: dict) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        # Colours that are still fading from light to dark are nobody’s finding.
        self.page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => true)")
        options = {"runOnly": about, "resultTypes": ["violations"], "preload": False}
        found = self.page.evaluate("options => axe.run(options).then(found => found.violations)", options)
        for violation in found:
            nodes = "\n    ".join(node["html"][:200] for node in violation["nodes"][:4])
            more = violation["nodes"][0]["failureSummary"].replace("\n", " ")
            self._say(state, f"breaks {violation['id']} {len(violation['nodes'])} times: {more}\n    {nodes}")

    def _picture(self, state: str, size: dict) -> None:
        name = f"{self.name} {state} {size['width']}.png".replace(" ", "-").replace(",", "")
        # The caret stays: hiding it takes a style in the page, which the content security policy refuses.
        self.page.screenshot(path=self.folder / name, full_page=True, caret="initial")

    def _say(self, state: str, what: str | bool) -> None:
        if what:
            self.wrong.append(f"{self.name}, {state}: {what}")
