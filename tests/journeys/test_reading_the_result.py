"""Reading the result: what would change it, how firm it is, and which forms and routes are open."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.site import NARROW, NURSING, WIDE, Site, follow, look_at


def _open(site: Site, *, script: bool = True) -> Page:
    """The task list of the nursing client, who has chosen a form and a route."""
    page = site.signed_in("nursing@example.org", script=script)
    follow(page.get_by_role("link", name=NURSING))
    return page


def test_from_the_result_to_what_changes_it(site: Site) -> None:
    page = _open(site)
    follow(page.get_by_role("link", name="See the result"))
    look_at(page)
    for summary in page.locator("main summary").all():
        summary.click()
    look_at(page)
    expect(page.get_by_role("table", name="What other weights, or one thing less")).to_be_visible()
    expect(page.locator(".app-misfit")).not_to_have_count(0)

    step = page.locator("#way-up ~ ol a").first
    title = step.inner_text()
    follow(step)
    expect(page).to_have_url(re.compile(r"/questions/.*#.*-question$"))
    expect(page.locator(".app-item", has_text=title).first).to_be_visible()


def test_printed_result_is_for_reading(site: Site) -> None:
    """Nothing to press, and no address of a page of ours after every link."""
    page = _open(site)
    follow(page.get_by_role("link", name="See the result"))

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="What decided it")).to_be_visible()
    for hidden in (page.get_by_role("button"), page.get_by_role("navigation"), page.locator("aside.app-panel")):
        expect(hidden.locator("visible=true")).to_have_count(0)
    link = page.get_by_role("main").get_by_role("link").locator("visible=true").first
    expect(link).to_have_attribute("href", re.compile("^/"))
    assert link.evaluate("link => getComputedStyle(link, '::after').content") == "none"


def test_forms_and_routes(site: Site) -> None:
    page = _open(site)
    follow(page.get_by_role("link", name="See which forms and routes are open"))
    look_at(page)
    for summary in page.locator(".app-exclusions summary").all():
        summary.click()
    look_at(page)

    table = page.get_by_role("table", name="Route to the contract and legal form")
    expect(table.locator(".app-matrix__cell--chosen")).to_have_count(1)
    note = table.locator(".app-note").first
    note.click()
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_in_viewport()


def test_tables_are_stacked_by_form_on_a_phone(site: Site) -> None:
    page = _open(site)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    follow(page.get_by_role("link", name="See which forms and routes are open"))
    table = page.get_by_role("table", name="Route to the contract and legal form")
    expect(table).to_be_hidden()

    page.locator("summary", has_text="The table: Route to the contract and legal form").click()

    expect(table).to_be_visible()
    cells = table.locator("tbody tr").first.locator("td")
    assert cells.count() == 7
    tops = [cell.bounding_box()["y"] for cell in cells.all()]  # type: ignore[index]
    assert tops == sorted(set(tops))
    look_at(page)


def test_forms_and_routes_without_script(site: Site) -> None:
    page = _open(site, script=False)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    follow(page.get_by_role("link", name="See which forms and routes are open"))

    expect(page.get_by_role("table", name="Route to the contract and legal form")).to_be_visible()
    follow(page.get_by_role("link", name="Change Legal form"))
    expect(page).to_have_url(re.compile(r"/questions/profile/.*#legal-form-question$"))
