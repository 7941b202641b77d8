"""The readiness report as HTML: what a browser shows, and what the PDF is printed from."""

import re

from django.template.loader import render_to_string

from assessments.reports.context import report_of
from assessments.reports.glossary import terms_in
from assessments.reports.inputs import Given, Inputs, given_of


def html_of(inputs: Inputs, *, screen: bool = False, back: str = "") -> str:
    """The report of these inputs. For the screen it brings its style sheet and a way `back`."""
    return html_for(given_of(inputs), screen=screen, back=back)


def html_for(given: Given, *, screen: bool = False, back: str = "") -> str:
    """The same from plain data."""
    report = report_of(given)
    summary, body = (render_to_string(f"reports/{part}.html", {"report": report}) for part in ("_summary", "_body"))
    glossary = terms_in(_TAG.sub(" ", f"{summary} {body}"), given.catalogue.glossary)
    context = {
        "report": report,
        "summary": summary,
        "body": body,
        "glossary": glossary,
        "screen": screen,
        "back": back,
    }
    return _CONTROL.sub("", render_to_string("reports/readiness.html", context))


_TAG = re.compile("<[^>]*>")

# HTML knows no control characters but line ends and tabs, and a text may hold any.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
