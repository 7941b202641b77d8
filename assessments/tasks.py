"""What a worker does. Thin: each job reads, calls a service, and is safe to run again.

Only `manage.py worker` imports this module: it brings WeasyPrint with it, which no web process needs.
"""

import datetime as dt
import logging

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from assessments.models import Assessment, Export, Report
from assessments.reports.pdf import pdf_of
from assessments.services import agreement, assessments, digests, erasure, exports, reports, retention

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


@app.task(name=exports.MAKE_EXPORT, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2), pass_context=True)
def make_export(context: JobContext, *, export_id: str) -> None:
    """Write one export and keep the file. One that is ready, or gone with its organisation, is left alone."""
    export = Export.objects.filter(pk=export_id).exclude(status=Export.Status.READY).first()
    if export is None:
        return
    try:
        exports.make(export=export)
    except Exception:
        if context.job.attempts + 1 >= TRIES:
            exports.give_up(export=export)
        raise


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
    export_ids = [str(value) for key, value in job.task_kwargs.items() if key == "export_id"]
    for export in Export.objects.filter(pk__in=export_ids).exclude(status=Export.Status.READY):
        exports.give_up(export=export)


@app.periodic(cron="10 0 * * *", periodic_id="rescore")
@app.task(name="assessments.tasks.rescore_all", queueing_lock="rescore")
def rescore_all(timestamp: int) -> None:
    """Evidence ages: once a day every result is brought to the day's date, one assessment at a time."""
    today: dt.date = timezone.localdate()
    behind = Assessment.objects.exclude(scored_on=today).values_list("pk", flat=True)
    for pk in behind.iterator():
        assessments.rescore(assessment=Assessment(pk=pk))


@app.periodic(cron="30 7 * * *", periodic_id="digests")
@app.task(name="assessments.tasks.send_digests", queueing_lock="digests")
def send_digests(timestamp: int) -> None:
    """The daily e-mails, at half past seven (UTC). Run again on the same day it sends only those not begun."""
    digests.send_digests()


@app.periodic(cron="40 1 * * *", periodic_id="erase")
@app.task(name="assessments.tasks.erase_due", queueing_lock="erase")
def erase_due(timestamp: int) -> None:
    """Once a day: organisations go whose administrators asked for it and did not stop it."""
    today = timezone.localdate()
    for organisation in erasure.due(today):
        if erasure.erase_if_due(organisation=organisation, today=today):
            logger.info("An organisation was erased as its administrator had asked: %s", organisation.pk)


@app.periodic(cron="50 1 * * *", periodic_id="clear")
@app.task(name="assessments.tasks.clear_away", queueing_lock="clear")
def clear_away(timestamp: int) -> None:
    """Once a day: exports, invitations and sessions that are over; and assessments by the months that are set, only
    where the settings say so."""
    now = timezone.now()
    if settings.SPINOUT_RETENTION == "apply":
        retention.apply(retention.look(now), now)
    else:
        retention.clear(now)


@app.periodic(cron="20 2 * * *", periodic_id="agreement")
@app.task(name="assessments.tasks.work_out_agreement", queueing_lock="agreement")
def work_out_agreement(timestamp: int) -> None:
    """Once a day: how far services and advisers agree, for the page of the catalogue's keepers."""
    agreement.work_out()
