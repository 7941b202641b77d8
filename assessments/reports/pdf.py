"""The readiness report as a tagged PDF (PDF/UA-1). Imported by the worker and by `assess`, never by a web process."""

import logging
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from assessments.catalogue.schema import Catalogue
from assessments.reports import files
from assessments.reports.inputs import Inputs
from assessments.reports.readiness import html_for_answers, html_of
from assessments.scoring.answers import Answers, Service

logger = logging.getLogger(__name__)

VARIANT = "pdf/ua-1"


def pdf_of(inputs: Inputs) -> bytes:
    """The report of these inputs. The same inputs always give the same bytes."""
    return printed(html_of(inputs))


def pdf_for_answers(catalogue: Catalogue, answers: Answers, service: Service) -> bytes:
    """The same from plain data; needs no database."""
    return printed(html_for_answers(catalogue, answers, service))


def printed(html: str) -> bytes:
    fonts, style = _style()
    document = HTML(string=printable(html), url_fetcher=Fetcher(), media_type="print")
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    return pdf


@cache
def _style() -> tuple[FontConfiguration, CSS]:
    """Read once for each process."""
    fonts = FontConfiguration()
    return fonts, CSS(filename=files.STYLE_SHEET, font_config=fonts, url_fetcher=Fetcher())


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Reads the report's own files and nothing else, whatever an address says."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or parts.netloc or parts.query or path not in files.fetchable():
            raise ValueError("A report reads only its own style sheet and fonts.")
        return URLFetcherResponse(url, path.read_bytes())


# Letters -------------------------------------------------------------------------------------------------------

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
FALLBACK = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def printable(html: str) -> str:
    """With a sign in place of each letter that no typeface of the report holds.

    PDF/UA-1 forbids letters that are drawn as an empty box, and another machine's typefaces would change the bytes.
    """
    return _unprintable().sub(REPLACEMENT, html)


@cache
def _unprintable() -> re.Pattern[str]:
    held = {ord("\n"), ord("\t"), ord("\r")}
    for font in (*files.FONTS, FALLBACK):
        held |= TTFont(font, lazy=True).getBestCmap().keys()
    return re.compile(f"[^{''.join(_ranges(held))}]")


def _ranges(held: set[int]) -> list[str]:
    """As the inside of a class of a regular expression."""
    ranges: list[list[int]] = []
    for point in sorted(held):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return [f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges]
