"""The readiness report as HTML: what a browser shows, and what the PDF is printed from."""

import re

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assessments.catalogue.schema import Catalogue
from assessments.reports.context import report_of
from assessments.reports.glossary import terms_in
from assessments.reports.inputs import Inputs, answers_of
from assessments.scoring.answers import Answers, Service


def html_of(inputs: Inputs, *, screen: bool = False, back: str = "") -> str:
    """The report of these inputs. For the screen it brings its style sheet and a way `back`."""
    return html_for_answers(*answers_of(inputs), screen=screen, back=back)


def html_for_answers(
    catalogue: Catalogue, answers: Answers, service: Service, *, screen: bool = False, back: str = ""
) -> str:
    report = report_of(catalogue, answers, service)
    body: SafeString = render_to_string("reports/_body.html", {"report": report})
    glossary = terms_in(_TAG.sub(" ", body), catalogue.glossary)
    context = {"report": report, "body": body, "glossary": glossary, "screen": screen, "back": back}
    return _CONTROL.sub("", render_to_string("reports/readiness.html", context))


_TAG = re.compile("<[^>]*>")

# HTML knows no control characters but line ends and tabs, and a text may hold any.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
