"""A lead, two contributors and an adviser, from invitations to the signed-off report; and people who act at once."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessments.management.demo_codes import current_code
from tests import needs
from tests.journeys.site import PASSWORD, Clerk, Site, follow, look_at, save, visit

LEAD, ADVISER, COLLEAGUE = "leisure@example.org", "adviser@example.org", "colleague@example.org"
SERVICE, WAITING_SERVICE = "Castleton Parks and Open Spaces", "Castleton Leisure Centres"
FIRM = "Kestrel Advisers"
BARRIER = "Tendering"

WHY_AGREED = "We read the minutes together, and they decide nothing yet."
WHY_NOT = "The letter promises it, and nothing that I was shown has it in place."
SERVICE_SAYS = "We hold that it is in place since the meeting in May."


@dataclass(frozen=True)
class Colleague:
    """Somebody who is invited: in which role they are asked, and which questionnaire is theirs."""

    email: str
    name: str
    role: str
    questionnaire: str


HR = Colleague("hr-castleton@example.org", "Hugh Rees", "HR", "Staff and unions")
FINANCE = Colleague("finance-castleton@example.org", "Fern Ainsley", "Finance", "Working capital")


def test_from_invitations_to_signed_off_report(site: Site, tmp_path: Path) -> None:
    lead = site.signed_in(LEAD)
    home = find_assessment(lead, SERVICE)
    become_administrator(lead, home)
    hr, finance = (take_part(site, lead, home, colleague) for colleague in (HR, FINANCE))

    answer_what_waits(hr, HR)
    answer_what_waits(finance, FINANCE)
    comment(hr, home, "staff-and-unions")
    reply_and_resolve(lead)
    ask_for_second_opinions(lead, home)
    give_second_opinion(hr, place=0)
    give_second_opinion(finance, place=2)
    settle_second_opinions(lead)

    visit(lead, home)
    expect(lead.get_by_text("Self-assessed, not reviewed").first).to_be_visible()
    submit(lead, home)
    adviser = adviser_signed_in(site, ADVISER)
    claim(adviser)
    agreed, not_agreed = rate_unseen(adviser, lead, home)
    settle_as_agreed(adviser, agreed)
    settle_as_not_agreed(adviser, not_agreed)
    say_what_the_service_thinks(lead, not_agreed)
    sign_off(adviser, not_agreed)

    visit(lead, "/")
    follow(lead.get_by_role("link", name="Read what was signed off"))
    look_at(lead)
    expect(lead.get_by_text("Reviewed and signed off.")).to_be_visible()
    visit(lead, home)
    expect(lead.get_by_text("Reviewed and signed off").first).to_be_visible()
    expect(lead.get_by_text("Self-assessed, not reviewed")).to_have_count(0)
    report = read_report(lead, home, tmp_path)
    for words in ("Reviewed and signed off", "Ada Marsh", FIRM, not_agreed, WHY_NOT, SERVICE_SAYS, agreed, WHY_AGREED):
        assert words in report
    assert "Self-assessed, not reviewed" not in report


# Who takes part ---------------------------------------------------------------------------------------------


def find_assessment(page: Page, service: str) -> str:
    """From the home page; gives its address."""
    look_at(page)
    follow(page.get_by_role("link", name=service, exact=True))
    look_at(page)
    return page.url


def become_administrator(page: Page, home: str) -> None:
    """A founder who has no second factor yet sets one up on the way."""
    visit(page, f"{home}people/")
    follow(page.get_by_role("link", name="the organisation needs an administrator first"))
    look_at(page)
    follow(page.get_by_role("link", name="Become its administrator"))
    look_at(page)
    save(page, "Become the administrator")
    expect(page.get_by_role("heading", level=1)).to_have_text("You need a second factor")
    look_at(page)
    follow(page.get_by_role("button", name="Set up an app"))
    look_at(page)
    key = page.locator(".app-key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(current_code(secret=key))
    save(page, "Set up")
    look_at(page)
    save(page, "Continue")
    look_at(page)


def take_part(site: Site, lead: Page, home: str, colleague: Colleague) -> Page:
    """Invited by e-mail, signed up and in; gives the colleague's own window."""
    invite(lead, home, colleague)
    page = site.window()
    invitation = site.mailed_link("/invitations/")
    visit(page, invitation)
    expect(page.get_by_text(f"You are asked to answer for {SERVICE}:")).to_be_visible()
    follow(page.get_by_role("button", name="Sign up"))
    look_at(page)
    page.get_by_label("Full name").fill(colleague.name)
    page.get_by_label("Email").fill(colleague.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    save(page, "Sign up")
    look_at(page)
    visit(page, site.mailed_link("/accounts/confirm-email/"))
    save(page, "Confirm")
    look_at(page)
    # Back at the invitation, signed in.
    expect(page).to_have_url(f"{site.address}{invitation}")
    expect(page.get_by_text(f"You are signed in as {colleague.email}.")).to_be_visible()
    save(page, "Accept the invitation")
    expect(page.get_by_role("heading", level=1)).to_have_text(SERVICE)
    look_at(page)
    return page


def invite(lead: Page, home: str, colleague: Colleague) -> None:
    visit(lead, f"{home}people/")
    follow(lead.get_by_role("link", name="Invite somebody by email"))
    look_at(lead)
    lead.get_by_label("Email address").fill(colleague.email)
    lead.get_by_label("Contributor").check()
    lead.get_by_label(colleague.questionnaire, exact=True).check()
    look_at(lead)
    save(lead, "Send the invitation")
    expect(lead.get_by_role("alert")).to_contain_text(f"on its way to {colleague.email}")
    look_at(lead)


# Answering together -----------------------------------------------------------------------------------------


def answer_what_waits(page: Page, colleague: Colleague) -> None:
    waiting = f"Answer the questionnaire “{colleague.questionnaire}”"
    visit(page, "/")
    follow(page.get_by_role("link", name=waiting))
    clerk = Clerk()
    clerk.questionnaire(page)
    look_at(page)
    assert clerk.answered
    visit(page, "/")
    save(page, re.compile(f"^I have done this\\s*: {waiting}"))
    expect(page.get_by_role("alert")).to_contain_text("Done.")
    expect(page.get_by_role("link", name=waiting)).to_have_count(0)
    look_at(page)


def comment(page: Page, home: str, slug: str) -> None:
    visit(page, f"{home}questions/{slug}/")
    follow(page.locator(".app-item__remark a").first)
    look_at(page)
    page.get_by_label("Your comment").fill("The branch secretary has not replied yet.")
    page.get_by_label("Only the service's people").check()
    save(page, "Add the comment")
    expect(page.get_by_role("alert")).to_contain_text("Your comment is added.")
    look_at(page)


def reply_and_resolve(page: Page) -> None:
    visit(page, "/")
    follow(page.get_by_role("link", name="Reply to a comment"))
    expect(page.get_by_text("The branch secretary has not replied yet.")).to_be_visible()
    look_at(page)
    page.get_by_label("Reply").fill("Then we say so in the note.")
    save(page, "Reply")
    look_at(page)
    save(page, "Mark as resolved")
    expect(page.get_by_role("alert")).to_contain_text("Resolved.")
    look_at(page)


def ask_for_second_opinions(page: Page, home: str) -> None:
    visit(page, home)
    follow(page.get_by_role("link", name="Ask for second opinions"))
    look_at(page)
    follow(page.get_by_role("button", name="Ask for second opinions"))
    look_at(page)
    page.get_by_label("About which barrier?").select_option(label=BARRIER)
    for place, colleague in (("First person", HR), ("Second person", FINANCE)):
        asked = page.get_by_role("group", name=place, exact=True)
        asked.get_by_label("Who?").select_option(label=f"{colleague.name} ({colleague.email})")
        asked.get_by_label(colleague.role, exact=True).check()
    save(page, "Ask them")
    look_at(page)
    expect(page.get_by_text("Not given yet")).to_have_count(2)


def give_second_opinion(page: Page, place: int) -> None:
    """Chooses what stands at this place, from the first, of every question."""
    visit(page, "/")
    follow(page.get_by_role("link", name=f"Give your second opinion on “{BARRIER}”"))
    look_at(page)
    for item in page.locator(".app-item").all():
        item.locator("input[type=radio][name$=-state]").nth(place).check()
    save(page, "Give my opinion")
    expect(page.get_by_role("alert")).to_contain_text("Your opinion is given.")
    look_at(page)


def settle_second_opinions(page: Page) -> None:
    visit(page, "/")
    follow(page.get_by_role("link", name=f"Settle where second opinions differ on “{BARRIER}”"))
    look_at(page)
    follow(page.get_by_role("link", name=re.compile("^Settle it")).first)
    expect(page.get_by_text(HR.name).first).to_be_visible()
    expect(page.get_by_text(FINANCE.name).first).to_be_visible()
    look_at(page)
    Clerk().fill_in(page)
    page.get_by_label("Why do you settle on this?").fill("The contract has the date, and both have now seen it.")
    save(page, "Settle it")
    expect(page.get_by_text("Settled by Lou Hart")).to_be_visible()
    look_at(page)


# Submission and review --------------------------------------------------------------------------------------


def submit(page: Page, home: str) -> None:
    follow(page.get_by_role("link", name="Submit for review"))
    look_at(page)
    page.get_by_label("Note for the advisers").fill("Cabinet decides in ten weeks.")
    save(page, "Freeze a copy and submit it")
    expect(page.get_by_role("alert")).to_contain_text(f"Submitted to {FIRM}.")
    look_at(page)


def adviser_signed_in(site: Site, email: str) -> Page:
    page = site.signed_in(email)
    look_at(page)
    page.get_by_label("Code").fill(current_code())
    save(page, re.compile("^Sign in$"))
    expect(page).to_have_url(f"{site.address}/")
    look_at(page)
    return page


def open_submission(page: Page, service: str) -> None:
    """From the list of clients."""
    follow(page.get_by_role("navigation").get_by_role("link", name="Clients"))
    look_at(page)
    client = page.locator(".app-client", has_text=service)
    expect(client.get_by_text("Waits for you")).to_be_visible()
    follow(client.get_by_role("link", name=re.compile("^Submission 1")))
    look_at(page)


def claim(page: Page) -> None:
    open_submission(page, SERVICE)
    save(page, "Claim this review")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review of {SERVICE}")
    look_at(page)


def rate_unseen(page: Page, lead: Page, home: str) -> tuple[str, str]:
    """Rates all as the service does, but for two questions: one level lower. Gives the titles of the two."""
    answers_are_closed(page, home)
    lower: list[str] = []
    while page.get_by_role("button", name="Rate the next one").count():
        follow(page.get_by_role("button", name="Rate the next one"))
        claimed = claimed_by_service(lead, home, page.url.rstrip("/").rpartition("/")[2])
        if len(lower) < 2 and claimed in ("1", "2", "3", "4"):
            record_own_level(page, str(int(claimed) - 1), "You differ.")
            lower.append(page.get_by_role("heading", level=1).inner_text())
        else:
            record_own_level(page, claimed, "You say the same")
    agreed, not_agreed = lower
    follow(page.get_by_role("link", name="Back to the review"))
    expect(page.get_by_text("2 differ and are still to be settled")).to_be_visible()
    look_at(page)
    return agreed, not_agreed


def answers_are_closed(page: Page, home: str) -> None:
    """To an adviser who has not rated everything. Asked beside the window, where a refusal is no complaint."""
    paths = ("check/", "result/", "plan/", "report/read/", "history/", "evidence/", "opinions/")
    assert {path: page.request.get(f"{home}{path}").status for path in paths} == dict.fromkeys(paths, 403)


def claimed_by_service(lead: Page, home: str, item: str) -> str:
    """What is chosen on the page that asks it: "dont_know" or "not_known" where nothing is."""
    lead.goto(f"{home}item/{item}/")
    states = lead.locator(f"input[name='{item.rpartition('.')[2]}-state']").all()
    chosen = [radio for radio in states if radio.is_checked()]
    unknown = [radio for radio in states if radio.get_attribute("value") in ("dont_know", "not_known")]
    return str([*chosen, *unknown][0].get_attribute("value"))


def record_own_level(page: Page, chosen: str, told: str) -> None:
    """On a page that says nothing of the service's level before it is saved, and shows it then."""
    expect(page.get_by_role("heading", name="Your own level")).to_be_visible()
    expect(page.get_by_text("Claimed", exact=True)).to_have_count(0)
    expect(page.get_by_text("Supported by evidence", exact=True)).to_have_count(0)
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    look_at(page)
    page.locator(f"input[name=state][value='{chosen}']").check()
    page.get_by_label("Why?", exact=True).fill("This is what the papers show that I was given.")
    save(page, "Save and see what the service says")
    expect(page.get_by_text("Claimed", exact=True)).to_be_visible()
    expect(page.get_by_text(told)).to_be_visible()
    look_at(page)


def settle_as_agreed(page: Page, title: str) -> None:
    """At level 1: that is one of those between which the two were."""
    follow(page.get_by_role("link", name=title, exact=True).first)
    look_at(page)
    page.locator("input[name=settle-outcome][value='1']").check()
    settle(page, WHY_AGREED)


def settle_as_not_agreed(page: Page, title: str) -> None:
    follow(page.get_by_role("link", name=title, exact=True).first)
    look_at(page)
    page.get_by_label("We did not agree. My own level counts").check()
    settle(page, WHY_NOT)


def settle(page: Page, reason: str) -> None:
    page.locator("[name=settle-reason]").fill(reason)
    save(page, "Save and tell the service")
    expect(page.get_by_role("alert")).to_contain_text("Saved. The lead is asked to read it")
    look_at(page)
    follow(page.get_by_role("link", name="Back to the review"))
    look_at(page)


def say_what_the_service_thinks(page: Page, title: str) -> None:
    visit(page, "/")
    follow(page.get_by_role("link", name="Read what the adviser proposes"))
    expect(page.get_by_text(WHY_AGREED)).to_be_visible()
    look_at(page)
    follow(page.get_by_role("link", name=re.compile(f"^Say why you do not agree\\s*: {re.escape(title)}")))
    look_at(page)
    page.get_by_label("Why do you not agree?").fill(SERVICE_SAYS)
    save(page, "We do not agree")
    expect(page.get_by_role("alert")).to_contain_text("The adviser is told that you do not agree")
    look_at(page)


def sign_off(page: Page, dissent: str) -> None:
    page.reload()
    follow(page.get_by_role("button", name="Check and sign off"))
    expect(page.get_by_role("heading", name=dissent)).to_be_visible()
    expect(page.get_by_text(SERVICE_SAYS)).to_be_visible()
    look_at(page)
    save(page, "Sign off")
    expect(page.get_by_role("heading", level=1)).to_have_text("Submission 1: signed off")
    look_at(page)


def read_report(page: Page, home: str, folder: Path) -> str:
    """As a page, and as the PDF that is downloaded: gives the PDF's words."""
    follow(page.get_by_role("link", name="Get the readiness report"))
    look_at(page)
    follow(page.get_by_role("link", name="Read the report as a web page"))
    look_at(page)
    page.go_back()
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
    command = [needs.pdftotext(), "-enc", "UTF-8", str(folder / "report.pdf"), "-"]
    return " ".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


# At once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(site: Site) -> tuple[Page, Page, str]:
    """Sam, who leads a new assessment, and Iris, who answers its first questionnaire too; its address."""
    sam, iris = site.signed_in("hubs@example.org"), site.signed_in("hr@example.org")
    sam.goto("/assessments/new/")
    sam.get_by_label("Name of the service").fill("Two who answer")
    sam.get_by_label("Explore").check()
    save(sam, "Start")
    home = re.sub(r"questions/.*", "", sam.url)
    visit(sam, f"{home}people/")
    follow(sam.get_by_role("button", name="Add somebody"))
    look_at(sam)
    sam.get_by_label("Who takes part?").select_option(label="Iris Wood (hr@example.org)")
    sam.get_by_label("Contributor").check()
    sam.get_by_label("Your service and plans", exact=True).check()
    save(sam, "Add them")
    look_at(sam)
    return sam, iris, home


@pytest.mark.parametrize(
    ("choice", "stands"), [("Keep the answer of Sam Rivers", "Council"), ("Use mine instead", "NHS trust")]
)
def test_lead_and_contributor_answer_at_once(shared: tuple[Page, Page, str], choice: str, stands: str) -> None:
    sam, iris, home = shared
    for page in (sam, iris):
        page.goto(f"{home}questions/profile/service/")
    sam.get_by_label("Council", exact=True).check()
    save(sam)
    iris.get_by_label("NHS trust", exact=True).check()
    save(iris)

    expect(iris.get_by_role("heading", level=1)).to_have_text("Choose between two answers")
    theirs, mine = iris.locator(".govuk-radios__hint").all()
    expect(theirs).to_contain_text("Council")
    expect(mine).to_contain_text("NHS trust")
    look_at(iris)
    # Nothing is overwritten as long as nobody has chosen.
    sam.goto(f"{home}questions/profile/service/")
    expect(sam.get_by_label("Council", exact=True)).to_be_checked()

    iris.get_by_label(choice).check()
    save(iris, "Save my choice")
    look_at(iris)
    for page in (sam, iris):
        page.goto(f"{home}questions/profile/service/")
        expect(page.get_by_label(stands, exact=True)).to_be_checked()


def test_two_advisers_claim_at_once(site: Site) -> None:
    ada, ben = adviser_signed_in(site, ADVISER), adviser_signed_in(site, COLLEAGUE)
    for page in (ada, ben):
        open_submission(page, WAITING_SERVICE)
    save(ada, "Claim this review")
    expect(ada.get_by_role("heading", level=1)).to_have_text(f"Review of {WAITING_SERVICE}")
    save(ben, "Claim this review")

    expect(ben.get_by_role("alert")).to_contain_text("Ada Marsh has claimed this review already.")
    expect(ben.get_by_role("button", name="Claim this review")).to_have_count(0)
    look_at(ben)

    # It waits again when it is given back: for either of them.
    save(ada, "Give the review back")
    look_at(ada)
    ben.reload()
    expect(ben.get_by_role("button", name="Claim this review")).to_be_visible()
