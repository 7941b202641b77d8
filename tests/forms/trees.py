"""A rendered form or page as a tree, and what must hold of every one."""

from collections import Counter
from typing import Any

import lxml.html
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from django.template.context import make_context


def tree(html: str) -> Any:
    return lxml.html.document_fromstring(html)


def form_tree(form: forms.BaseForm) -> Any:
    """The form as a page has it: its error summary, then itself by crispy-forms."""
    summary = Template("{% load govuk %}{% error_summary form %}").render(Context({"form": form}))
    return tree(f"<body>{summary}{render_crispy_form(form)}</body>")


def page_tree(source: str, **context: Any) -> Any:
    return tree(Template(source).render(make_context(context)))


def one(found: list[Any]) -> Any:
    assert len(found) == 1, found
    return found[0]


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def broken_references(page: Any) -> list[str]:
    """What names an id that is not there, and ids that are there twice."""
    ids = Counter(page.xpath("//@id"))
    names = [
        *(name for value in page.xpath("//@aria-describedby | //@aria-labelledby") for name in value.split()),
        *page.xpath("//label/@for"),
        *(href[1:] for href in page.xpath("//a/@href") if href.startswith("#")),
        *page.xpath("//@data-aria-controls"),
    ]
    return [name for name in names if name not in ids] + [name for name, times in ids.items() if times > 1]


def unlabelled(page: Any) -> list[str]:
    """Controls that a person sees and that no label names."""
    labelled = set(page.xpath("//label/@for"))
    seen = page.xpath("//textarea | //select | //input[@type!='hidden']")
    return [control.get("id") for control in seen if control.get("id") not in labelled]
