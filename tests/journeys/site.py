"""The site as a person with a browser meets it: windows, signing in, filling in pages, looking at them with axe."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests import needs

WIDE = {"width": 1100, "height": 900}
NARROW = {"width": 320, "height": 800}
PASSWORD = "spinout-demo-2026"
# Clients of the demo by name: other walks start assessments of their own beside them.
LIBRARIES, NURSING = "Meadowshire Libraries", "Northmoor Community Nursing"
# A browser reports each answer that is not 2xx; a conflict is one of ours.
EXPECTED_IN_CONSOLE = re.compile(r"the server responded with a status of 409")


@dataclass
class Site:
    address: str
    log: Path
    # Where the organisation "Exampleshire County Council" lets its people sign in.
    organisation: str = ""
    browser: Browser | None = None
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, browser: Browser) -> None:
        self.browser = browser

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        complaints = [*self.complaints]
        self.contexts.clear()
        self.complaints.clear()
        assert complaints == []

    def window(self, *, script: bool = True, host: str = "127.0.0.1") -> Page:
        """A page of a browser of its own: nobody is signed in there."""
        assert self.browser is not None
        address = self.address.replace("127.0.0.1", host)
        context = self.browser.new_context(viewport=WIDE, java_script_enabled=script, base_url=address)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def signed_in(self, email: str, *, script: bool = True) -> Page:
        page = self.window(script=script)
        page.goto("/accounts/login/")
        sign_in(page, email)
        return page

    def mailed_link(self, path: str) -> str:
        """The newest link in a mail that the server has printed."""
        deadline = time.monotonic() + 10
        while True:
            found = re.findall(rf"http://\S*({path}\S+)", self.log.read_text())
            if found:
                return str(found[-1])
            assert time.monotonic() < deadline, f"No mail with {path}"
            time.sleep(0.1)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED_IN_CONSOLE.search(message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    save(page, re.compile("^Sign in$"))


def save(page: Page, button: str | re.Pattern[str] = "Save and continue") -> None:
    follow(page.get_by_role("button", name=button))


def follow(link: Locator) -> None:
    """Clicks what leads to another page, and is there when it returns."""
    with link.page.expect_navigation():
        link.click()


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


# Looking at a page ------------------------------------------------------------------------------------------

_VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  found => `${found.id}: ${found.help}: ${found.nodes.map(node => node.html.slice(0, 200)).slice(0, 3).join(' | ')}`)"""


def look_at(page: Page) -> None:
    """No violation in axe, on a desktop and at 320 px, where nothing may reach past the screen; one h1, a title."""
    page.evaluate(needs.axe())
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        found = page.evaluate(_VIOLATIONS)
        assert found == [], f"{page.url} at {viewport['width']} px"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{page.url} is {width} px wide"
    assert page.locator("h1").count() == 1, page.url
    assert page.title(), page.url


def visit(page: Page, path: str) -> None:
    page.goto(path)
    look_at(page)


# Filling in -------------------------------------------------------------------------------------------------


@dataclass
class Clerk:
    """Answers pages of questions: everything that is asked, every kind of answer in turn."""

    answered: int = 0
    kinds: set[str] = field(default_factory=set)

    def fill_in(self, page: Page) -> None:
        for item in page.locator(".app-item").all():
            self._answer(item)

    def questionnaire(self, page: Page) -> None:
        """From the page that is shown to the questionnaire's last, looking at each."""
        here = page.url.split("/questions/")[1].split("/")[0]
        while f"/questions/{here}/" in page.url:
            look_at(page)
            self.fill_in(page)
            save(page)

    def _answer(self, item: Locator) -> None:
        self.answered += 1
        states = item.locator("input[type=radio][name$=-state]")
        if states.count():
            self._state(item, states)
        else:
            self.kinds.add(_answer_fact(item))

    def _state(self, item: Locator, states: Locator) -> None:
        values = [str(radio.get_attribute("value")) for radio in states.all()]
        chosen = self._choice(values)
        self.kinds.add("level" if chosen.isdigit() else chosen)
        item.locator(f"input[type=radio][value='{chosen}']").check()
        if chosen in ("dont_know", "not_known"):
            item.get_by_label("Who would know?").fill("The fund's actuary")
            _date(item, "know_by", "15", "1", "2027")
        elif chosen == "not_applicable":
            item.get_by_label("Why does it not apply?").fill("Nobody is a member.")
        else:
            item.get_by_label("What proof do you have?").select_option(f"E{self.answered % 4}")
            _date(item, "evidence_date", "30", "September", "2026")
        if self.answered % 5 == 0:
            note = item.locator("textarea[name$=-note]")
            if not note.is_visible():
                item.locator("summary", has_text=re.compile("^Note$")).click()
            note.fill('Minuted. <script>alert("no")</script>')

    def _choice(self, values: list[str]) -> str:
        if self.answered % 7 == 0:
            return next(value for value in values if value in ("dont_know", "not_known"))
        if self.answered % 11 == 0 and "not_applicable" in values:
            return "not_applicable"
        known = [value for value in values if value not in ("dont_know", "not_known", "not_applicable")]
        return known[self.answered % len(known)]


def _answer_fact(item: Locator) -> str:
    if item.locator("input[type=radio]").count():
        item.locator("input[type=radio]").first.check()
        return "choice"
    if item.locator("input[type=checkbox]").count():
        item.locator("input[type=checkbox]").first.check()
        return "choices"
    if item.locator("textarea").count():
        item.locator("textarea").fill("Nobody had asked the fund.")
        return "text"
    if item.locator("input[name$=-day]").count():
        _date(item, "value", "1", "4", "2027")
        return "date"
    item.locator("input[type=text]").fill("48")
    return "number"


def _date(item: Locator, name: str, *parts: str) -> None:
    for part, text in zip(("day", "month", "year"), parts, strict=True):
        item.locator(f"input[name$='-{name}-{part}']").fill(text)


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: its id, class and text."""
    found: dict[str, Any] = page.evaluate(
        "(({id, className, innerText}) => ({id, class: className, text: innerText}))(document.activeElement)"
    )
    return found
