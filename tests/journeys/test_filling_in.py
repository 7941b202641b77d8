"""From signing in to the downloaded report, through every questionnaire."""

import io
import re
import time
from pathlib import Path

import pikepdf
from playwright.sync_api import Page, expect

from tests.journeys.site import Clerk, Site, focused, follow, look_at, press_enter, save, sign_in, visit

NAME = "Harbour Youth Service"


def test_from_sign_in_to_report(site: Site, tmp_path: Path) -> None:
    page = site.window()
    visit(page, "/")
    follow(page.get_by_role("button", name="Sign in and start"))
    look_at(page)
    sign_in(page, "libraries@example.org")
    look_at(page)

    follow(page.get_by_role("button", name="Start an assessment"))
    look_at(page)
    _start(page)

    clerk = Clerk()
    look_at(page)
    clerk.fill_in(page)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Saved.")
    dates = page.url
    _date_error_by_keyboard(page)
    page.goto(dates)
    clerk.questionnaire(page)

    look_at(page)
    task_list = page.url
    for title in page.locator(".govuk-task-list__link").all_inner_texts()[1:]:
        page.goto(task_list)
        follow(page.get_by_role("link", name=title, exact=True))
        clerk.questionnaire(page)
    assert clerk.kinds >= {"level", "met", "not_met", "dont_know", "not_known", "not_applicable"}
    assert clerk.kinds >= {"choice", "choices", "number", "date", "text"}

    # What was answered may have brought more questions with it.
    follow(page.get_by_role("complementary").get_by_role("link", name="Check your answers"))
    look_at(page)
    expect(page.locator(".govuk-summary-list__row").first).to_be_visible()
    follow(page.get_by_role("button", name="See the result"))
    look_at(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to make the case?")
    for details in page.locator("details").all():
        details.locator("summary").click()
    look_at(page)
    _follow_a_trigger(page)

    page.go_back()
    follow(page.get_by_role("button", name="Get the readiness report"))
    look_at(page)
    follow(page.get_by_role("link", name="Read the report as a web page"))
    look_at(page)
    page.go_back()
    pdf = _pdf(page, tmp_path)
    assert NAME in str(pdf.docinfo["/Title"])


def _start(page: Page) -> None:
    follow(page.get_by_role("button", name="Start", exact=True))
    look_at(page)
    assert page.title().startswith("Error: ")
    assert focused(page)["class"] == "govuk-error-summary"
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "Enter the name of the service"
    page.keyboard.press("Enter")
    assert focused(page)["id"] == "id_service_name"
    page.keyboard.type(NAME)
    page.get_by_label("Make the case").check()
    follow(page.get_by_role("button", name="Start", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your service")


def _date_error_by_keyboard(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Dates and reorganisation")
    first = page.locator(".app-item").first
    first.get_by_label("Day").fill("31")
    first.get_by_label("Month").fill("2")
    first.get_by_label("Year").fill("2027")
    save(page)
    look_at(page)
    assert page.title().startswith("Error: ")
    assert focused(page)["class"] == "govuk-error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page)["id"] == "id_target-date-value-day"
    page.keyboard.press("Control+A")
    page.keyboard.type("28")
    press_enter(page)
    expect(page.get_by_role("alert")).to_contain_text("Saved.")


def _follow_a_trigger(page: Page) -> None:
    link = page.locator(".app-barrier .app-triggers a").first
    title = link.inner_text()
    follow(link)
    expect(page).to_have_url(re.compile(r"/questions/.*#.*-question$"))
    expect(page.locator(".app-item", has_text=title).first).to_be_visible()


def _pdf(page: Page, folder: Path) -> pikepdf.Pdf:
    follow(page.get_by_role("button", name="Make the PDF"))
    look_at(page)
    link = page.get_by_role("link", name="Download the readiness report")
    deadline = time.monotonic() + 90
    while not link.count():
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        time.sleep(0.5)
        page.reload()
    look_at(page)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(folder / "report.pdf")
    content = (folder / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    return pikepdf.open(io.BytesIO(content))


def test_without_script(site: Site, tmp_path: Path) -> None:
    page = site.signed_in("libraries@example.org", script=False)
    follow(page.get_by_role("button", name="Start an assessment"))
    follow(page.get_by_role("button", name="Start", exact=True))
    assert page.title().startswith("Error: ")
    page.get_by_label("Name of the service").fill(NAME)
    page.get_by_label("Explore").check()
    follow(page.get_by_role("button", name="Start", exact=True))

    clerk = Clerk()
    while "/questions/" in page.url:
        clerk.fill_in(page)
        save(page)
    task_list = page.url
    for title in page.locator(".govuk-task-list__link").all_inner_texts()[1:]:
        page.goto(task_list)
        follow(page.get_by_role("link", name=title, exact=True))
        while "/questions/" in page.url:
            clerk.fill_in(page)
            save(page)
    assert clerk.kinds >= {"level", "dont_know", "choice", "choices", "date"}

    follow(page.get_by_role("complementary").get_by_role("link", name="Check your answers"))
    follow(page.get_by_role("button", name="See the result"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to explore leaving?")
    follow(page.get_by_role("button", name="Get the readiness report"))
    follow(page.get_by_role("button", name="Make the PDF"))
    link = page.get_by_role("link", name="Download the readiness report")
    deadline = time.monotonic() + 90
    while not link.count():
        assert time.monotonic() < deadline, page.locator("main").inner_text()
        follow(page.get_by_role("link", name="Check whether it is ready"))
        time.sleep(0.5)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
