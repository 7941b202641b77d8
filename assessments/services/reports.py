"""Asking for a readiness report, and keeping the file that a worker made."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from assessments.models import Assessment, Report, User

MAKE_REPORT = "assessments.tasks.make_report"


@transaction.atomic
def ask(*, assessment: Assessment, by: User, key: str, inputs: dict[str, Any]) -> Report:
    """The report with this key: the kept one, the one being made, or a new one put in the queue.

    A report that could not be made is tried again. The job is queued in the same transaction, so there is never
    a report without its job, nor a job without its report.
    """
    report, created = Report.objects.get_or_create(
        assessment=assessment, key=key, defaults={"inputs": inputs, "asked_by": by}
    )
    if created or report.status == Report.Status.FAILED:
        report.status = Report.Status.QUEUED
        report.save(update_fields=["status"])
        app.configure_task(MAKE_REPORT, lock=f"report-{report.pk}").defer(report_id=str(report.pk))
    return report


def keep(*, report: Report, pdf: bytes) -> Report:
    """Store the file and mark the report ready. Doing it twice leaves one file."""
    if report.status != Report.Status.READY:
        report.pdf.save(f"{report.key}.pdf", ContentFile(pdf), save=False)
        report.size = len(pdf)
        report.status = Report.Status.READY
        report.ready_at = timezone.now()
        report.save(update_fields=["pdf", "size", "status", "ready_at"])
    return report


def give_up(*, report: Report) -> Report:
    """Say that the report could not be made, so that its page stops waiting and offers to try again."""
    report.status = Report.Status.FAILED
    report.save(update_fields=["status"])
    return report
