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


@transaction.atomic
def keep(*, report: Report, pdf: bytes) -> Report:
    """Store the file and mark the report ready. Doing it twice, also at the same time, leaves one file."""
    kept = _locked(report)
    if kept.status == Report.Status.READY:
        return kept
    # Left by a worker that was killed after writing the file and before its row: its name would be taken.
    kept.pdf.storage.delete(kept.file_name)
    kept.pdf.save(kept.file_name, ContentFile(pdf), save=False)
    kept.size = len(pdf)
    kept.status = Report.Status.READY
    kept.ready_at = timezone.now()
    kept.save(update_fields=["pdf", "size", "status", "ready_at"])
    return kept


@transaction.atomic
def give_up(*, report: Report) -> Report:
    """Say that the report could not be made, so that its page stops waiting and offers to try again."""
    given_up = _locked(report)
    # What another worker has made meanwhile stays.
    if given_up.status != Report.Status.READY:
        given_up.status = Report.Status.FAILED
        given_up.save(update_fields=["status"])
    return given_up


def lose(*, report: Report) -> Report:
    """Say that the kept file is gone, so that it is made again when somebody asks."""
    report.status = Report.Status.FAILED
    report.save(update_fields=["status"])
    return report


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update().defer("inputs").get(pk=report.pk)
