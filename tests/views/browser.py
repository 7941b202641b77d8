"""What a browser would send of a page: every control that counts, as it stands."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

Sent = dict[str, list[str]]


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: Sent = {}
        self.in_form = False
        self.select = ""
        self.text_of = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.in_form = given.get("method") == "post"
        if not self.in_form:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        kind = given.get("type")
        if tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in given):
            self._add(name, value)
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in given:
            self._add(self.select, value)
        if tag == "textarea":
            self.text_of, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.text_of:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text_of:
            self._add(self.text_of, self.text.removeprefix("\n"))
            self.text_of = ""
        if tag == "form":
            self.in_form = False

    def _add(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def controls_of(html: str) -> Sent:
    """The fields of the page's form as a person would send them who changes nothing."""
    controls = _Controls()
    controls.feed(html)
    return controls.sent


def sent_by(response: HttpResponse | Any) -> Sent:
    """The same for a reply of Django's test client."""
    return controls_of(response.content.decode())
