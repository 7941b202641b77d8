"""Comments on a question or gate, in threads."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.comments import ReplyForm, ThreadForm
from assessments.http import signed_in
from assessments.models import Assessment, Thread
from assessments.permissions import can_comment, get_for
from assessments.selectors.comments import ThreadLine, ThreadsPage, firms_in, thread_for, threads_of
from assessments.services import comments


@require_safe
def threads(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All of them. Those on questions that are not asked any more stay."""
    page = ThreadsPage(_assessment(request, pk), resolved_too=request.GET.get("show") == "all")
    return render(request, "together/threads.html", {"assessment": page.assessment, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def open_thread(request: HttpRequest, pk: UUID, item_id: str) -> HttpResponse:
    """What has been said about one question or gate, and a new thread about it."""
    assessment = _assessment(request, pk)
    item = assessment.catalogue.items.get(item_id)
    if item is None:
        raise Http404
    form = ThreadForm(request.POST or None, assessment=assessment, firms=firms_in(assessment))
    if not (form.is_bound and form.is_valid()):
        lines = [ThreadLine(thread, item, "") for thread in threads_of(assessment, item_id)]
        context = {"assessment": assessment, "item": item, "lines": lines, "form": form}
        return render(request, "together/thread_open.html", context)
    audience, firm = form.audience_given
    opened = comments.open_thread(
        assessment=assessment,
        by=signed_in(request),
        item=item_id,
        audience=audience,
        firm=firm,
        text=form.cleaned_data["text"],
    )
    messages.success(request, "Your comment is added.")
    return redirect("thread", pk, opened.pk)


@require_safe
def thread(request: HttpRequest, pk: UUID, thread_pk: UUID) -> HttpResponse:
    return _show(request, _thread(request, pk, thread_pk), ReplyForm(action=_reply_address(pk, thread_pk)))


@require_POST
def reply(request: HttpRequest, pk: UUID, thread_pk: UUID) -> HttpResponse:
    found = _thread(request, pk, thread_pk)
    form = ReplyForm(request.POST, action=_reply_address(pk, thread_pk))
    if not form.is_valid():
        return _show(request, found, form)
    was_resolved = found.resolved_at is not None
    comments.reply(thread=found, by=signed_in(request), text=form.cleaned_data["text"])
    messages.success(request, "Your reply is added, and the thread is open again." if was_resolved else "Reply added.")
    return redirect("thread", pk, thread_pk)


@require_POST
def resolve(request: HttpRequest, pk: UUID, thread_pk: UUID) -> HttpResponse:
    comments.resolve(thread=_thread(request, pk, thread_pk), by=signed_in(request))
    messages.success(request, "Resolved. The thread is kept, and anybody in it can open it again.")
    return redirect("thread", pk, thread_pk)


@require_POST
def reopen(request: HttpRequest, pk: UUID, thread_pk: UUID) -> HttpResponse:
    comments.reopen(thread=_thread(request, pk, thread_pk), by=signed_in(request))
    messages.success(request, "The thread is open again.")
    return redirect("thread", pk, thread_pk)


def _reply_address(pk: UUID, thread_pk: UUID) -> str:
    return reverse("thread-reply", args=[pk, thread_pk])


def _show(request: HttpRequest, found: Thread, form: ReplyForm) -> HttpResponse:
    item = found.assessment.catalogue.items.get(found.item)
    line = ThreadLine(found, item, "")
    context = {"assessment": found.assessment, "thread": found, "line": line, "item": item, "form": form}
    return render(request, "together/thread.html", context)


def _assessment(request: HttpRequest, pk: UUID) -> Assessment:
    return get_for(request.user, pk, can_comment, Assessment.objects.defer("result"))


def _thread(request: HttpRequest, pk: UUID, thread_pk: UUID) -> Thread:
    return thread_for(_assessment(request, pk), thread_pk)
