"""The floor's pages: get, check the owner, do the work, render. No form classes, no field packs, no services."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from tests.benchmarks.floor import questions
from tests.benchmarks.floor.models import Answer, Assessment, History, Report

FIELDS = ("state", "evidence", "evidence_date", "note", "reason", "who_knows", "know_by")


def _page(part_id: str, page_id: str) -> tuple[questions.Row, questions.Row, int]:
    for part in questions.PARTS:
        for number, page in enumerate(part["pages"]):
            if (part["id"], page["id"]) == (part_id, page_id):
                return part, page, number
    raise Http404


@login_required
def page(request: HttpRequest, pk: int, part_id: str, page_id: str) -> HttpResponse:
    assessment = get_object_or_404(Assessment.objects.defer("result"), pk=pk, owner=request.user)
    part, asked, number = _page(part_id, page_id)
    if request.method == "POST":
        return _save(request, assessment, part, asked, number)
    rows = {row.item: row for row in Answer.objects.filter(assessment=assessment)}
    items = [{**item, "row": rows.get(item["id"])} for item in asked["items"] if questions.shown(item, rows)]
    context = {
        "assessment": assessment,
        "part": part,
        "page": asked,
        "number": number + 1,
        "items": items,
        "parts": questions.progress(rows),
        "colours": assessment.colours.get(part_id),
        "evidence": questions.EVIDENCE,
    }
    return render(request, "floor/page.html", context)


def _save(
    request: HttpRequest, assessment: Assessment, part: questions.Row, asked: questions.Row, number: int
) -> HttpResponse:
    with transaction.atomic():
        locked = Assessment.objects.select_for_update().defer("result").get(pk=assessment.pk)
        rows = {row.item: row for row in Answer.objects.filter(assessment=locked)}
        changed = []
        for item in asked["items"]:
            new = _row(request, locked, item)
            old = rows.get(item["id"])
            if old is not None and all(getattr(old, field) == getattr(new, field) for field in FIELDS):
                continue
            if new.version != (old.version if old else 0):
                return HttpResponse(status=409)
            new.version += 1
            changed.append(new)
            rows[new.item] = new
        if changed:
            update = [*FIELDS, "version", "changed_by", "changed_at"]
            Answer.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["assessment", "item"], update_fields=update
            )
            History.objects.bulk_create([_history(locked, request, row) for row in changed])
            locked.result = questions.score({row.item: (row.state, row.evidence) for row in rows.values()})
            locked.colours = {part["id"]: [part["worst"], part["best"]] for part in locked.result["parts"]}
            locked.save(update_fields=["result", "colours", "changed_at"])
    following = part["pages"][number + 1 :]
    return (
        redirect("page", assessment.pk, part["id"], following[0]["id"])
        if following
        else redirect("result", assessment.pk)
    )


def _row(request: HttpRequest, assessment: Assessment, item: questions.Row) -> Answer:
    name = item["name"]
    given = request.POST
    state = given.get(f"{name}-state", "")
    if state and state not in dict(item["choices"]):
        raise Http404
    return Answer(
        assessment=assessment,
        item=item["id"],
        state=state,
        evidence=given[f"{name}-evidence"],
        evidence_date=_date(request, f"{name}-evidence_date"),
        note=given[f"{name}-note"].replace("\r\n", "\n").strip(),
        reason=given[f"{name}-reason"].replace("\r\n", "\n").strip(),
        who_knows=given[f"{name}-who_knows"].strip(),
        know_by=_date(request, f"{name}-know_by"),
        version=int(given[f"{name}-version"]),
        changed_by_id=request.user.pk,
    )


def _date(request: HttpRequest, name: str) -> dt.date | None:
    day, month, year = (request.POST[f"{name}-{part}"] for part in ("day", "month", "year"))
    return dt.date(int(year), int(month), int(day)) if day and month and year else None


def _history(assessment: Assessment, request: HttpRequest, row: Answer) -> History:
    same: dict[str, Any] = {field: getattr(row, field) for field in FIELDS}
    return History(
        assessment_id=assessment.pk, item=row.item, version=row.version, changed_by_id=request.user.pk, **same
    )


@login_required
def result(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = get_object_or_404(Assessment, pk=pk, owner=request.user)
    return render(request, "floor/result.html", {"assessment": assessment, "result": assessment.result})


@login_required
def portfolio(request: HttpRequest) -> HttpResponse:
    base = Assessment.objects.filter(adviser=request.user)
    rows = base.select_related("client").only("title", "colours", "changed_at", "client__name")
    context = {"rows": rows.order_by("-changed_at")[:50], "total": base.count()}
    return render(request, "floor/portfolio.html", context)


@login_required
def kept(request: HttpRequest, pk: int) -> HttpResponseBase:
    report = get_object_or_404(Report, assessment=pk, assessment__owner=request.user)
    if request.headers.get("If-None-Match") == report.key:
        return HttpResponse(status=304)
    return FileResponse(report.pdf.open(), content_type="application/pdf", headers={"ETag": report.key})


urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("assessments/<int:pk>/result/", result, name="result"),
    path("assessments/<int:pk>/report.pdf", kept, name="kept"),
    path("assessments/<int:pk>/<slug:part_id>/<slug:page_id>/", page, name="page"),
]
