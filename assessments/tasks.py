"""What a worker does. Thin: each job reads, calls a service, and is safe to run again.

Only `manage.py worker` imports this module: it brings WeasyPrint with it, which no web process needs.
"""

import datetime as dt
import logging

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from assessments.models import Assessment, Report
from assessments.reports.pdf import pdf_of
from assessments.services import assessments, reports

logger = logging.getLogger(__name__)

TRIES = 3


@app.task(
    name=reports.MAKE_REPORT, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2), pass_context=True
)
def make_report(context: JobContext, *, report_id: str) -> None:
    """Print one report and keep the file. A report that is ready, or gone with its assessment, is left alone."""
    report = Report.objects.filter(pk=report_id).exclude(status=Report.Status.READY).first()
    if report is None:
        return
    try:
        pdf = pdf_of(report.inputs)
    except Exception:
        if context.job.attempts + 1 >= TRIES:
            reports.give_up(report=report)
        raise
    reports.keep(report=report, pdf=pdf)


@app.periodic(cron="10 0 * * *", periodic_id="rescore")
@app.task(name="assessments.tasks.rescore_all", queueing_lock="rescore")
def rescore_all(timestamp: int) -> None:
    """Evidence ages: once a day every result is brought to the day's date, one assessment at a time."""
    today: dt.date = timezone.localdate()
    behind = Assessment.objects.exclude(scored_on=today).values_list("pk", flat=True)
    for pk in behind.iterator():
        assessments.rescore(assessment=Assessment(pk=pk))
