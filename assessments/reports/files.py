"""The files that a report is made with: its style sheet and fonts, and everything else that shapes it."""

from pathlib import Path

from django.conf import settings

STATIC: Path = settings.BASE_DIR / "static" / "build"
STYLE_SHEET = STATIC / "readiness.css"

# Ours, of which every page is set; and beneath it, for signs that it lacks, the system's DejaVu Sans.
FONTS = tuple(
    STATIC / "fonts" / f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "latin-ext")
    for weight in (400, 700)
)

TEMPLATES: Path = settings.BASE_DIR / "templates"
TEMPLATE_FOLDERS = ("reports", "cash_flow")
CODE: Path = settings.BASE_DIR / "assessments"
ROOMS = ("reports", "planning", "scoring", "cashflow", "agreement")
OUTSIDE = (
    CODE / "forms" / "cash_flow_asks.py",
    CODE / "selectors" / "checking.py",
    CODE / "selectors" / "frozen.py",
    CODE / "templatetags" / "report.py",
)
"""What the report borrows from other rooms."""


def fetchable() -> frozenset[Path]:
    """The only files that may be read while a report is set."""
    return frozenset({STYLE_SHEET, *FONTS})


def makers() -> list[Path]:
    """Every file of ours that the bytes of a report depend on, always in the same order."""
    code = (file for room in ROOMS for file in (CODE / room).rglob("*.py"))
    templates = (file for folder in TEMPLATE_FOLDERS for file in (TEMPLATES / folder).glob("*.html"))
    return sorted([*code, *OUTSIDE, *templates, *fetchable()])
