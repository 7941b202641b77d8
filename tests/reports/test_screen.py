"""The report in a browser: accessible, and whole on a narrow screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from assessments.catalogue.schema import Stage
from assessments.reports import files
from assessments.reports.inputs import Given
from assessments.reports.readiness import html_for
from tests import needs
from tests.reports.samples import SAMPLES, hostile, mixed, with_money, with_plan

ADDRESS = "http://report.test/report"
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'"


def opened(browser: Browser, sample: Given, width: int) -> Page:
    """The report at this width, under the site's content policy. Nothing comes from the network."""
    html = html_for(sample, screen=True, back="/assessments/1/")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://report.test/")
        if path == "report":
            route.fulfill(body=html, headers={"Content-Type": "text/html", "Content-Security-Policy": POLICY})
        elif path == "static/img/icon.svg":
            route.fulfill(path=files.STATIC.parent / "img" / "icon.svg")
        elif path.startswith("static/") and (file := files.STATIC / Path(path).relative_to("static")).is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*", answer)
    page.goto(ADDRESS)
    return page


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "sample",
    [with_plan(with_money(mixed(Stage.PLAN))), hostile(), SAMPLES["make-the-case"](), SAMPLES["explore-in-review"]()],
    ids=["plain", "hostile", "long-addresses", "long-names"],
)
def test_screen_is_accessible_and_not_too_wide(browser: Browser, sample: Given, width: int) -> None:
    complaints: list[str] = []
    page = opened(browser, sample, width)
    page.on("console", lambda message: complaints.append(message.text))

    found = page.evaluate(f"() => {{ {needs.axe()}\n return axe.run().then((result) => result.violations) }}")

    assert [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Spinout Report"')
    assert complaints == []
