"""The PDF: by the validator of PDF/UA-1, and what the validator cannot see."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from weasyprint.urls import URLFetcher

from assessments.catalogue.schema import Stage
from assessments.reports import files, pdf
from assessments.reports.inputs import Given
from assessments.reports.readiness import html_for
from tests import needs
from tests.reports.pages import Page
from tests.reports.samples import HOSTILE, SAMPLES, empty, hostile, with_money, with_plan
from tests.reports.validator import broken_rules

ROOT = Path(__file__).resolve().parent.parent.parent
every_sample = pytest.mark.parametrize("name", SAMPLES)


@cache
def printed(name: str) -> bytes:
    sample = SAMPLES[name]()
    return pdf.pdf_for(sample)


def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(printed(name)))


# By the validator -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("pdf")
    for name in SAMPLES:
        (folder / f"{name}.pdf").write_bytes(printed(name))
    with opened("explore") as spoilt:
        del spoilt.Root.StructTreeRoot
        spoilt.save(folder / "spoilt.pdf")
    return broken_rules(sorted(folder.glob("*.pdf")))


@every_sample
def test_pdf_is_pdf_ua_1(verdicts: dict[str, list[str]], name: str) -> None:
    assert verdicts[f"{name}.pdf"] == []


def test_validator_sees_a_pdf_without_structure(verdicts: dict[str, list[str]]) -> None:
    assert verdicts["spoilt.pdf"]


# What the validator cannot see ----------------------------------------------------------------------------------


def structure(node: Any) -> Iterator[Any]:
    """The structure elements in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from structure(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from structure(node.K)


def tags(document: pikepdf.Pdf, *wanted: str) -> list[Any]:
    return [node for node in structure(document.Root.StructTreeRoot.K) if str(node.S)[1:] in wanted]


@every_sample
def test_pdf_has_title_and_language(name: str) -> None:
    with opened(name) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert str(document.docinfo["/Title"]).startswith("Readiness report: ")
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)


@every_sample
def test_pdf_has_the_headings_of_the_page_in_their_order(name: str) -> None:
    sample = SAMPLES[name]()
    page = Page(html_for(sample))
    with opened(name) as document:
        assert [str(node.S)[1:].lower() for node in tags(document, "H1", "H2", "H3")] == [
            heading.tag for heading in page.all("h1", "h2", "h3")
        ]


@every_sample
def test_pdf_gives_every_cell_its_headers_and_every_figure_its_words(name: str) -> None:
    with opened(name) as document:
        headers = {str(node.ID) for node in tags(document, "TH")}
        cells = tags(document, "TD")
        figures = tags(document, "Figure")

        assert cells
        assert all({str(one) for one in cell.A.Headers} <= headers and len(cell.A.Headers) for cell in cells)
        assert str(figures[0].Alt).startswith("The barriers side by side.")
        assert all(len(str(figure.Alt)) > 40 for figure in figures)
        assert all("/Contents" in link for page in document.pages for link in page.get("/Annots", []))


@every_sample
def test_pdf_has_bookmarks_for_every_part(name: str) -> None:
    with opened(name) as document, document.open_outline() as outline:
        titles = [item.title for item in outline.root]

    assert titles[:4] == ["Readiness report", "Summary for the board", "Contents", "The barriers side by side"]
    assert "How it was scored" in titles


def text_of(name: str, page: int) -> str:
    """By Poppler, in the order in which a reader would be read to."""
    run = subprocess.run(
        [needs.pdftotext(), "-f", str(page), "-l", str(page), "-", "-"],
        input=printed(name),
        check=True,
        capture_output=True,
    )
    return " ".join(run.stdout.decode().split())


@every_sample
def test_pdf_has_its_summary_on_one_page(name: str) -> None:
    assert "Summary for the board" in text_of(name, 2)
    assert "does not rank the service among others" in text_of(name, 2)


@every_sample
def test_pdf_numbers_its_pages(name: str) -> None:
    with opened(name) as document:
        count = len(document.pages)

    assert f"Page 2 of {count}" in text_of(name, 2)
    assert f"Page {count} of {count}" in text_of(name, count)


def test_pdf_names_in_its_contents_the_page_of_each_part() -> None:
    told = re.search(r"How it was scored[ .]*(\d+)", text_of("explore", 3))

    assert told
    assert "one of five described states" in text_of("explore", int(told[1]))


@every_sample
def test_pdf_embeds_our_typeface(name: str) -> None:
    with opened(name) as document:
        fonts = [
            font.DescendantFonts[0].FontDescriptor for page in document.pages for font in page.Resources.Font.values()
        ]

        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


# The same bytes -------------------------------------------------------------------------------------------------

PRINTS = """
import hashlib, django
django.setup()
from tests.reports.samples import mixed, with_money, with_plan
from assessments.catalogue.schema import Stage
from assessments.reports.pdf import pdf_for
sample = with_plan(with_money(mixed(Stage.EXPLORE)))
print(hashlib.sha256(pdf_for(sample)).hexdigest())
"""


def test_pdf_is_the_same_in_another_process() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "spinout.settings", "SPINOUT_ENV": "test"}
    prints = [
        subprocess.run(
            [sys.executable, "-c", PRINTS],
            cwd=ROOT,
            env={**environment, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "Europe/London"), ("2", "Pacific/Auckland"))
    ]

    assert prints[0] == prints[1]


def test_pdf_is_the_same_again_in_one_process() -> None:
    sample = with_plan(with_money(empty(Stage.EXPLORE)))

    assert _pdf(sample) == _pdf(sample)


def _pdf(sample: Given) -> bytes:
    return pdf.pdf_for(sample)


# Nothing is fetched ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        f"file://{files.STATIC}/../src/site.scss",
        f"file://{files.STATIC}/site.css",
        f"file://{files.STYLE_SHEET}?x=1",
        f"file://elsewhere{files.STYLE_SHEET}",
        "http://127.0.0.1/x.css",
        "https://127.0.0.1/x.css",
        "ftp://127.0.0.1/x.css",
        "data:text/css,h1{display:none}",
        "javascript:alert(1)",
        "",
        "//127.0.0.1/x",
    ],
)
def test_fetcher_refuses_everything_else(url: str) -> None:
    with pytest.raises(ValueError, match="reads only its own"):
        pdf.Fetcher().fetch(url)


def test_fetcher_reads_its_own_files() -> None:
    for file in files.fetchable():
        assert pdf.Fetcher().fetch(file.as_uri()).read() == file.read_bytes()


def test_pdf_of_hostile_texts_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetch(self: URLFetcher, url: str, headers: object = None) -> None:
        asked.append(url)
        raise ValueError(url)

    pdf.warm_up()
    monkeypatch.setattr(pdf.Fetcher, "fetch", fetch)

    _pdf(hostile())

    assert asked == []


@pytest.mark.parametrize(
    "text", [text for text in HOSTILE if text.isascii() and " " not in text and text.isprintable()]
)
def test_pdf_prints_a_hostile_text_as_text(text: str) -> None:
    run = subprocess.run(
        [needs.pdftotext(), "-raw", "-", "-"], input=printed("plan-hostile"), check=True, capture_output=True
    )

    assert text.replace(" ", "") in "".join(run.stdout.decode().split())


def test_pdf_of_hostile_texts_has_no_link_of_theirs() -> None:
    with opened("plan-hostile") as document:
        actions = [link.A for page in document.pages for link in page.get("/Annots", []) if "/A" in link]
        addresses = [str(action.URI) for action in actions if str(action.S) == "/URI"]

    assert {str(action.S) for action in actions} <= {"/URI"}
    assert all(address.startswith("http") and "127.0.0.1" not in address for address in addresses)


def test_printable_replaces_what_no_typeface_holds() -> None:
    assert pdf.printable("Ŵyn é £ \N{EN DASH} ● 中\u202e\u200d") == "Ŵyn é £ \N{EN DASH} ● \N{REPLACEMENT CHARACTER}"
