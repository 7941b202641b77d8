"""Starting an assessment, its task list, checking the answers, and the result."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_safe

from assessments.catalogue.loader import edition, editions
from assessments.catalogue.schema import Stage
from assessments.forms.assessment import AssessmentForm, StartForm
from assessments.http import signed_in
from assessments.models import Assessment
from assessments.permissions import can_answer_in, can_edit, can_read, can_see, get_for
from assessments.selectors.asks import waiting_for
from assessments.selectors.cash_flow import cash_flow_headline
from assessments.selectors.checking import answers_to_check
from assessments.selectors.comments import HAS_THREADS, Remarks
from assessments.selectors.organisations import public_bodies_of
from assessments.selectors.people import holders_of
from assessments.selectors.results import result_page
from assessments.selectors.workbook import Progress, Questionnaire, Workbook, workbook
from assessments.services import assessments
from assessments.services.assessments import TARGET_DATE
from assessments.services.organisations import found


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    newest = editions()[-1]
    person = signed_in(request)
    form = StartForm(request.POST or None, catalogue=edition(newest), organisations=public_bodies_of(person))
    if not (form.is_bound and form.is_valid()):
        return render(request, "assessments/start.html", {"form": form})
    given = form.cleaned_data
    started = assessments.start(
        by=person,
        organisation=given.get("organisation") or found(by=person, name=given["organisation_name"]),
        service_name=given["service_name"],
        stage=Stage(given["stage"]),
        edition=newest,
        target_date=given["target_date"],
    )
    return redirect("questionnaire", started.pk, "profile")


@require_safe
def tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    among = Assessment.objects.select_related("cash_flow").defer("result", "cash_flow__inputs")
    assessment = get_for(request.user, pk, can_see, among)
    book = workbook(assessment)
    context = {
        "assessment": assessment,
        "items": _task_items(book, holders_of(assessment)),
        "of_all": _sum(book),
        "target_date": book.answers.profile.get(TARGET_DATE),
        "go_on": next((found for found in book.questionnaires if found.progress.open and _is_own(found)), None),
        "money": cash_flow_headline(assessment),
        "waiting": waiting_for(signed_in(request), assessment),
    }
    return render(request, "assessments/tasks.html", context)


_TAG_COLOURS = {"Not started": "blue", "In progress": "turquoise", "Complete": ""}


def _task_items(book: Workbook, holders: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """The questionnaires as the task list shows them: progress and whose they are, never the result."""
    return [
        {
            "title": found.title,
            "href": _href(found),
            "hint": _hint(found.progress, holders.get(found.slug, []), tells=can_read(book.assessment)),
            "status": found.progress.status if found.pages else "Nothing to ask",
            "colour": _TAG_COLOURS[found.progress.status] if found.pages else "",
        }
        for found in book.questionnaires
    ]


def _is_own(found: Questionnaire) -> bool:
    return can_answer_in(found.workbook.assessment, found.slug)


def _href(found: Questionnaire) -> str:
    """To the questions for who answers them, to the answers for who reads them."""
    pk = found.workbook.assessment.pk
    if not found.pages or not can_read(found.workbook.assessment):
        return ""
    if _is_own(found):
        return reverse("questionnaire", args=[pk, found.slug])
    return f"{reverse('assessment-check', args=[pk])}#{found.slug}"


def _hint(progress: Progress, names: Sequence[str], *, tells: bool) -> str:
    """Who may not read the answers is not told either which of them are "don't know"."""
    if tells:
        unknown = f", {progress.unknown} marked as not known" if progress.unknown else ""
        words = f"{progress.answered} of {progress.asked} answered{unknown}"
    else:
        words = f"{progress.done} of {progress.asked} dealt with"
    answered = [words] if progress.asked else []
    return ". ".join([*answered, *([f"For {get_text_list(list(names), 'and')}"] if names else [])])


def _sum(book: Workbook) -> Progress:
    each = [found.progress for found in book.questionnaires]
    return Progress(sum(one.asked for one in each), sum(one.answered for one in each), sum(one.unknown for one in each))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    assessment = get_for(request.user, pk, can_edit)
    form = AssessmentForm(request.POST or None, initial=_details(assessment), catalogue=assessment.catalogue)
    form.submit_label = "Save"
    if not (form.is_bound and form.is_valid()):
        return render(request, "assessments/change.html", {"assessment": assessment, "form": form})
    assessments.change(
        assessment=assessment,
        by=signed_in(request),
        service_name=form.cleaned_data["service_name"],
        stage=Stage(form.cleaned_data["stage"]),
    )
    messages.success(request, "Saved. Your answers are kept; what is asked follows the next decision.")
    return redirect("assessment", pk)


@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    among = Assessment.objects.defer("result").annotate(has_threads=HAS_THREADS)
    assessment = get_for(request.user, pk, can_read, among)
    only_open = request.GET.get("show") == "open"
    everything = answers_to_check(workbook(assessment))
    context = {
        "assessment": assessment,
        "questionnaires": tuple(one.only_open() for one in everything) if only_open else everything,
        "only_open": only_open,
        "remarks": Remarks(assessment),
        "open_count": sum(len(one.only_open().items) for one in everything),
    }
    return render(request, "assessments/check.html", context)


@require_safe
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    among = Assessment.objects.select_related("cash_flow").defer("cash_flow__inputs")
    assessment = get_for(request.user, pk, can_read, among)
    context = {"assessment": assessment, "page": result_page(assessment), "money": cash_flow_headline(assessment)}
    return render(request, "assessments/result.html", context)


def _details(assessment: Assessment) -> dict[str, str]:
    return {
        "service_name": assessment.service_name,
        "stage": assessment.stage,
    }
