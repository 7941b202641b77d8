"""The readiness report: read as a page, asked for as a PDF, fetched when a worker has made it."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from assessments.http import signed_in
from assessments.models import Assessment, Report, Submission
from assessments.permissions import can_read, get_for
from assessments.reports.inputs import Inputs, report_key
from assessments.reports.readiness import html_of
from assessments.selectors.standing import report_inputs, signed_off_submissions, standing_of, submission_inputs
from assessments.services import reports

EARLIER = 10


def _with_figures(request: HttpRequest, pk: UUID) -> Assessment:
    """The assessment with the figures of its cash flow, in one query: a report is made from both."""
    among = Assessment.objects.select_related("cash_flow").defer("result", "cash_flow__forecast")
    return get_for(request.user, pk, can_read, among)


@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether a PDF of the answers as they are now is kept, being made, or can be asked for; and earlier ones."""
    assessment = _with_figures(request, pk)
    key = report_key(report_inputs(assessment))
    made = Report.objects.defer("inputs").filter(assessment=assessment)
    context = {
        "assessment": assessment,
        "report": made.filter(key=key).first(),
        "earlier": made.filter(status=Report.Status.READY).exclude(key=key)[:EARLIER],
        "standing": standing_of(assessment),
        "signed_off": signed_off_submissions(assessment),
        "ask_url": reverse("report-ask", args=[pk]),
        "read_url": reverse("report-read", args=[pk]),
    }
    return render(request, "assessments/report.html", context)


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = _with_figures(request, pk)
    _ask(request, assessment, report_inputs(assessment))
    return redirect("report", pk)


@require_safe
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report as a page: the same HTML that the PDF is printed from."""
    assessment = _with_figures(request, pk)
    return HttpResponse(html_of(report_inputs(assessment), screen=True, back=reverse("report", args=[pk])))


def _ask(request: HttpRequest, assessment: Assessment, inputs: Inputs) -> None:
    reports.ask(assessment=assessment, by=signed_in(request), key=report_key(inputs), inputs=inputs)


# Of a submission that was signed off: whatever has changed since, for boards -----------------------------------


@require_safe
def of_submission(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The same of the frozen copy with what its review settled."""
    signed_off = _signed_off(request, pk, number)
    key = report_key(submission_inputs(signed_off))
    context = {
        "assessment": signed_off.assessment,
        "submission": signed_off,
        "report": Report.objects.defer("inputs").filter(assessment=pk, key=key).first(),
        "ask_url": reverse("submission-report-ask", args=[pk, number]),
        "read_url": reverse("submission-report-read", args=[pk, number]),
    }
    return render(request, "assessments/report.html", context)


@require_POST
def ask_of_submission(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    signed_off = _signed_off(request, pk, number)
    _ask(request, signed_off.assessment, submission_inputs(signed_off))
    return redirect("submission-report", pk, number)


@require_safe
def read_of_submission(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    signed_off = _signed_off(request, pk, number)
    back = reverse("submission-report", args=[pk, number])
    return HttpResponse(html_of(submission_inputs(signed_off), screen=True, back=back))


def _signed_off(request: HttpRequest, pk: UUID, number: int) -> Submission:
    """A copy that was not signed off has no report: 404."""
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    people = ("firm", "submitted_by", "review__adviser")
    rows = Submission.objects.select_related(*people).defer("result", "review__result")
    found = get_object_or_404(rows, assessment=assessment, number=number, status=Submission.Status.SIGNED_OFF)
    found.assessment = assessment
    return found


# The file ------------------------------------------------------------------------------------------------------


@require_safe
def download(request: HttpRequest, pk: UUID, report_pk: UUID) -> HttpResponseBase:
    """The kept file, always as an attachment. A browser that has it is told so without the file being opened."""
    assessment = get_for(request.user, pk, can_read, Assessment.objects.defer("result"))
    kept = get_object_or_404(
        Report.objects.defer("inputs"), pk=report_pk, assessment=assessment, status=Report.Status.READY
    )
    etag = f'"{kept.key}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    try:
        pdf = kept.pdf.open()
    except FileNotFoundError:
        reports.lose(report=kept)
        return redirect("report", pk)
    name = f"readiness-report-{slugify(assessment.service_name)[:60] or 'service'}.pdf"
    return FileResponse(
        pdf,
        as_attachment=True,
        filename=name,
        content_type="application/pdf",
        headers=headers,
    )
