"""Evidence in a browser: a file and a link added beside an open question, refused, changed, fetched and removed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessments.uploads import LARGEST
from tests.journeys.site import Site, follow, look_at, save, visit
from tests.uploads import good, hostile

TITLE = "Minutes of the pensions committee " + "which-met-in-the-council-chamber-" * 3


def start(page: Page, name: str) -> str:
    """A new assessment for somebody of one public body; gives its address."""
    page.goto("/assessments/new/")
    page.get_by_label("Name of the service").fill(name)
    page.get_by_label("Plan", exact=True).check()
    follow(page.get_by_role("button", name="Start", exact=True))
    return page.url.split("/questions/")[0]


def describe(page: Page, title: str, grade: str, *date: str) -> None:
    page.get_by_label("What is it?").fill(title)
    page.get_by_label(grade).check()
    for part, text in zip(("day", "month", "year"), date, strict=True):
        page.locator(f"input[name='dated-{part}']").fill(text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_evidence_beside_an_open_question(site: Site, tmp_path: Path, script: bool) -> None:
    minutes = tmp_path / "minutes.pdf"
    minutes.write_bytes(good.pdf())
    questions = site.signed_in("libraries@example.org", script=script)
    here = start(questions, "Evidence")
    questions.goto(f"{here}/questions/pensions/model/")
    item = questions.locator(".app-item").first
    note = item.locator("textarea[name$=-note]")
    if script:
        item.locator("summary", has_text="Note").last.click()
    item.locator("input[type=radio][value='3']").check()

    with questions.context.expect_page() as opened:
        item.get_by_role("link", name="Add a link or a file").click()
    page = opened.value
    page.locator("input[type=file]").set_input_files(minutes)
    describe(page, TITLE, "An approved document", "12", "May", "2026")
    save(page, "Add this evidence")
    expect(page.get_by_role("alert").first).to_contain_text("The proof named with the answer is now")

    if script:
        note.fill("As minuted")
    save(questions)
    questions.goto(f"{here}/questions/pensions/model/")
    expect(item.locator("input[type=radio][value='3']")).to_be_checked()
    expect(item.get_by_label("What proof do you have?")).to_have_value("E2")
    expect(item.locator(".app-proof__kept")).to_contain_text("(PDF, 1 kB)")
    with questions.expect_download() as fetched:
        item.get_by_role("link", name=TITLE).click()
    assert fetched.value.suggested_filename == "minutes.pdf"
    assert Path(fetched.value.path()).read_bytes() == minutes.read_bytes()


def test_every_page_is_accessible_and_fits(site: Site, tmp_path: Path) -> None:
    page = site.signed_in("hubs@example.org")
    here = start(page, "Evidence looked at")
    visit(page, f"{here}/evidence/")
    visit(page, f"{here}/item/pensions.cost-in-model/evidence/")
    save(page, "Add this evidence")
    look_at(page)
    assert page.title().startswith("Error: ")

    web_page, large = tmp_path / "report.pdf", tmp_path / "scan.pdf"
    web_page.write_bytes(hostile.HTML)
    large.write_bytes(b"%PDF-1.7" + bytes(LARGEST))
    describe(page, TITLE, "A draft, an email", "12", "5", "2026")
    for file, message in ((web_page, "This is a web page"), (large, "The file is larger than 20 MB")):
        page.locator("input[type=file]").set_input_files(file)
        save(page, "Add this evidence")
        expect(page.locator("#id_file-error")).to_contain_text(message)
        expect(page.get_by_label("What is it?")).to_have_value(TITLE)
        look_at(page)

    page.get_by_label("Link").fill("https://www.example.org/" + "a-very-long-address/" * 20)
    save(page, "Add this evidence")
    look_at(page)
    visit(page, f"{here}/questions/pensions/model/")
    visit(page, f"{here}/check/")
    visit(page, f"{here}/evidence/")
    follow(page.get_by_role("link", name="Change"))
    look_at(page)
    page.get_by_label("Written confirmation").check()
    save(page, "Save")
    look_at(page)
    follow(page.get_by_role("link", name="Remove"))
    look_at(page)
    follow(page.get_by_role("button", name="Remove it"))
    look_at(page)
    expect(page.get_by_role("alert").first).to_contain_text("The answer keeps the proof that it names")
