"""`manage.py retention`: what is over and would be deleted; `--apply` deletes it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.services.retention import NOTICE, Found, Kept, apply, look


class Command(BaseCommand):
    help = "Says what is over: assessments by the months that are set, exports, invitations, sessions, left-over files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="delete it; without this nothing is changed")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        now = timezone.now()
        found = look(now)
        for line in _lines(found):
            self.stdout.write(line)
        if not apply:
            self.stdout.write("Nothing was deleted. To delete it: manage.py retention --apply")
            return
        _apply(found, now)
        self.stdout.write("Deleted.")


_apply = apply


def _lines(found: Found) -> Iterator[str]:
    yield f"Assessments that go now: {len(found.assessments)}"
    yield from (f"  {_told(kept)}" for kept in found.assessments)
    yield f"Assessments that go within {NOTICE.days} days: {len(found.soon)}"
    yield from (f"  {_told(kept)}, goes on {_day(kept)}" for kept in found.soon)
    yield f"Organisations whose administrator asked to erase them: {len(found.organisations)}"
    yield from (f"  {one.name}, to be erased on {one.erase_on:%d %B %Y}" for one in found.organisations)
    yield f"Exports that are over: {len(found.exports)}"
    yield from (f"  asked for on {one.asked_at:%d %B %Y}" for one in found.exports)
    yield f"Invitations that nobody accepted: {len(found.invitations)}"
    yield from (f"  to {one.organisation.name}, until {one.expires_at:%d %B %Y}" for one in found.invitations)
    yield f"Sessions that are over: {found.sessions}"
    yield f"Files that nothing points to: {len(found.files)}"
    yield from (f"  {name}" for name in found.files)


def _told(kept: Kept) -> str:
    assessment = kept.assessment
    changed = timezone.localtime(kept.last_change)
    return f"{assessment.service_name} ({assessment.organisation_name}), last changed on {changed:%d %B %Y}"


def _day(kept: Kept) -> str:
    return f"{kept.goes_on:%d %B %Y}"
