"""The action list as CSV, XLSX and calendar, read back by the readers that people's programs are built on."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from assessments.catalogue.schema import Catalogue, Stage
from assessments.models import Assessment, PlanItem, Service, User
from assessments.models.answer import Content
from assessments.models.plan import Agreement
from assessments.reports.action_table import HEAD, as_csv, as_xlsx
from assessments.services.plan import agree
from tests.factories import fact, level, make_assessment, save

LIST = "pensions.list"
MAKE = "pensions.make-the-list"
ASK = "pensions.ask-the-fund"
MAY = dt.date(2027, 5, 3)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0"]


@pytest.fixture
def assessment(alice: User, small_edition: Catalogue) -> Assessment:
    made = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(made, alice, {"schemes": fact(["lgps"]), "pensions.access": Content("not_met"), LIST: level(0)})
    return made


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def agreed(assessment: Assessment, action: str = MAKE, **given: Any) -> None:
    row = PlanItem.objects.filter(assessment=assessment, action=action).first()
    agree(
        assessment=assessment,
        by=assessment.lead,
        action=action,
        version=row.version if row else 0,
        agreement=Agreement(**given),
    )


def fetched(client: Client, assessment: Assessment, name: str) -> Any:
    response = client.get(reverse(name, args=[assessment.pk]))
    assert response.status_code == 200
    return response


def csv_rows(client: Client, assessment: Assessment) -> list[dict[str, str]]:
    content = fetched(client, assessment, "plan-csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_rows(content: bytes) -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_name("Actions").to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def events(client: Client, assessment: Assessment) -> list[Any]:
    return list(Calendar.from_ical(fetched(client, assessment, "plan-calendar").content).walk("VEVENT"))


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("plan-csv", "text/csv; charset=utf-8", "actions-riverside-family-hubs.csv"),
        (
            "plan-xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "actions-riverside-family-hubs.xlsx",
        ),
        ("plan-calendar", "text/calendar; charset=utf-8", "actions-riverside-family-hubs.ics"),
    ],
)
def test_served_as_a_file(assessment: Assessment, client: Client, name: str, kind: str, file: str) -> None:
    response = fetched(client, assessment, name)

    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="{file}"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["../..\r\nX: 1", "日本", '"; filename="x.exe'])
def test_name_of_the_file_is_harmless(assessment: Assessment, client: Client, name: str) -> None:
    Service.objects.update(name=name)

    header = fetched(client, assessment, "plan-csv")["Content-Disposition"]

    assert header.count('"') == 2
    assert header.endswith('.csv"')
    assert "\r" not in header


# Tables --------------------------------------------------------------------------------------------------------


def test_csv(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="doing", owner="Zoë, payroll", starts_on=dt.date(2027, 4, 1), due_on=MAY, note="a\nb")

    rows = {row["Action"]: row for row in csv_rows(client, assessment)}

    make, ask = rows["Make the list"], rows["Ask the fund"]
    assert tuple(make) == HEAD
    assert (make["Progress"], make["Who does it"], make["Note"]) == ("Doing", "Zoë, payroll", "a\nb")
    assert (make["Start"], make["Due"], make["Weeks, fewest"]) == ("2027-04-01", "2027-05-03", "1")
    assert (make["Likely start"], make["Likely finish"], make["Room, weeks"]) == ("2027-04-01", "2027-04-12", "0")
    assert ask["Likely start"] == "2027-04-12"
    assert (ask["Due"], ask["Waits for"], ask["Who does it"]) == ("", "Make the list", "Finance lead")
    assert make["Page"] == f"http://testserver{reverse('plan-action', args=[assessment.pk, MAKE])}"


def test_xlsx(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="doing", owner="Zoë", due_on=MAY)

    rows = {row["Action"]: row for row in xlsx_rows(fetched(client, assessment, "plan-xlsx").content)}

    make = rows["Make the list"]
    assert tuple(make) == HEAD
    assert (make["Progress"], make["Who does it"]) == ("Doing", "Zoë")
    assert make["Due"] == MAY
    assert (make["Weeks, fewest"], make["Weeks, most"]) == (1, 2)
    assert rows["Ask the fund"]["Due"] == ""


def test_xlsx_has_a_fixed_head_and_a_filter(assessment: Assessment, client: Client) -> None:
    content = fetched(client, assessment, "plan-xlsx").content

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter ref=" in sheet
    assert "<cols>" in sheet


def test_closed_and_refused_are_in_the_table(assessment: Assessment, client: Client) -> None:
    agreed(assessment, ASK, progress="will_not_do", reason="The parent asks.")
    agreed(assessment, owner="Jane")
    save(assessment, assessment.lead, {LIST: level(4, evidence="E3", evidence_date=timezone.localdate())})

    *_others, closed = csv_rows(client, assessment)

    assert (closed["Action"], closed["Progress"], closed["Priority"]) == ("Make the list", "Closed", "")
    assert closed["Closed on"] == timezone.localdate().isoformat()
    [refused] = [row for row in csv_rows(client, assessment) if row["Action"] == "Ask the fund"]
    assert (refused["Progress"], refused["Why it will not be done"]) == ("Will not do", "The parent asks.")


@pytest.mark.parametrize("typed", FORMULAS)
def test_csv_calculates_nothing(assessment: Assessment, client: Client, typed: str) -> None:
    agreed(assessment, owner=typed, note=typed)

    [make] = [row for row in csv_rows(client, assessment) if row["Action"] == "Make the list"]

    assert make["Who does it"] == make["Note"] == f"'{typed}"


@pytest.mark.parametrize("typed", [*FORMULAS, "http://evil.example/", "{=1}", "x" * 40_000])
def test_xlsx_calculates_nothing(typed: str) -> None:
    content = as_xlsx([[typed] * len(HEAD)], typed)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.namelist()
    [row] = xlsx_rows(content)
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert not [name for name in names if "externalLink" in name]
    assert set(row.values()) == {typed[:32_767]}


def test_empty_plan() -> None:
    assert as_csv([]).decode("utf-8-sig").splitlines() == [",".join(f'"{h}"' if "," in h else h for h in HEAD)]
    assert xlsx_rows(as_xlsx([], "Hubs")) == []


# Calendar ------------------------------------------------------------------------------------------------------


def test_calendar(assessment: Assessment, client: Client) -> None:
    agreed(assessment, progress="doing", owner="Zoë; payroll", starts_on=dt.date(2027, 4, 1), due_on=MAY, note="a\nb,c")

    [event] = events(client, assessment)

    assert event["summary"] == "Due: Make the list"
    # A day without a time: an event of the whole day, up to the day after.
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (MAY, dt.date(2027, 5, 4))
    for text in ("Who: Zoë; payroll", "Start: 1 April 2027", "Note: a\nb,c", "Progress: Doing"):
        assert text in event["description"]
    assert event["transp"] == "TRANSPARENT"
    assert event["sequence"] == 1
    assert event["url"].endswith(reverse("plan-action", args=[assessment.pk, MAKE]))


def test_calendar_again_moves_the_same_event(assessment: Assessment, client: Client) -> None:
    agreed(assessment, due_on=MAY)
    [first] = events(client, assessment)

    agreed(assessment, due_on=dt.date(2027, 6, 1))
    [second] = events(client, assessment)

    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]


def test_calendar_again_moves_what_an_answer_promises(assessment: Assessment, client: Client) -> None:
    def promised(date: dt.date) -> Any:
        save(assessment, assessment.lead, {LIST: Content("dont_know", who_knows="HR", know_by=date)})
        [event] = events(client, assessment)
        return event

    first, second = promised(MAY), promised(dt.date(2027, 6, 1))

    assert first["uid"] == second["uid"]
    assert second["dtstart"].dt == dt.date(2027, 6, 1)
    assert second["sequence"] > first["sequence"]


def test_calendar_of_another_assessment_has_other_events(assessment: Assessment, alice: User, client: Client) -> None:
    other = make_assessment(alice, edition="2099.1", stage=Stage.GO_LIVE)
    save(other, alice, {LIST: level(0)})
    agreed(assessment, due_on=MAY)
    agreed(other, due_on=MAY)

    assert events(client, assessment)[0]["uid"] != events(client, other)[0]["uid"]


@pytest.mark.parametrize("progress", ["done", "will_not_do"])
def test_calendar_leaves_out_what_is_not_open(assessment: Assessment, client: Client, progress: str) -> None:
    agreed(assessment, progress=progress, reason="Because", due_on=MAY)

    assert events(client, assessment) == []


def test_calendar_says_how_many_it_leaves_out(assessment: Assessment, client: Client) -> None:
    def undated() -> int:
        page = fetched(client, assessment, "plan").content.decode()
        found = re.search(r"(\d+) actions have no date yet, so the calendar file leaves them out", page)
        assert found
        return int(found[1])

    agreed(assessment, ASK, due_on=MAY)
    before = undated()

    agreed(assessment, due_on=MAY)

    assert undated() == before - 1


@pytest.mark.parametrize("typed", ["x\r\nEND:VEVENT\r\nBEGIN:VALARM", "a" * 199, "é" * 199])
def test_calendar_takes_what_is_typed_as_text(assessment: Assessment, client: Client, typed: str) -> None:
    Service.objects.update(name=typed)
    agreed(assessment, owner=typed, note=typed, due_on=MAY)

    content = fetched(client, assessment, "plan-calendar").content
    [event] = events(client, assessment)

    assert (content.count(b"\r\nBEGIN:"), content.count(b"\r\nEND:")) == (1, 2)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert typed.replace("\r\n", "\n") in event["description"].replace("\r\n", "\n")
