"""What if, as a busy manager meets it: a ready start, ticks, answers, what moves, and away again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import LIBRARIES, NURSING, Site, follow, look_at, save

LABEL = "What if: nothing here changes the assessment."


def _open_all(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(details => { details.open = true })")


@pytest.mark.parametrize("script", [True, False])
def test_try_and_throw_away(site: Site, script: bool) -> None:
    page = site.signed_in("nursing@example.org", script=script)
    follow(page.get_by_role("link", name=NURSING))
    follow(page.get_by_role("link", name="See the result"))
    before = page.locator(".app-result").inner_text()
    result = page.url

    save(page, "Try the shortest way up")
    expect(page.get_by_text(LABEL)).to_be_visible()
    expect(page.locator("h1")).to_contain_text("The shortest way up to")
    if script:
        look_at(page)

    follow(page.get_by_role("link", name="Back to all what-ifs"))
    follow(page.get_by_role("button", name="Make a what-if"))
    page.get_by_label("What do you want to call it?").fill("If pensions are settled")
    page.locator("summary", has_text=re.compile(r"^Pensions: \d+ actions?")).click()
    boxes = page.locator("input[name='done-pensions']")
    for box in boxes.all():
        box.check()
    page.locator("summary", has_text=re.compile(r"^Staff and unions: \d+ questions")).click()
    page.locator("input[name='items-staff-and-unions']").first.check()
    if script:
        look_at(page)
    save(page, "Save and see what changes")

    expect(page.locator("h1")).to_have_text("Which answers do you want to try?")
    page.locator("fieldset").first.locator("input[type=radio]").first.check()
    if script:
        look_at(page)
    save(page, "See what changes")

    expect(page.locator("h1")).to_have_text("If pensions are settled")
    expect(page.get_by_role("row", name=re.compile("^Pensions")).first).to_contain_text("Green")
    if script:
        _open_all(page)
        look_at(page)
    shared = page.url

    follow(page.get_by_role("link", name="Rename"))
    page.get_by_label("What do you want to call it?").fill("If the fund agrees")
    save(page, "Save")
    expect(page.locator("h1")).to_have_text("If the fund agrees")

    page.goto(result)
    assert page.locator(".app-result").inner_text() == before

    page.goto(shared)
    follow(page.get_by_role("link", name="Delete"))
    save(page, "Delete the what-if")
    expect(page.get_by_role("alert")).to_contain_text("Deleted: If the fund agrees")


def test_stranger_at_a_shared_address(site: Site) -> None:
    page = site.signed_in("libraries@example.org")
    follow(page.get_by_role("link", name=LIBRARIES))
    follow(page.get_by_role("link", name="Try what if"))
    look_at(page)
    save(page, "Try all “Do now” actions")
    shared = page.url

    stranger = site.signed_in("nursing@example.org")
    answer = stranger.request.get(shared)

    assert answer.status == 404
