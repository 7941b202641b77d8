"""The product with four people, each with an assessment in which everything is answered, among many others; and an
adviser who may see them all.

    python -m tests.benchmarks.product seed ASSESSMENTS
    python -m tests.benchmarks.product more ASSESSMENTS
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

PEOPLE = 4
ADVISER = "adviser@example.org"


def seed(count: int) -> dict[str, Any]:
    """Fills an empty database, with so many other assessments: addresses and cookies for the benchmark, for JSON."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from assessments.reports.inputs import inputs_of, report_key
    from assessments.selectors.workbook import workbook
    from assessments.services import reports
    from tests.benchmarks.others import make_others
    from tests.factories import (
        answer_everything,
        make_assessment,
        make_engagement,
        make_firm,
        make_user,
        second_factor_client,
    )

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = []
    adviser = make_user(ADVISER, "Ada Adviser")
    firm = make_firm(adviser)
    seen_by_adviser = second_factor_client(adviser).cookies[settings.SESSION_COOKIE_NAME].value
    for number in range(PEOPLE):
        lead = make_user(f"person{number}@example.org", f"Person {number}")
        assessment = make_assessment(lead)
        make_engagement(assessment, firm)
        answer_everything(assessment)
        client = Client()
        client.force_login(lead)
        book = workbook(assessment)
        inputs = inputs_of(book)
        report = reports.ask(assessment=assessment, by=lead, key=report_key(inputs), inputs=inputs)
        kept = reports.keep(report=report, pdf=b"%PDF-1.7" + b"x" * 150_000)
        people.append(
            {
                "cookies": {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value},
                "adviser": {settings.SESSION_COOKIE_NAME: seen_by_adviser},
                "pages": [
                    f"/assessments/{assessment.pk}/questions/{part.slug}/{asked.page.id}/"
                    for part in book.questionnaires[1:]
                    for asked in part.pages
                ],
                "result": f"/assessments/{assessment.pk}/result/",
                "kept": f"/assessments/{assessment.pk}/report/{kept.pk}/report.pdf",
                "portfolio": "/clients/",
            }
        )
    assessment.refresh_from_db()
    with connection.cursor() as cursor:
        # The reports above were kept by hand.
        cursor.execute("DELETE FROM procrastinate_jobs")
    make_others(count, model=assessment, firm=firm, adviser=adviser)
    Path(settings.DATA_DIR, "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")
    return {"people": people}


def more(count: int) -> None:
    """So many other assessments besides those that were filled in before."""
    from assessments.models import Answer, Organisation, User
    from tests.benchmarks.others import make_others

    answered = Answer.objects.select_related("assessment").first()
    assert answered is not None
    firm = Organisation.objects.get(kind=Organisation.Kind.ADVISER_FIRM)
    make_others(count, model=answered.assessment, firm=firm, adviser=User.objects.get(email=ADVISER))


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
    act, count = sys.argv[1], int(sys.argv[2])
    if act == "seed":
        sys.stdout.write(json.dumps(seed(count)))
    elif act == "more":
        more(count)
    else:
        keep_reports_queued(count)
