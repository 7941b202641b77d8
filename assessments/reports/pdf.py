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

from assessments.reports import files
from assessments.reports.inputs import Given, Inputs
from assessments.reports.readiness import html_for, html_of

logger = logging.getLogger(__name__)

VARIANT = "pdf/ua-1"


def pdf_of(inputs: Inputs) -> bytes:
    """The report of these inputs. The same inputs always give the same bytes."""
    return printed(html_of(inputs))


def pdf_for(given: Given) -> bytes:
    """The same from plain data; needs no database."""
    return printed(html_for(given))


def printed(html: str) -> bytes:
    fonts, style = _style()
    document = HTML(string=printable(html), url_fetcher=Fetcher(), media_type="print")
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    return pdf


def warm_up() -> None:
    """Reads style sheet and fonts once, so that the first report is as quick as the next."""
    printed('<!DOCTYPE html><html lang="en-GB"><title>Warm</title><h1>Warm</h1>')


@cache
def _style() -> tuple[FontConfiguration, CSS]:
    """Read once for each process."""
    fonts = FontConfiguration()
    return fonts, CSS(filename=files.STYLE_SHEET, font_config=fonts, url_fetcher=Fetcher())


class Fetcher(URLFetcher):
    """Reads the report's own files and nothing else, whatever an address says."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or parts.netloc or parts.query or path not in files.fetchable():
            raise ValueError("A report reads only its own style sheet and fonts.")
        return URLFetcherResponse(url, path.read_bytes())


# Letters -------------------------------------------------------------------------------------------------------

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
FALLBACKS = (DEJAVU / "DejaVuSans.ttf", DEJAVU / "DejaVuSans-Bold.ttf")

# Signs that steer a text and are not seen: control characters, joiners, marks and overrides of direction.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")


def printable(html: str) -> str:
    """With a sign in place of each letter that no typeface of the report holds.

    PDF/UA-1 forbids letters that are drawn as an empty box, and another machine's typefaces would change the bytes.
    """
    return _unheld().sub(REPLACEMENT, _UNSEEN.sub("", html))


@cache
def _unheld() -> re.Pattern[str]:
    """Every letter that the regular or the bold face lacks."""
    held = _letters(400, FALLBACKS[0]) & _letters(700, FALLBACKS[1]) | {ord("\n"), ord("\t")}
    return re.compile(f"[^{''.join(_ranges(held))}]")


def _letters(weight: int, fallback: Path) -> set[int]:
    """What one weight of our typeface and its fallback can draw."""
    ours = (font for font in files.FONTS if f"-{weight}-" in font.name)
    return {letter for font in (*ours, fallback) for letter in _held_by(font)}


def _held_by(font: Path) -> set[int]:
    with TTFont(font, lazy=True) as opened:
        return set(opened.getBestCmap())


def _ranges(letters: set[int]) -> list[str]:
    """As the inside of a class of a regular expression."""
    ranges: list[list[int]] = []
    for letter in sorted(letters):
        if ranges and letter == ranges[-1][1] + 1:
            ranges[-1][1] = letter
        else:
            ranges.append([letter, letter])
    return [f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges]
