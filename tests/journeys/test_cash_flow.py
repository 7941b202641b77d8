"""The calculator in a browser: worked example A typed in simple mode, and a table from a spreadsheet put in."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import Site, follow, look_at, save, visit

MONTHS = [f"Month {month}" for month in range(1, 13)]


def start(page: Page, name: str) -> str:
    """A new assessment of its own; gives the address of its calculator."""
    page.goto("/assessments/new/")
    page.get_by_label("Name of the service").fill(name)
    page.get_by_label("Plan", exact=True).check()
    follow(page.get_by_role("button", name="Start", exact=True))
    return page.url.split("/questions/")[0]


def row(page: Page, place: str, **boxes: str) -> None:
    """Fills the boxes of one row; a list is chosen from by what it shows."""
    for key, text in boxes.items():
        box = page.locator(f"[name='{place}-{key}']")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=text)
        else:
            box.fill(text)


def add(page: Page, what: str) -> None:
    follow(page.get_by_role("button", name=f"Add another {what}"))


def fill_in_example_a(page: Page) -> None:
    row(page, "income-1", name="Contract", monthly="£200,000", payment_days="30")
    add(page, "income")
    row(page, "income-2", name="Other sales", monthly="10 000", payment_days="0")
    page.locator("[name='gross_pay']").fill("120,000.00")
    page.locator("[name='headcount']").fill("48")
    add(page, "cost")
    row(page, "cost-1", name="Supplies", monthly="30000", vat="20%")
    row(page, "cost-2", name="Costs without VAT", monthly="6000")
    row(page, "cost-3", name="Support services", monthly="8000", vat="20%", supplier_days="0")
    row(page, "cost-4", name="Insurance", monthly="24000", supplier_days="0", months="1")
    page.get_by_label("Yes", exact=True).check()
    page.locator("[name='vat_recovery']").fill("100")
    add(page, "one-off cost")
    add(page, "one-off cost")
    add(page, "one-off cost")
    row(page, "one_off-1", name="Setting up", amount="60000", vat="20%")
    row(page, "one_off-2", name="Systems", amount="20000", vat="20%", month="Month 1")
    row(page, "one_off-3", name="Transfer of staff", amount="15000", month="Month 3")
    row(page, "one_off-4", name="Premium of the pension bond", amount="6000", month="Month 1")
    row(page, "grant-1", amount="80000")
    row(page, "loan", amount="240000")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_example_a_in_simple_mode(site: Site, script: bool) -> None:
    page = site.signed_in("libraries@example.org", script=script)
    here = start(page, "Example A")
    page.goto(f"{here}/cash-flow/")
    follow(page.get_by_role("button", name="Enter the figures"))
    if not script:
        page.get_by_label("The same every month").check()
    fill_in_example_a(page)

    save(page, "Save and see the result")

    expect(page.locator(".app-money__amount").first).to_have_text("£423,000")
    expect(page.locator(".app-money__amount").nth(1)).to_have_text("£212,400")
    expect(page.get_by_text("in payroll week of month 2 the account is £112,000 short")).to_be_visible()
    results = page.locator(".app-results")
    for figure in ("£626,250", "£60,000", "0.78", "0.49 at the lowest, 0.84 at the end"):
        expect(results).to_contain_text(figure)
    page.goto(here)
    expect(page.get_by_role("complementary")).to_contain_text("£423,000")


def test_every_page_is_accessible_and_fits(site: Site, tmp_path: Path) -> None:
    page = site.signed_in("hubs@example.org")
    here = start(page, "A table put in")
    visit(page, f"{here}/cash-flow/")
    visit(page, f"{here}/cash-flow/figures/")
    save(page, "Save and see the result")
    look_at(page)
    assert page.title().startswith("Error: ")
    row(page, "income-1", monthly="200000")
    page.locator("[name='headcount']").fill("48")
    page.get_by_label("No", exact=True).check()
    follow(page.get_by_role("button", name="Show all inputs"))
    look_at(page)

    follow(page.get_by_role("button", name="Upload or paste a monthly table"))
    look_at(page)
    _upload(page, tmp_path, "Gross pay", ["n/a", *["120000"] * 11])
    expect(page.get_by_role("alert")).to_contain_text("Row 2 (Gross pay), column Month 1: found 'n/a'")
    look_at(page)
    _upload(page, tmp_path, "Gross pay", [*["120000"] * 11, "130000"])
    look_at(page)
    follow(page.get_by_role("button", name="Put it into the figures"))
    look_at(page)
    expect(page.locator("[name='income-1-monthly']")).to_have_value("200000")
    save(page, "Save and see the result")
    look_at(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Working capital")

    follow(page.get_by_role("link", name="Delete the figures"))
    look_at(page)
    follow(page.get_by_role("button", name="Delete the figures"))
    expect(page.get_by_role("button", name="Enter the figures")).to_be_visible()


def _upload(page: Page, folder: Path, name: str, amounts: list[str]) -> None:
    file = folder / "pay.csv"
    file.write_text(f"Line,{','.join(MONTHS)}\n{name},{','.join(amounts)}\n")
    page.get_by_label("Upload a CSV or XLSX file").set_input_files(file)
    follow(page.get_by_role("button", name="Check the table"))
