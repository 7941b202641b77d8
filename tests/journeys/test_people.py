"""Two people at once, answers that bring questions and take them away, and every page around the questionnaires."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import PASSWORD, Site, follow, look_at, press_enter, save, sign_in, visit

HUBS = "hubs@example.org"
CLEAR = re.compile(r"Clear this answer\s*: Sector")


@pytest.fixture
def page(site: Site) -> Page:
    return site.signed_in(HUBS)


def start(page: Page, name: str) -> str:
    """A new assessment of its own; gives its address."""
    page.goto("/assessments/new/")
    page.get_by_label("Name of the service").fill(name)
    page.get_by_label("Explore").check()
    save(page, "Start")
    return re.sub(r"questions/.*", "", page.url)


def scheme(page: Page, name: str) -> None:
    """Sets the only pension scheme, on a page that is open."""
    for box in page.locator("input[name=pension-schemes-value]").all():
        box.uncheck()
    page.get_by_label(name, exact=True).check()


def test_two_people_save_the_same_question(site: Site, page: Page) -> None:
    questions = start(page, "Two people") + "questions/profile/service/"
    other = site.signed_in(HUBS)
    page.goto(questions)
    other.goto(questions)
    page.get_by_label("Council", exact=True).check()
    save(page)
    other.get_by_label("NHS trust", exact=True).check()
    other.get_by_label("Wales").check()
    save(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("Choose between two answers")
    expect(other.get_by_text("Council", exact=False).first).to_be_visible()
    look_at(other)

    save(other, "Save my choice")
    look_at(other)
    assert other.title().startswith("Error: ")
    other.get_by_label("Use mine instead").check()
    save(other, "Save my choice")
    page.goto(questions)
    expect(page.get_by_label("NHS trust", exact=True)).to_be_checked()
    expect(page.get_by_label("Wales")).to_be_checked()


def test_keep_the_other_answer(site: Site, page: Page) -> None:
    questions = start(page, "Keep theirs") + "questions/profile/service/"
    other = site.signed_in(HUBS)
    page.goto(questions)
    other.goto(questions)
    page.get_by_label("Council", exact=True).check()
    save(page)
    other.get_by_label("NHS trust", exact=True).check()
    save(other)
    other.get_by_label("Keep what you saved in another window").check()
    save(other, "Save my choice")
    page.goto(questions)
    expect(page.get_by_label("Council", exact=True)).to_be_checked()


def test_earlier_answer_hides_and_brings_back(page: Page) -> None:
    staff = start(page, "Hides and brings back") + "questions/profile/staff/"
    page.goto(staff)
    scheme(page, "Local Government Pension Scheme")
    save(page)
    page.goto(staff)
    members = page.locator("input[name=lgps-members-value]")
    members.fill("44")
    scheme(page, "NHS Pension Scheme")
    save(page)
    page.goto(staff)
    expect(members).to_have_count(0)
    scheme(page, "Local Government Pension Scheme")
    save(page)
    page.goto(staff)
    expect(members).to_have_value("44")


def test_stale_tab_loses_nothing(site: Site, page: Page) -> None:
    staff = start(page, "Stale tab") + "questions/profile/staff/"
    page.goto(staff)
    scheme(page, "Local Government Pension Scheme")
    save(page)
    page.goto(staff)
    stale = page.context.new_page()
    stale.goto(staff)
    scheme(page, "NHS Pension Scheme")
    save(page)

    # Not asked any more, and sent all the same.
    stale.locator("input[name=lgps-members-value]").fill("50")
    save(stale)
    page.goto(staff)
    scheme(page, "Local Government Pension Scheme")
    save(page)
    page.goto(staff)
    expect(page.locator("input[name=lgps-members-value]")).to_have_value("50")


@pytest.mark.parametrize("script", [True, False])
def test_clear_an_answer(site: Site, script: bool) -> None:
    page = site.signed_in(HUBS, script=script)
    questions = start(page, "Clear") + "questions/profile/service/"
    page.get_by_label("Council", exact=True).check()
    page.get_by_label("England").check()
    save(page)
    page.goto(questions)
    page.get_by_label("Wales").check()
    save(page, CLEAR)
    expect(page).to_have_url(questions)
    expect(page.get_by_label("Council", exact=True)).not_to_be_checked()
    # The rest of the page was saved with it.
    expect(page.get_by_label("Wales")).to_be_checked()
    expect(page.get_by_role("button", name=CLEAR)).to_have_count(0)


def test_enter_saves_and_clears_nothing(page: Page) -> None:
    staff = start(page, "Enter") + "questions/profile/staff/"
    page.goto(staff)
    page.get_by_label("How many people would move to the new body?").fill("48")
    press_enter(page)
    page.goto(staff)
    page.get_by_label("How many people would move to the new body?").fill("49")
    press_enter(page)
    page.goto(staff)
    expect(page.get_by_label("How many people would move to the new body?")).to_have_value("49")


@pytest.mark.parametrize("email", ["libraries@example.org", "nursing@example.org", HUBS])
def test_pages_of_each_client(site: Site, email: str) -> None:
    page = site.signed_in(email)
    look_at(page)
    # Other tests start more, which come before it.
    follow(page.locator(".app-assessments__name a").last)
    look_at(page)
    home = page.url
    for path in ("result/", "check/", "check/?show=open", "details/", "report/", "report/read/"):
        visit(page, home + path)


def test_two_hundred_letters_without_a_space(page: Page) -> None:
    home = start(page, "W" * 200)
    for path in ("", "result/", "check/", "details/", "questions/profile/service/", "report/"):
        visit(page, home + path)
    visit(page, "/")


def test_nothing_asked_any_more(page: Page) -> None:
    home = start(page, "Nothing asked")
    visit(page, home + "item/nhs-members/")
    page.goto(home + "questions/profile/staff/")
    scheme(page, "None of these")
    save(page)
    visit(page, home + "item/nhs-members/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is asked here now")


@pytest.mark.parametrize(
    "path", ["/", "/how-scoring-works/", "/glossary/", "/sources/", "/accessibility/", "/privacy/", "/accounts/login/"]
)
def test_public_pages(site: Site, path: str) -> None:
    visit(site.window(), path)


def test_sign_up_and_account(site: Site) -> None:
    page = site.window()
    visit(page, "/accounts/signup/")
    save(page, "Sign up")
    look_at(page)
    assert page.title().startswith("Error: ")
    page.get_by_label("Full name").fill("Nell New")
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    save(page, "Sign up")
    look_at(page)
    visit(page, site.mailed_link("/accounts/confirm-email/"))
    save(page, "Confirm")
    expect(page).to_have_url(f"{site.address}/")
    look_at(page)
    for path in ("/accounts/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"):
        visit(page, path)
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))
    look_at(page)


def test_wrong_password(site: Site) -> None:
    page = site.window()
    page.goto("/accounts/login/")
    sign_in(page, HUBS, "not the password")
    look_at(page)
    assert page.title().startswith("Error: ")


def test_reset_password(site: Site) -> None:
    page = site.window()
    visit(page, "/accounts/password/reset/")
    page.get_by_label("Email").fill("nursing@example.org")
    save(page, "Send me a link")
    look_at(page)
    visit(page, site.mailed_link("/accounts/password/reset/key/"))
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password (again)").fill(PASSWORD)
    save(page, "Save the new password")
    look_at(page)
