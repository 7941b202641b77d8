"""One action from naming who does it to its end, and back: agreed, done, closed by the answers, opened again."""

import datetime as dt
import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.site import LIBRARIES, NURSING, Site, focused, follow, look_at, save

DAY = dt.date(2027, 5, 3)


def test_from_open_to_closed_and_back(site: Site) -> None:
    page = site.signed_in("libraries@example.org")
    follow(page.get_by_role("link", name=LIBRARIES))
    follow(page.get_by_role("complementary").get_by_role("link", name="See the plan"))
    look_at(page)
    plan = page.url

    title = _action_with_one_gap(page, plan)
    look_at(page)
    action = page.url
    question = page.locator("dt", has_text="What it closes").locator("xpath=..").get_by_role("link")
    href = str(question.get_attribute("href"))

    _refuse_without_a_reason(page)
    _agree(page, owner="Jane Doe, pensions")
    look_at(page)
    expect(page.get_by_role("alert")).to_contain_text("Saved.")

    page.goto(plan)
    card = _card(page, title)
    expect(card).to_contain_text("Jane Doe, pensions")
    expect(card).to_contain_text("3 May 2027")
    page.locator("summary", has_text="Show only some actions").click()
    page.get_by_label("Who does it").select_option("Jane Doe, pensions")
    save(page, "Show these")
    look_at(page)
    expect(page.locator(".app-actions__one")).to_have_count(1)

    page.goto(action)
    page.get_by_label("Done", exact=True).check()
    save(page, "Save")
    look_at(page)
    expect(page.locator("main")).to_contain_text("Marked done, but the answers do not show it yet. Update")

    _answer(page, href, best=True)
    page.goto(plan)
    look_at(page)
    expect(_card(page, title)).to_contain_text("the answers no longer call for it")
    page.goto(action)
    look_at(page)

    _answer(page, href, best=False)
    page.goto(action)
    look_at(page)
    expect(page.locator(".govuk-inset-text").first).to_contain_text("It came back on")
    expect(page.get_by_label("Who does it?")).to_have_value("Jane Doe, pensions")
    turns = page.locator(".app-history__turn").all_inner_texts()
    assert "Came back" in turns[0]
    assert "Closed" in turns[1]
    assert "from “Doing” to “Done”" in turns[2]
    assert "“Jane Doe, pensions”" in turns[3]


def _action_with_one_gap(page: Page, plan: str) -> str:
    """Opens the first piece of work that closes one question; its title."""
    links = page.locator(".app-actions__title a").all()
    for href in [str(link.get_attribute("href")) for link in links]:
        if ":" in href:
            continue
        page.goto(href)
        if page.locator("dt", has_text="What it closes").locator("xpath=..").get_by_role("link").count() == 1:
            return page.locator("h1").inner_text()
    raise AssertionError(plan)


def _card(page: Page, title: str) -> Locator:
    heading = page.get_by_role("heading", level=3, name=title, exact=True)
    return page.locator(".app-actions__one", has=heading)


def _refuse_without_a_reason(page: Page) -> None:
    page.get_by_label("Will not do").check()
    save(page, "Save")
    look_at(page)
    assert page.title().startswith("Error: ")
    assert focused(page)["class"] == "govuk-error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page)["id"] == "id_reason"


def _agree(page: Page, owner: str) -> None:
    page.get_by_label("Doing").check()
    page.get_by_label("Who does it?").fill(owner)
    due = page.get_by_role("group", name="When is it due?")
    _date(due, DAY)
    page.get_by_label("Note").fill('Ask the fund first. <script>alert("no")</script>')
    save(page, "Save")


def _date(group: Locator, day: dt.date) -> None:
    group.get_by_label("Day").fill(str(day.day))
    group.get_by_label("Month").fill(str(day.month))
    group.get_by_label("Year").fill(str(day.year))


def _answer(page: Page, href: str, *, best: bool) -> None:
    """The question as good as it can be, with the best of proof; or as bad."""
    page.goto(href)
    name = page.url.split("#")[1].removesuffix("-question")
    item = page.locator(".app-item", has=page.locator(f"[id='{name}-question']"))
    item.get_by_label("What proof do you have?").select_option("E3")
    _date(item.get_by_role("group", name="Date of the newest proof"), dt.date.today())  # noqa: DTZ011
    wanted = ("4", "met") if best else ("0", "not_met")
    radios = item.locator(f"input[type=radio][name='{name}-state']").all()
    values = [str(radio.get_attribute("value")) for radio in radios]
    item.locator(f"input[type=radio][value='{next(v for v in values if v in wanted)}']").check()
    save(page)


def test_people_and_dates_in_one_go(site: Site) -> None:
    page = site.signed_in("nursing@example.org")
    follow(page.get_by_role("link", name=NURSING))
    follow(page.get_by_role("complementary").get_by_role("link", name="See the plan"))
    expect(page.locator("main")).to_contain_text("No date yet")
    follow(page.get_by_role("button", name="Name people and dates"))
    look_at(page)

    page.get_by_label("Finance lead of the new body", exact=True).fill("Dilip Rao")
    page.get_by_role("checkbox", name="actions that have no date").check()
    save(page, "Save")
    look_at(page)
    expect(page.get_by_role("alert")).to_contain_text("Saved: somebody is named for")
    expect(page.locator("main")).not_to_contain_text("No date yet")
    expect(page.locator(".app-actions__fact", has_text="Dilip Rao").first).to_be_visible()


def test_schedule_by_eye_and_ear(site: Site) -> None:
    page = site.signed_in("libraries@example.org")
    follow(page.get_by_role("link", name=LIBRARIES))
    follow(page.get_by_role("complementary").get_by_role("link", name="See the plan"))
    follow(page.get_by_role("link", name="See the schedule"))
    look_at(page)
    for summary in page.locator("main summary").all():
        summary.click()
    look_at(page)

    # Every bar has its words beside it, and the table has as many rows.
    bars = page.locator(".app-bars__track").count()
    assert bars == page.locator(".app-bars__words").count() == page.locator("main tbody tr").count()
    expect(page.locator(".app-bars__words").first).to_contain_text("Decides the date.")
    follow(page.get_by_role("link", name="Go live"))
    expect(page).to_have_url(re.compile(r"stage=go-live"))
    look_at(page)


def test_plan_without_script(site: Site) -> None:
    page = site.signed_in("nursing@example.org", script=False)
    follow(page.get_by_role("link", name=NURSING))
    follow(page.get_by_role("complementary").get_by_role("link", name="See the plan"))
    follow(page.locator(".app-actions__title a").first)
    page.get_by_label("Will not do").check()
    page.get_by_label("Why will it not be done?").fill("The parent does it.")
    save(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Saved.")
    follow(page.get_by_role("link", name="Back to the plan"))
    expect(page.locator("main")).to_contain_text("Reason: The parent does it.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Spreadsheet (XLSX)").click()
    assert download.value.suggested_filename.endswith(".xlsx")
