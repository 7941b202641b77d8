"""Filling in: one page of a questionnaire at a time, in any order."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.catalogue.path import AskedPage
from assessments.catalogue.schema import Item, Page
from assessments.forms.evidence_lines import KeptEvidence
from assessments.forms.questionnaire import PARTS, QuestionnaireForm, Row
from assessments.http import signed_in
from assessments.models import Assessment
from assessments.permissions import can_answer_in, can_read, get_for, get_for_questions
from assessments.selectors.comments import Remarks
from assessments.selectors.effects import contradictions_moved, effects
from assessments.selectors.evidence import evidence_of, provable_among
from assessments.selectors.workbook import Questionnaire, Workbook, workbook
from assessments.services.assessments import Conflict, Draft, save_answers_of_locked

# Whose pages point to the one that says which forms and routes go together.
ABOUT_FORM_OR_ROUTE = ("governance-and-legal-form", "tendering")


@require_safe
def questionnaire(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """The first page on which something is still open, else the first page."""
    book = _open(request, pk)
    found = _own_questionnaire(book, slug)
    if not found.pages:
        return _nothing_asked(request, book, found)
    target = next((page for page in found.pages if _has_open(book, page)), found.pages[0])
    return redirect("question-page", pk, slug, target.page.id)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: UUID, slug: str, page_id: str) -> HttpResponse:
    """A page's questions. A save reads the assessment with its lock, so that nobody changes it in between."""
    if request.method != "POST":
        return _page(request, _open(request, pk), slug, page_id)
    with transaction.atomic():
        return _page(request, workbook(get_for_questions(request.user, pk, lock=True)), slug, page_id)


def _page(request: HttpRequest, book: Workbook, slug: str, page_id: str) -> HttpResponse:
    """A stale tab may send answers that are not asked any more: they are kept all the same."""
    found = _own_questionnaire(book, slug)
    shown = next((page for page in found.part.pages if page.id == page_id), None)
    if shown is None:
        raise Http404
    data = _without_cleared(request.POST)
    items = _sent(book, shown, data) or _asked(found, page_id)
    if not items:
        return _nothing_asked(request, book, found)
    form = QuestionnaireForm(
        data or None,
        catalogue=book.catalogue,
        rows=_rows(book, items),
        stage=book.assessment.next_decision,
        remarks=Remarks(book.assessment),
    )
    if form.is_bound and form.is_valid():
        return _save(request, book, found, page_id, form, data)
    form.evidence = KeptEvidence(book.assessment.pk, evidence_of(book.assessment, provable_among(items)))
    return render(request, "assessments/question_page.html", _context(book, found, shown, form))


@require_safe
def item(request: HttpRequest, pk: UUID, item_id: str) -> HttpResponseBase:
    """The page that asks this item: what triggers and actions link to. To who does not answer it, all the answers."""
    book = workbook(get_for(request.user, pk, can_read, Assessment.objects.defer("result")))
    for found in book.questionnaires:
        if not can_answer_in(book.assessment, found.slug):
            if any(item_id == known.id for known in found.part.items):
                return redirect(f"{reverse('assessment-check', args=[pk])}#{found.slug}")
            continue
        for asked in found.pages:
            names = {asked_item.id: asked_item.id.rpartition(".")[2] for asked_item in asked.items}
            if item_id in names:
                response = redirect("question-page", pk, found.slug, asked.page.id)
                response["Location"] += f"#{names[item_id]}-question"
                return response
        if any(item_id == known.id for known in found.part.items):
            return _nothing_asked(request, book, found)
    raise Http404


def _without_cleared(data: QueryDict) -> QueryDict:
    """The post as the form reads it. "Clear this answer" empties one item; the rest of the page is saved with it."""
    kept = data.copy()
    for key in _keys_of(data.get("clear", ""), data):
        del kept[key]
    return kept


def _keys_of(name: str, data: QueryDict) -> list[str]:
    """The keys of a post that hold the answer to one item. Another item's name may begin with this one's."""
    prefix = f"{name}-"
    return [key for key in data if key.startswith(prefix) and key.removeprefix(prefix).partition("-")[0] in PARTS]


def _save(
    request: HttpRequest,
    book: Workbook,
    found: Questionnaire,
    page_id: str,
    form: QuestionnaireForm,
    data: QueryDict,
) -> HttpResponse:
    drafts = form.drafts()
    undecided = {draft.item for draft in drafts if _is_undecided(data, draft)}
    saved = save_answers_of_locked(
        locked=book.assessment,
        by=signed_in(request),
        drafts=[
            # No row has this version: what nobody has chosen yet comes back as a conflict.
            replace(draft, version=-1) if draft.item in undecided else draft
            for draft in drafts
            if data.get(f"{_name(draft.item)}-choice") != "theirs"
        ],
    )
    if saved.conflicts:
        return _ask_which(request, book, found, page_id, saved.conflicts, undecided, data)
    if saved.items:
        for effect in effects(saved.assessment, saved.before):
            messages.success(request, effect)
        for moved in contradictions_moved(saved.assessment, saved.contradicted):
            messages.info(request, moved)
    # Facts just saved may have switched pages on or off, so what comes next is worked out anew.
    return _next(request, workbook(saved.assessment, known=saved.rows), found.slug, page_id)


def _is_undecided(data: QueryDict, draft: Draft) -> bool:
    """Both answers were shown, and neither was chosen."""
    name = _name(draft.item)
    return f"{name}-conflict" in data and f"{name}-choice" not in data


def _next(request: HttpRequest, book: Workbook, slug: str, page_id: str) -> HttpResponse:
    pk = book.assessment.pk
    if request.POST.get("clear"):
        return redirect("question-page", pk, slug, page_id)
    following = _questionnaire(book, slug).after(page_id)
    if following is None or request.POST.get("then") == "list":
        return redirect("assessment", pk)
    return redirect("question-page", pk, slug, following.page.id)


def _ask_which(
    request: HttpRequest,
    book: Workbook,
    found: Questionnaire,
    page_id: str,
    conflicts: tuple[Conflict, ...],
    undecided: set[str],
    data: QueryDict,
) -> HttpResponse:
    both = [_both(book, conflict, data, conflict.item in undecided) for conflict in conflicts]
    errors = [
        {"text": f"Choose an answer: {one['item'].title}", "href": f"#{one['name']}-theirs"}
        for one in both
        if one["undecided"]
    ]
    context = {
        "assessment": book.assessment,
        "questionnaire": found,
        "page_id": page_id,
        "conflicts": both,
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "assessments/conflict.html", context, status=409)


def _both(book: Workbook, conflict: Conflict, data: QueryDict, undecided: bool) -> dict[str, Any]:
    """One conflict for its page: both answers in words, and the person's own fields to send again."""
    name = _name(conflict.item)
    asked = book.catalogue.item(conflict.item)
    again = [(key, value) for key in _keys_of(name, data) for value in data.getlist(key)]
    return {
        "name": name,
        "item": asked,
        "theirs": conflict.theirs,
        "by": conflict.theirs_by,
        "at": conflict.theirs_at,
        "mine": conflict.mine,
        "undecided": undecided,
        "fields": [*again, (f"{name}-version", conflict.version)],
    }


def _nothing_asked(request: HttpRequest, book: Workbook, found: Questionnaire) -> HttpResponse:
    context = {"assessment": book.assessment, "questionnaire": found}
    return render(request, "assessments/nothing_asked.html", context)


def _sent(book: Workbook, shown: Page, data: QueryDict) -> tuple[Item, ...]:
    """The items of this page that a post carries, asked now or not."""
    items = (book.catalogue.item(item_id) for item_id in shown.asks)
    return tuple(item for item in items if f"{_name(item.id)}-version" in data)


def _asked(found: Questionnaire, page_id: str) -> tuple[Item, ...]:
    asked = found.page(page_id)
    return asked.items if asked else ()


def _open(request: HttpRequest, pk: UUID) -> Workbook:
    return workbook(get_for_questions(request.user, pk))


def _own_questionnaire(book: Workbook, slug: str) -> Questionnaire:
    """The questionnaire, for who may answer it."""
    found = _questionnaire(book, slug)
    if not can_answer_in(book.assessment, slug):
        raise PermissionDenied
    return found


def _questionnaire(book: Workbook, slug: str) -> Questionnaire:
    found = book.questionnaire(slug)
    if found is None:
        raise Http404
    return found


def _rows(book: Workbook, items: tuple[Item, ...]) -> list[Row]:
    return [Row(item, book) for item in items]


def _has_open(book: Workbook, asked: AskedPage) -> bool:
    return any(book.content(asked_item).state == "not_answered" for asked_item in asked.items)


def _name(item_id: str) -> str:
    return item_id.rpartition(".")[2]


def _context(book: Workbook, found: Questionnaire, shown: Page, form: QuestionnaireForm) -> dict[str, object]:
    ids = [page.page.id for page in found.pages]
    return {
        "assessment": book.assessment,
        "book": book,
        "questionnaire": found,
        "page": shown,
        "number": ids.index(shown.id) + 1 if shown.id in ids else None,
        "of": len(ids),
        "form": form,
        "standing": _standing(book, found),
        "has_matrix": found.slug in ABOUT_FORM_OR_ROUTE and book.catalogue.rules.compatibility is not None,
    }


def _standing(book: Workbook, here: Questionnaire) -> list[tuple[str, list[str], bool]]:
    """The colours as stored, for the panel beside the questions: title, both ends, whether this questionnaire's."""
    colours = book.assessment.colours
    rows = [("The whole", colours["overall"], False)]
    return rows + [
        (found.title, colours[found.slug], found == here) for found in book.questionnaires if found.slug in colours
    ]
