"""The product with four people, each with an assessment in which everything is answered."""

import json
import os
import sys
from pathlib import Path
from typing import Any

PEOPLE = 4
OTHERS = 200


def seed() -> dict[str, Any]:
    """Fills an empty database. The addresses and cookies that the benchmark needs, ready for JSON."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from assessments.reports.inputs import inputs_of, report_key
    from assessments.selectors.workbook import workbook
    from assessments.services import reports
    from tests.factories import answer_everything, make_assessment, make_assessments, make_user

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = []
    for number in range(PEOPLE):
        owner = make_user(f"person{number}@example.org", f"Person {number}")
        assessment = make_assessment(owner)
        answer_everything(assessment)
        client = Client()
        client.force_login(owner)
        book = workbook(assessment)
        inputs = inputs_of(book)
        report = reports.ask(assessment=assessment, by=owner, key=report_key(inputs), inputs=inputs)
        kept = reports.keep(report=report, pdf=b"%PDF-1.7" + b"x" * 150_000)
        people.append(
            {
                "cookies": {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value},
                "pages": [
                    f"/assessments/{assessment.pk}/questions/{part.slug}/{asked.page.id}/"
                    for part in book.questionnaires[1:]
                    for asked in part.pages
                ],
                "result": f"/assessments/{assessment.pk}/result/",
                "kept": f"/assessments/{assessment.pk}/report/{kept.pk}/report.pdf",
            }
        )
    make_assessments(make_user("others@example.org"), OTHERS)
    with connection.cursor() as cursor:
        # The reports above were kept by hand.
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("ANALYZE")
    Path(settings.DATA_DIR, "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")
    return {"people": people}


def keep_reports_queued(count: int) -> None:
    """Until it is stopped: that many reports are asked for or being made at any time, each a new one."""
    import itertools
    import time

    from assessments.models import Assessment, Report
    from assessments.reports.inputs import inputs_of, report_key
    from assessments.selectors.workbook import workbook
    from assessments.services import reports

    assessment = Assessment.objects.filter(answers__isnull=False).first()
    assert assessment is not None
    inputs = inputs_of(workbook(assessment))
    for number in itertools.count():
        while Report.objects.filter(status=Report.Status.QUEUED).count() >= count:
            time.sleep(0.1)
        inputs["service"]["name"] = f"Service {number}"
        reports.ask(assessment=assessment, by=assessment.lead, key=report_key(inputs), inputs=inputs)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spinout.settings")
    import django

    django.setup()
    if sys.argv[1] == "seed":
        sys.stdout.write(json.dumps(seed()))
    else:
        keep_reports_queued(int(sys.argv[2]))
