"""`manage.py agreement`: how far services and advisers agree across assessments, for the keepers of the catalogue."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.catalogue.loader import editions
from assessments.management.answers_input import STANDARD, refuse
from assessments.management.commands.assess import write
from assessments.services.agreement import work_out


class Command(BaseCommand):
    help = "Works out how far services and advisers agree, keeps it for the page, and prints it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--edition", metavar="E", help="print this edition of the catalogue only")
        parser.add_argument("--json", metavar="OUT", help="write it there as JSON; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["edition"]
        if wanted is not None and wanted not in editions():
            refuse(f"There is no edition {wanted} here. There are {', '.join(editions())}.")
        found = work_out()
        if wanted is not None:
            found = {**found, "editions": [one for one in found["editions"] if one["edition"] == wanted]}
        if options["json"] is not None:
            write(options["json"], json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n")
        if options["json"] != STANDARD:
            self.stdout.write("\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    if not found["editions"]:
        return ["No review has been signed off yet, so nothing was rated twice."]
    return [line for one in found["editions"] for line in _edition(one, found["fewest_shown"])]


def _edition(one: dict[str, Any], fewest: int) -> list[str]:
    head = f"Catalogue {one['edition']}, {one['reviews']} review{'' if one['reviews'] == 1 else 's'}"
    if not one["is_shown"]:
        return [head, f"  Too few to tell anything without telling of whom: it takes {fewest}."]
    whole = one["whole"]
    counts = f"{whole['doubles']} double ratings, {whole['exact']} exact, {whole['within_one']} within one level."
    rewrite = [f"  {item['id']}: {' '.join(item['rewrite'])}" for item in one["rewrite"]]
    return [
        head,
        f"  {counts}",
        *(f"  {told}" for told in whole["told"]),
        "Wants rewriting" if rewrite else "Nothing is seen to want rewriting.",
        *rewrite,
    ]
