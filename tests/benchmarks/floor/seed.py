"""Fills the floor's empty database as the product's is filled. Prints addresses and cookies as JSON.

python -m tests.benchmarks.floor.seed ASSESSMENTS
"""

import datetime as dt
import json
import os
import sys
from typing import Any

PEOPLE = 4


def seed(count: int) -> dict[str, Any]:
    from django.contrib.auth import get_user_model
    from django.core.files.base import ContentFile
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client as Browser

    from tests.benchmarks.floor import questions
    from tests.benchmarks.floor.models import Answer, Assessment, Client, Report

    for label in ("contenttypes", "auth", "sessions"):
        call_command("migrate", label, verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    items = [item for part in questions.PARTS for item in part["items"]]
    people = []
    adviser = get_user_model().objects.create_user("adviser")
    browser_of_adviser = Browser()
    browser_of_adviser.force_login(adviser)
    for number in range(PEOPLE):
        owner = get_user_model().objects.create_user(f"person{number}")
        assessment = Assessment.objects.create(
            owner=owner, title="Riverside Family Hubs", client=Client.objects.create(name="Council"), adviser=adviser
        )
        given = {"evidence": "E2", "evidence_date": dt.date(2026, 9, 30), "note": "Minuted in September."}
        Answer.objects.bulk_create(
            Answer(
                assessment=assessment,
                item=item["id"],
                state="met" if item["kind"] == "Gate" else "3",
                changed_by=owner,
                **given,
            )
            for item in items
        )
        assessment.result = questions.score(
            {row.item: (row.state, row.evidence) for row in Answer.objects.filter(assessment=assessment)}
        )
        assessment.colours = {part["id"]: [part["worst"], part["best"]] for part in assessment.result["parts"]}
        assessment.save()
        report = Report(assessment=assessment, key=f'"{number}"')
        report.pdf.save("report.pdf", ContentFile(b"%PDF-1.7" + b"x" * 150_000))
        browser = Browser()
        browser.force_login(owner)
        people.append(
            {
                "cookies": {"sessionid": browser.cookies["sessionid"].value},
                "adviser": {"sessionid": browser_of_adviser.cookies["sessionid"].value},
                "pages": [
                    f"/assessments/{assessment.pk}/{part['id']}/{page['id']}/"
                    for part in questions.PARTS
                    for page in part["pages"]
                ],
                "result": f"/assessments/{assessment.pk}/result/",
                "kept": f"/assessments/{assessment.pk}/report.pdf",
                "portfolio": "/portfolio/",
            }
        )
    clients = Client.objects.bulk_create(Client(name=f"Council {number // 10}") for number in range(count))
    same = {"owner": owner, "adviser": adviser, "colours": assessment.colours}
    Assessment.objects.bulk_create(
        Assessment(client=one, title=f"Service {number}", **same) for number, one in enumerate(clients)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE floor_assessment SET result = model.result, changed_at = now() - interval '1 minute' * random()"
            " * 500000 FROM floor_assessment AS model WHERE model.id = %s AND floor_assessment.result = '{}'",
            [assessment.pk],
        )
        cursor.execute("VACUUM FULL floor_assessment")
        cursor.execute("VACUUM ANALYZE")
    return {"people": people}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.floor.settings"
    import django

    django.setup()
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
