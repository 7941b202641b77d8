"""What a worker does. Thin: each job reads, calls a service, and is safe to run again.

Only `manage.py worker` imports this module: it brings WeasyPrint with it, which no web process needs.
"""

import datetime as dt
import logging

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from assessments.models import Assessment, Report
from assessments.reports.pdf import pdf_of
from assessments.services import assessments, reports

logger = logging.getLogger(__name__)

TRIES = 3


@app.task(name=reports.MAKE_REPORT, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2), pass_context=True)
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


async def rescue(*, silent_for: float) -> None:
    """Queue again what a worker left behind that has been silent for so many seconds: it was killed, or its machine.

    A job that was left behind again and again is given up: it may be what kills them.
    """
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for):
        if job.attempts + 1 < TRIES:
            logger.warning("Job %s (%s) was left behind; it is queued again", job.id, job.task_name)
            await app.job_manager.retry_job(job)
        else:
            logger.error("Job %s (%s) was left behind again and again; it is given up", job.id, job.task_name)
            await sync_to_async(_give_up)(job)
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


def _give_up(job: Job) -> None:
    report_ids = [str(value) for key, value in job.task_kwargs.items() if key == "report_id"]
    for report in Report.objects.filter(pk__in=report_ids).exclude(status=Report.Status.READY):
        reports.give_up(report=report)


@app.periodic(cron="10 0 * * *", periodic_id="rescore")
@app.task(name="assessments.tasks.rescore_all", queueing_lock="rescore")
def rescore_all(timestamp: int) -> None:
    """Evidence ages: once a day every result is brought to the day's date, one assessment at a time."""
    today: dt.date = timezone.localdate()
    behind = Assessment.objects.exclude(scored_on=today).values_list("pk", flat=True)
    for pk in behind.iterator():
        assessments.rescore(assessment=Assessment(pk=pk))
