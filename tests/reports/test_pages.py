"""The printed pages of the examples: how many they are, that nothing reaches past a margin, and that no heading stands
alone at the foot of a page."""

import re
import subprocess
from functools import cache
from xml.etree import ElementTree

import pytest

from assessments.reports.pdf import pdf_for
from assessments.reports.readiness import html_for
from tests import needs
from tests.reports.pages import Page
from tests.reports.test_summary import given

MOST_PAGES = {"riverside-family-hubs": 33, "harbour-community-nursing": 39, "hill-valley-libraries": 24}
"""One more than they have. The reports had 41, 48 and 30 pages before what was said twice was said once."""

every_example = pytest.mark.parametrize("name", MOST_PAGES)
MARGIN = 18 / 25.4 * 72
XHTML = "{http://www.w3.org/1999/xhtml}"


@cache
def printed(name: str) -> bytes:
    return pdf_for(given(name))


def read_by_poppler(name: str, *options: str) -> str:
    run = subprocess.run([needs.pdftotext(), *options, "-", "-"], input=printed(name), check=True, capture_output=True)
    return run.stdout.decode()


def pages(name: str) -> list[str]:
    return read_by_poppler(name, "-layout").split("\f")[:-1]


@every_example
def test_an_example_is_no_longer_than_it_has_to_be(name: str) -> None:
    assert len(pages(name)) <= MOST_PAGES[name]


@every_example
def test_no_word_reaches_past_a_margin(name: str) -> None:
    boxes = ElementTree.fromstring(read_by_poppler(name, "-bbox"))  # noqa: S314 - what Poppler wrote
    after_cover = list(boxes.iter(f"{XHTML}page"))[1:]

    outside = [
        (number, word.text)
        for number, page in enumerate(after_cover, start=2)
        for word in page.iter(f"{XHTML}word")
        if float(word.attrib["xMax"]) > float(page.attrib["width"]) - MARGIN + 1
        or float(word.attrib["xMin"]) < MARGIN - 12
    ]

    assert outside == []


@every_example
def test_no_heading_stands_alone_at_the_foot_of_a_page(name: str) -> None:
    headings = {squeezed(one.text) for one in Page(html_for(given(name))).all("h2", "h3", "h4")}
    last_lines = [squeezed(body(page)[-1]) for page in pages(name)[1:]]

    assert len(last_lines) > 20
    assert [line for line in last_lines if line in headings] == []


def body(page: str) -> list[str]:
    """The lines of a page without its foot."""
    return [line for line in page.splitlines() if line.strip() and not re.search(r"Page \d+ of \d+$", line)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
