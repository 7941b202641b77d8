"""Evidence: links and files for answers, who may add and who may fetch them, and what is refused."""

import datetime as dt
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Assessment, EvidenceItem, Review, Submission, User
from assessments.models.answer import EMPTY, Content
from assessments.services.evidence import Kept, Said, add
from assessments.uploads import LARGEST, Code
from assessments.uploads.refusals import MESSAGES
from tests.factories import (
    fact,
    level,
    make_answer,
    make_assessment,
    make_engagement,
    make_firm,
    make_participation,
    make_user,
    save,
)
from tests.uploads import good, hostile
from tests.views.browser import sent_by

COST = "pensions.cost-in-model"
GATE = "pensions.rate-from-the-fund"
MINUTES = {
    "title": "Minutes of 12 May",
    "grade": "E2",
    "dated-day": "12",
    "dated-month": "5",
    "dated-year": "2026",
}
LINK = "https://www.example.org/minutes?of=12-may#decided"
# Made once: its number differs each time.
PDF = good.pdf()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def add_url(assessment: Assessment, item: str = COST) -> str:
    return reverse("evidence-add", args=[assessment.pk, item])


def url(name: str, piece: EvidenceItem) -> str:
    return reverse(name, args=[piece.assessment_id, piece.pk])


def shown(response: Any) -> str:
    return unescape(response.content.decode())


def pdf(content: bytes | None = None, name: str = "minutes.pdf", claimed: str = "application/pdf") -> Any:
    return SimpleUploadedFile(name, PDF if content is None else content, claimed)


def content(item: str = COST) -> Content:
    row = Answer.objects.filter(item=item).first()
    return row.content if row else EMPTY


def stored(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def make_link(assessment: Assessment, item: str = COST, grade: str = "E2", **given: Any) -> EvidenceItem:
    said = Said(given.get("title", "Minutes of 12 May"), grade, given.get("dated", dt.date(2026, 5, 12)))
    kept = add(assessment=assessment, by=assessment.lead, item=item, said=said, link=given.get("link", LINK))
    assert isinstance(kept, Kept)
    return kept.piece


@pytest.fixture
def filed(assessment: Assessment, client: Client) -> EvidenceItem:
    """A PDF that Alice has added."""
    client.post(add_url(assessment), MINUTES | {"file": pdf()})
    return EvidenceItem.objects.get()


# Adding --------------------------------------------------------------------------------------------------------


def test_add_a_link(assessment: Assessment, client: Client) -> None:
    response = client.post(add_url(assessment), MINUTES | {"link": LINK}, follow=True)

    page = response.content.decode()
    piece = EvidenceItem.objects.get()
    assert (piece.item, piece.title, piece.grade, piece.dated) == (
        COST,
        "Minutes of 12 May",
        "E2",
        dt.date(2026, 5, 12),
    )
    assert f'href="{LINK}" rel="noopener noreferrer nofollow">Minutes of 12 May</a> (link to www.example.org)' in page
    assert "Added by Alice Archer" in page


def test_add_a_file(assessment: Assessment, client: Client, files: Path) -> None:
    sent = PDF

    response = client.post(add_url(assessment), MINUTES | {"file": pdf(sent)}, follow=True)

    piece = EvidenceItem.objects.get()
    assert (piece.file_name, piece.content_type, piece.size) == ("minutes.pdf", "application/pdf", len(sent))
    assert stored(files) == [files / "evidence" / str(assessment.pk) / str(piece.pk)]
    assert stored(files)[0].read_bytes() == sent
    assert "Minutes of 12 May</a> (PDF, 1 kB)" in response.content.decode()


def test_file_above_what_is_kept_in_memory(assessment: Assessment, client: Client, files: Path) -> None:
    """Three megabytes wait on disk while they arrive, and are moved to where they stay."""
    large = good.picture("PNG")
    large = large[:-12] + hostile.chunk(b"teSt", bytes(3_000_000)) + large[-12:]

    client.post(add_url(assessment), MINUTES | {"file": pdf(large, "scan.png", "image/png")})

    assert EvidenceItem.objects.get().size == len(large)
    assert stored(files)[0].read_bytes() == large
    assert stored(files)[0].stat().st_mode & 0o077 == 0


def test_proof_before_the_answer(assessment: Assessment, client: Client) -> None:
    client.post(add_url(assessment), MINUTES | {"link": LINK})

    assert content() == Content(evidence="E2", evidence_date=dt.date(2026, 5, 12))
    page = client.get(reverse("question-page", args=[assessment.pk, "pensions", "model"]))
    assert sent_by(page)["cost-in-model-evidence"] == ["E2"]


def test_proof_of_a_gate(assessment: Assessment, client: Client) -> None:
    make_answer(assessment, GATE, Content("met", note="By letter"))

    client.post(add_url(assessment, GATE), MINUTES | {"link": LINK})

    assert content(GATE) == Content("met", note="By letter", evidence="E2", evidence_date=dt.date(2026, 5, 12))


BETTER = [
    ("", None),
    ("E0", None),
    ("E1", dt.date(2026, 9, 1)),
    ("E2", None),
    ("E2", dt.date(2026, 5, 11)),
]
NO_BETTER = [("E2", dt.date(2026, 5, 12)), ("E2", dt.date(2026, 6, 1)), ("E3", dt.date(2020, 1, 1)), ("E3", None)]


@pytest.mark.parametrize(("grade", "dated"), BETTER)
def test_better_proof_raises_the_answer(
    assessment: Assessment, client: Client, grade: str, dated: dt.date | None
) -> None:
    make_answer(assessment, COST, level(3, evidence=grade, evidence_date=dated))
    before = Assessment.objects.get().fingerprint

    response = client.post(add_url(assessment), MINUTES | {"link": LINK}, follow=True)

    assert content() == level(3, evidence="E2", evidence_date=dt.date(2026, 5, 12))
    assert Assessment.objects.get().fingerprint != before
    proof = "The proof named with the answer is now: An approved document, or the minute of a decision, 12 May 2026."
    assert proof in shown(response)


@pytest.mark.parametrize(("grade", "dated"), NO_BETTER)
def test_no_better_proof_leaves_the_answer(
    assessment: Assessment, client: Client, grade: str, dated: dt.date | None
) -> None:
    make_answer(assessment, COST, level(3, evidence=grade, evidence_date=dated))

    response = client.post(add_url(assessment), MINUTES | {"link": LINK}, follow=True)

    assert content() == level(3, evidence=grade, evidence_date=dated)
    assert Answer.objects.get().version == 1
    assert "is now" not in shown(response)


def test_answer_reviewed_before_is_not_reviewed_with_other_proof(assessment: Assessment, client: Client) -> None:
    Assessment.objects.update(is_reviewed=True)

    client.post(add_url(assessment), MINUTES | {"link": LINK})

    assert not Assessment.objects.get().is_reviewed


def test_answers_typed_beside_it_are_saved(assessment: Assessment, client: Client) -> None:
    """The way to evidence opens a window beside the page of questions; what is typed there does not collide."""
    questions = reverse("question-page", args=[assessment.pk, "pensions", "model"])
    tab = sent_by(client.get(questions))
    client.post(add_url(assessment), MINUTES | {"link": LINK})

    response = client.post(questions, tab | {"cost-in-model-state": "3", "cost-in-model-note": "See the minutes"})

    assert response.status_code == 302
    assert content() == level(3, note="See the minutes", evidence="E2", evidence_date=dt.date(2026, 5, 12))


def test_other_proof_typed_beside_it_is_asked_about(assessment: Assessment, client: Client) -> None:
    questions = reverse("question-page", args=[assessment.pk, "pensions", "model"])
    tab = sent_by(client.get(questions))
    client.post(add_url(assessment), MINUTES | {"link": LINK})

    response = client.post(questions, tab | {"cost-in-model-state": "3", "cost-in-model-evidence": "E1"})

    assert response.status_code == 409
    assert content().evidence == "E2"


def test_evidence_changed_while_somebody_else_answers_differently(
    assessment: Assessment, client: Client, bob: User
) -> None:
    """Only the proof may slip under a page that is open; another answer is still told."""
    questions = reverse("question-page", args=[assessment.pk, "pensions", "model"])
    tab = sent_by(client.get(questions))
    client.post(add_url(assessment), MINUTES | {"link": LINK})
    save(assessment, bob, {COST: level(1, evidence="E2", evidence_date=dt.date(2026, 5, 12))})

    response = client.post(questions, tab | {"cost-in-model-state": "3"})

    assert response.status_code == 409
    assert content().level == 1


# What is refused -----------------------------------------------------------------------------------------------


TOMORROW = timezone.localdate() + dt.timedelta(days=1)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "Give a link, or choose a file"),
    ({"link": "javascript:alert(1)"}, "The link must begin with https:// or http://"),
    ({"link": "data:text/html,<script>alert(1)</script>"}, "The link must begin with https:// or http://"),
    ({"link": "ftp://files.example.org/a"}, "The link must begin with https:// or http://"),
    ({"link": "//evil.example/"}, "The link must begin with https:// or http://"),
    ({"link": "www.example.org"}, "The link must begin with https:// or http://"),
    ({"link": "https://"}, "Enter a whole address"),
    ({"link": "https://[::1"}, "Enter a whole address"),
    ({"link": "https://example.org:99999/"}, "Enter a whole address"),
    ({"link": "https://example.org/a b"}, "Enter a whole address"),
    ({"link": "https://example.org/\u202etxt"}, "Enter a whole address"),
    ({"link": "https://www.gov.uk@evil.example/"}, "before the @"),
    ({"link": "https://example.org/" + "x" * 2000}, "2,000 characters or fewer"),
    ({"link": "https://example.org/\x00"}, "Null characters are not allowed"),
    ({"link": LINK, "title": ""}, "Say what it is"),
    ({"link": LINK, "title": "x" * 201}, "must be 200 characters or fewer"),
    ({"link": LINK, "title": "a\x00b"}, "Null characters are not allowed"),
    ({"link": LINK, "grade": ""}, "Choose what kind of proof it is"),
    ({"link": LINK, "grade": "E0"}, "Choose what kind of proof it is"),
    ({"link": LINK, "grade": "E9"}, "Choose what kind of proof it is"),
    ({"link": LINK, "dated-day": ""}, "Date of the evidence must include a day"),
    ({"link": LINK, "dated-day": "", "dated-month": "", "dated-year": ""}, "Enter the date of the evidence"),
    ({"link": LINK, "dated-year": "1999"}, "Date of the evidence must be 1 January 2000 or later"),
    (
        {"link": LINK, "dated-day": TOMORROW.day, "dated-month": TOMORROW.month, "dated-year": TOMORROW.year},
        "or earlier",
    ),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_wrong_input(assessment: Assessment, client: Client, wrong: dict[str, Any], message: str) -> None:
    response = client.post(add_url(assessment), MINUTES | wrong)

    page = shown(response)
    assert response.status_code == 200
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert message in page
    assert not EvidenceItem.objects.exists()
    assert not Answer.objects.exists()


def test_link_and_file_at_once(assessment: Assessment, client: Client, files: Path) -> None:
    response = client.post(add_url(assessment), MINUTES | {"link": LINK, "file": pdf()})

    assert "Give a link or a file, not both" in shown(response)
    assert stored(files) == []


def test_file_has_to_be_chosen_again(assessment: Assessment, client: Client, files: Path) -> None:
    """A browser sends a file once: a page that comes back for another reason must say so."""
    response = client.post(add_url(assessment), MINUTES | {"file": pdf(), "title": ""})

    assert "Choose the file again" in shown(response)
    assert stored(files) == []


HOSTILE: list[tuple[str, Callable[[], bytes], str, Code]] = [
    ("a program that is called PDF", hostile.as_is(hostile.WINDOWS_PROGRAM), "minutes.pdf", Code.PROGRAM),
    ("a web page that is called PDF", hostile.as_is(hostile.HTML), "minutes.pdf", Code.WEB_PAGE),
    ("SVG with a script", hostile.as_is(hostile.SVG), "chart.png", Code.WEB_PAGE),
    ("a bomb", hostile.zip_bomb, "minutes.docx", Code.BOMB),
    ("paths in an office file", hostile.word_part("../../etc/cron.d/x", b"x"), "minutes.docx", Code.PATHS),
    ("macros", hostile.word_part("word/vbaProject.bin", b"x"), "minutes.docx", Code.MACROS),
    ("a script in a PDF", hostile.pdf_with(hostile.script_on_opening), "minutes.pdf", Code.ACTIVE),
    ("a picture that is a PDF too", hostile.jpeg_with_pdf_inside, "photo.jpg", Code.TWO_IN_ONE),
    ("a picture of 3.6 thousand million pixels", hostile.image_bomb, "photo.png", Code.PIXELS),
    ("half a PDF", lambda: PDF[:300], "minutes.pdf", Code.DAMAGED),
    ("nothing", hostile.as_is(b""), "minutes.pdf", Code.EMPTY),
    ("a byte too much", hostile.as_is(b"%PDF-1.7" + bytes(LARGEST)), "minutes.pdf", Code.TOO_LARGE),
    ("far too much", hostile.as_is(b"%PDF-1.7" + bytes(2 * LARGEST)), "minutes.pdf", Code.TOO_LARGE),
]


@pytest.mark.parametrize(("build", "name", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_file(
    assessment: Assessment, client: Client, files: Path, build: Callable[[], bytes], name: str, code: Code
) -> None:
    response = client.post(add_url(assessment), MINUTES | {"file": pdf(build(), name)})

    page = shown(response)
    assert response.status_code == 200
    assert MESSAGES[code] in page
    assert '<a href="#id_file">' in response.content.decode()
    assert sent_by(response)["title"] == [MINUTES["title"]]
    assert not EvidenceItem.objects.exists()
    assert stored(files) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Windows\\system32\\minutes.pdf", "minutes.pdf"),
        ("minutes.html", "minutes.html.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("CON.pdf", "evidence-CON.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ('a".pdf; filename=evil.html', "a-.pdf- filename=evil.html.pdf"),
    ],
)
def test_hostile_name(assessment: Assessment, client: Client, files: Path, name: str, kept: str) -> None:
    """What the sender calls a file is no place on our disk, and harmless where it is offered again."""
    body, kind = multipart({**MINUTES}, [("file", name, PDF)])

    client.post(add_url(assessment), body, content_type=kind)

    piece = EvidenceItem.objects.get()
    assert piece.file_name == kept
    assert stored(files) == [files / "evidence" / str(assessment.pk) / str(piece.pk)]


def multipart(fields: dict[str, str], sent: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """A form as a browser sends it, but with names that no browser's own library would send."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
        for key, text in fields.items()
    ]
    for field, name, data in sent:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b"


def test_upload_cut_off(assessment: Assessment, client: Client, files: Path) -> None:
    body, kind = multipart({**MINUTES}, [("file", "minutes.pdf", PDF)])

    response = client.post(add_url(assessment), body[: len(body) - 300], content_type=kind)

    assert response.status_code == 200
    assert "There is a problem" in shown(response)
    assert stored(files) == []


def test_too_many_files_at_once(assessment: Assessment, client: Client) -> None:
    body, kind = multipart({**MINUTES}, [("file", "minutes.pdf", b"%PDF-")] * 21)

    assert client.post(add_url(assessment), body, content_type=kind).status_code == 400


def test_several_files_larger_than_one_may_be(assessment: Assessment, client: Client, files: Path) -> None:
    """What comes behind the first 20 MB is let go while it arrives; a file that is not whole is not kept."""
    cut = good.jpeg_of_a_phone()
    body, kind = multipart(
        {**MINUTES}, [("other", "a.bin", bytes(LARGEST + 1 - len(good.jpeg()))), ("file", "p.jpg", cut)]
    )

    response = client.post(add_url(assessment), body, content_type=kind)

    assert "There is a problem" in shown(response)
    assert stored(files) == []


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=\xff", "multipart/form-data; boundary=x"]
)
def test_form_that_cannot_be_read(assessment: Assessment, client: Client, kind: str) -> None:
    response = client.post(add_url(assessment), b"--b\r\nnonsense", content_type=kind)

    assert response.status_code in (200, 400)
    assert not EvidenceItem.objects.exists()


def test_same_again(assessment: Assessment, client: Client, files: Path) -> None:
    """Whoever presses the button twice adds it once."""
    client.post(add_url(assessment), MINUTES | {"file": pdf()})
    client.post(add_url(assessment), MINUTES | {"link": LINK})

    file = client.post(add_url(assessment), MINUTES | {"file": pdf(name="other.pdf")})
    link = client.post(add_url(assessment), MINUTES | {"link": LINK})

    assert "This file is evidence for this question already: “Minutes of 12 May”" in shown(file)
    assert "This link is evidence for this question already: “Minutes of 12 May”" in shown(link)
    assert EvidenceItem.objects.count() == 2
    assert len(stored(files)) == 1


def test_most_for_one_question(assessment: Assessment, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.services.evidence.MOST_PER_ITEM", 1)
    make_link(assessment)

    full = client.post(add_url(assessment), MINUTES | {"link": "https://example.org/2"})
    other = client.post(add_url(assessment, GATE), MINUTES | {"link": LINK})

    assert "This question has 1 pieces of evidence, which is the most" in shown(full)
    assert sent_by(full)["title"] == [MINUTES["title"]]
    assert other.status_code == 302
    assert EvidenceItem.objects.count() == 2


def test_most_for_one_assessment(
    assessment: Assessment, client: Client, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.services.evidence.MOST_BYTES", 1_500)
    client.post(add_url(assessment), MINUTES | {"file": pdf()})

    full = client.post(add_url(assessment, GATE), MINUTES | {"file": pdf(good.png(), "a.png")})
    link = client.post(add_url(assessment, GATE), MINUTES | {"link": LINK})

    assert "All files of this assessment together may have" in shown(full)
    assert link.status_code == 302
    assert len(stored(files)) == 1


# Fetching a file -----------------------------------------------------------------------------------------------


def fetched(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_file_is_served_to_be_saved_only(filed: EvidenceItem, client: Client) -> None:
    response = client.get(url("evidence-file", filed))

    assert fetched(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize(
    ("sent", "name", "claimed", "kind", "offered"),
    [
        (lambda: PDF, "minutes.html", "text/html", "application/pdf", 'filename="minutes.html.pdf"'),
        (good.png, "photo.svg", "image/svg+xml", "image/png", 'filename="photo.svg.png"'),
        (good.jpeg, "Café £5.png", "text/javascript", "image/jpeg", "filename*=utf-8''Caf%C3%A9%20%C2%A35.jpg"),
    ],
)
def test_neither_name_nor_type_is_believed(
    assessment: Assessment,
    client: Client,
    sent: Callable[[], bytes],
    name: str,
    claimed: str,
    kind: str,
    offered: str,
) -> None:
    client.post(add_url(assessment), MINUTES | {"file": pdf(sent(), name, claimed)})

    response = client.get(url("evidence-file", EvidenceItem.objects.get()))

    fetched(response)
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f"attachment; {offered}"


def test_no_address_leads_to_the_file_itself(filed: EvidenceItem, client: Client) -> None:
    for place in (filed.file.name, f"static/{filed.file.name}", f"media/{filed.file.name}", f"files/{filed.file.name}"):
        assert client.get(f"/{place}").status_code == 404


def test_link_is_no_file(assessment: Assessment, client: Client) -> None:
    assert client.get(url("evidence-file", make_link(assessment))).status_code == 404


def test_file_is_missing(filed: EvidenceItem, client: Client, files: Path) -> None:
    stored(files)[0].unlink()

    response = client.get(url("evidence-file", filed))

    assert response.status_code == 404
    assert "This file cannot be downloaded" in shown(response)
    assert "Minutes of 12 May" in shown(response)


def test_file_is_another(filed: EvidenceItem, client: Client, files: Path) -> None:
    """Somebody with access to the disk has put another in its place."""
    stored(files)[0].write_bytes(hostile.HTML)

    response = client.get(url("evidence-file", filed))

    assert response.status_code == 404
    assert "This file cannot be downloaded" in shown(response)


def test_link_that_no_form_has_let_in(assessment: Assessment, client: Client) -> None:
    """An import or a hand in the database may have written it; no page makes a link of it."""
    piece = make_link(assessment)
    EvidenceItem.objects.filter(pk=piece.pk).update(link="javascript:alert(1)")

    page = client.get(reverse("evidence", args=[assessment.pk])).content.decode()

    assert 'href="javascript' not in page
    assert "Minutes of 12 May (javascript:alert(1))" in page


# Changing and removing -----------------------------------------------------------------------------------------


def test_change(filed: EvidenceItem, client: Client) -> None:
    page = client.get(url("evidence-change", filed))

    response = client.post(
        url("evidence-change", filed), sent_by(page) | {"title": "Letter", "grade": "E3"}, follow=True
    )

    filed.refresh_from_db()
    assert (filed.title, filed.grade, filed.dated, filed.file_name) == (
        "Letter",
        "E3",
        dt.date(2026, 5, 12),
        "minutes.pdf",
    )
    assert content().evidence == "E3"
    assert "The proof named with the answer is now: Written confirmation" in shown(response)


def test_change_to_less(filed: EvidenceItem, client: Client) -> None:
    page = client.get(url("evidence-change", filed))

    response = client.post(url("evidence-change", filed), sent_by(page) | {"grade": "E1"}, follow=True)

    assert EvidenceItem.objects.get().grade == "E1"
    assert content().evidence == "E2"
    assert "The answer keeps the proof that it names." in shown(response)
    assert f'href="{reverse("question-item", args=[filed.assessment_id, COST])}">Look at it</a>' in shown(response)


def test_title_alone_leaves_an_answer_that_was_lowered(filed: EvidenceItem, client: Client) -> None:
    """Somebody has thought again about the answer; another title is no reason to raise it once more."""
    save(filed.assessment, filed.assessment.lead, {COST: level(2, evidence="E1")})
    page = client.get(url("evidence-change", filed))

    client.post(url("evidence-change", filed), sent_by(page) | {"title": "Letter"})

    assert content().evidence == "E1"


def test_change_by_two(filed: EvidenceItem, client: Client, bob: User, signed_in: Callable[[User], Client]) -> None:
    make_participation(filed.assessment, bob, "contributor", ["pensions"])
    hers = sent_by(client.get(url("evidence-change", filed)))
    his_client = signed_in(bob)
    his = sent_by(his_client.get(url("evidence-change", filed)))
    his_client.post(url("evidence-change", filed), his | {"title": "His title", "grade": "E3"})

    asked = client.post(url("evidence-change", filed), hers | {"title": "Her title"})

    assert asked.status_code == 409
    assert "Bob Baker changed this evidence after you opened this page" in shown(asked)
    assert "It says now: His title. Written confirmation" in shown(asked)
    assert EvidenceItem.objects.get().title == "His title"
    again = client.post(url("evidence-change", filed), sent_by(asked))
    assert again.status_code == 302
    assert (EvidenceItem.objects.get().title, EvidenceItem.objects.get().grade) == ("Her title", "E2")


def test_change_from_a_page_that_lost_what_it_showed(filed: EvidenceItem, client: Client) -> None:
    response = client.post(url("evidence-change", filed), MINUTES | {"title": "Letter"})

    assert response.status_code == 409
    assert EvidenceItem.objects.get().title == MINUTES["title"]


def test_remove_asks_first(filed: EvidenceItem, client: Client, files: Path) -> None:
    response = client.get(url("evidence-remove", filed))

    assert "Remove this evidence?" in shown(response)
    assert EvidenceItem.objects.exists()
    assert len(stored(files)) == 1


def test_remove(filed: EvidenceItem, client: Client, files: Path, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as after_commit:
        response = client.post(url("evidence-remove", filed), follow=True)

    before_commit = stored(files)
    [callback() for callback in after_commit]
    assert len(before_commit) == 1
    assert stored(files) == []
    assert not EvidenceItem.objects.exists()
    assert content().evidence == "E2"
    assert "The answer keeps the proof that it names." in shown(response)
    assert client.post(url("evidence-remove", filed)).status_code == 404


def test_history_keeps_who_added_and_who_removed(
    filed: EvidenceItem, client: Client, bob: User, signed_in: Callable[[User], Client]
) -> None:
    make_participation(filed.assessment, bob, "contributor", ["pensions"])

    signed_in(bob).post(url("evidence-remove", filed))

    events = EvidenceItem.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.pgh_label, event.title, event.pgh_context.metadata["user"]) for event in events] == [
        ("insert", "Minutes of 12 May", filed.assessment.lead_id),
        ("delete", "Minutes of 12 May", bob.pk),
    ]


def test_who_added_it_stays_when_somebody_changes_it(
    filed: EvidenceItem, client: Client, bob: User, signed_in: Callable[[User], Client]
) -> None:
    make_participation(filed.assessment, bob, "contributor", ["pensions"])
    his = signed_in(bob)
    his.post(url("evidence-change", filed), sent_by(his.get(url("evidence-change", filed))) | {"title": "Letter"})

    page = shown(client.get(reverse("evidence", args=[filed.assessment_id])))

    assert "Added by Alice Archer" in page
    assert "Bob Baker" not in page


# Who -----------------------------------------------------------------------------------------------------------


PIECE_PAGES = ["evidence-file", "evidence-change", "evidence-remove"]


def statuses(client: Client, piece: EvidenceItem) -> dict[str, int]:
    pages = {name: url(name, piece) for name in PIECE_PAGES}
    pages |= {"evidence": reverse("evidence", args=[piece.assessment_id]), "evidence-add": add_url(piece.assessment)}
    return {name: status(client.get(page)) for name, page in pages.items()}


def status(response: Any) -> int:
    """Read to its end, a file is closed."""
    list(response.streaming_content if response.streaming else ())
    return int(response.status_code)


NOTHING = dict.fromkeys([*PIECE_PAGES, "evidence", "evidence-add"], 404)
TO_READ = {"evidence": 200, "evidence-file": 200, "evidence-add": 403, "evidence-change": 403, "evidence-remove": 403}


def test_stranger(filed: EvidenceItem, charlie: User, signed_in: Callable[[User], Client]) -> None:
    assert statuses(signed_in(charlie), filed) == NOTHING


def test_ended_engagement(filed: EvidenceItem, charlie: User, signed_in: Callable[[User], Client]) -> None:
    engagement = make_engagement(filed.assessment, make_firm(charlie))
    client = signed_in(User.objects.get(pk=charlie.pk))
    before = statuses(client, filed)
    engagement.ended_at, engagement.ended_by = timezone.now(), filed.assessment.lead
    engagement.save()

    assert before == TO_READ
    assert statuses(client, filed) == NOTHING


def test_reader(filed: EvidenceItem, bob: User, signed_in: Callable[[User], Client]) -> None:
    make_participation(filed.assessment, bob, "reader")
    client = signed_in(bob)

    assert statuses(client, filed) == TO_READ
    assert client.post(add_url(filed.assessment), MINUTES | {"link": LINK}).status_code == 403
    assert client.post(url("evidence-remove", filed)).status_code == 403
    page = shown(client.get(reverse("evidence", args=[filed.assessment_id])))
    assert "Remove" not in page
    assert "Change" not in page
    assert EvidenceItem.objects.count() == 1


@pytest.mark.parametrize(("theirs", "expected"), [("pensions", 200), ("workforce-and-unions", 403)])
def test_contributor(
    filed: EvidenceItem, bob: User, signed_in: Callable[[User], Client], theirs: str, expected: int
) -> None:
    make_participation(filed.assessment, bob, "contributor", [theirs])

    assert statuses(signed_in(bob), filed) == {
        **TO_READ,
        "evidence-add": expected,
        "evidence-change": expected,
        "evidence-remove": expected,
    }


@pytest.mark.parametrize("name", PIECE_PAGES)
def test_guessed_address(name: str, filed: EvidenceItem, client: Client) -> None:
    assert client.get(reverse(name, args=[filed.assessment_id, uuid4()])).status_code == 404
    assert client.post(reverse(name, args=[filed.assessment_id, uuid4()])).status_code in (404, 405)


@pytest.mark.parametrize("name", PIECE_PAGES)
def test_piece_of_another_assessment(
    name: str, filed: EvidenceItem, charlie: User, signed_in: Callable[[User], Client]
) -> None:
    his = make_assessment(charlie, organisation_name="Elsewhere Council")
    client = signed_in(charlie)

    assert client.get(reverse(name, args=[his.pk, filed.pk])).status_code == 404
    assert client.post(reverse(name, args=[his.pk, filed.pk])).status_code in (404, 405)
    assert EvidenceItem.objects.count() == 1


@pytest.mark.parametrize("item", ["sector", "gone", "pensions.gone", "a%00b", "../../etc", "x" * 3000])
def test_nothing_to_prove(item: str, assessment: Assessment, client: Client) -> None:
    """A fact needs no proof, and what is not in the catalogue has none."""
    page = f"/assessments/{assessment.pk}/item/{item}/evidence/"

    assert client.get(page).status_code == 404
    assert client.post(page, MINUTES | {"link": LINK}).status_code == 404


def under_review(assessment: Assessment, adviser: User, items: list[str]) -> Review:
    """Submitted to the adviser's firm and claimed; no level is recorded yet."""
    firm = make_firm(adviser)
    make_engagement(assessment, firm)
    latest = Submission.objects.create(
        assessment=assessment,
        number=1,
        firm=firm,
        status="in_review",
        inputs={},
        result={},
        colours={},
        fingerprint="0" * 64,
        submitted_by=assessment.lead,
        changed_by=assessment.lead,
    )
    Assessment.objects.filter(pk=assessment.pk).update(latest=latest)
    return Review.objects.create(submission=latest, adviser=adviser, items=items, changed_by=adviser)


@pytest.mark.parametrize(("items", "expected"), [([COST], 200), ([GATE], 403)])
def test_adviser_sees_the_proof_of_what_they_review(
    filed: EvidenceItem, charlie: User, signed_in: Callable[[User], Client], items: list[str], expected: int
) -> None:
    """Answers are kept back until the adviser's own levels are recorded; the proof of those questions is not."""
    under_review(filed.assessment, charlie, items)
    client = signed_in(User.objects.get(pk=charlie.pk))

    assert statuses(client, filed) == {**TO_READ, "evidence": 403, "evidence-file": expected}


def test_colleague_of_who_reviews(filed: EvidenceItem, charlie: User, signed_in: Callable[[User], Client]) -> None:
    review = under_review(filed.assessment, charlie, [COST])
    review.adviser = make_user("ada@example.org", "Ada Adviser")
    review.save()

    assert statuses(signed_in(User.objects.get(pk=charlie.pk)), filed)["evidence-file"] == 403


# Where it is shown ---------------------------------------------------------------------------------------------


def test_page_of_all_evidence(assessment: Assessment, client: Client) -> None:
    save(assessment, assessment.lead, {"pension-schemes": fact(["lgps"]), "sector": fact("council")})
    make_link(assessment, GATE, title="Letter of the fund")
    make_link(assessment, COST)
    EvidenceItem.objects.filter(item=COST).update(item="pensions.of-an-earlier-edition")
    save(assessment, assessment.lead, {"pension-schemes": fact(["none"])})

    page = shown(client.get(reverse("evidence", args=[assessment.pk])))

    assert "Letter of the fund" in page
    assert "Not asked now" in page
    assert "Questions of an earlier catalogue" in page
    assert "pensions.of-an-earlier-edition" in page


def test_page_without_evidence(assessment: Assessment, client: Client) -> None:
    assert "There is no evidence yet." in shown(client.get(reverse("evidence", args=[assessment.pk])))


def test_piece_of_an_earlier_catalogue_can_be_removed(assessment: Assessment, client: Client) -> None:
    piece = make_link(assessment)
    EvidenceItem.objects.update(item="pensions.of-an-earlier-edition")

    response = client.post(url("evidence-remove", piece))

    assert response["Location"] == reverse("evidence", args=[assessment.pk])
    assert not EvidenceItem.objects.exists()


def test_question_page_names_its_evidence(assessment: Assessment, client: Client) -> None:
    make_link(assessment, title="Minutes <b>of</b> 12 May")

    page = client.get(reverse("question-page", args=[assessment.pk, "pensions", "model"])).content.decode()

    link = f'Evidence: <a class="govuk-link" href="{LINK}" target="_blank" rel="noopener noreferrer nofollow">'
    assert f"{link}Minutes &lt;b&gt;of&lt;/b&gt; 12 May</a> (link to www.example.org, opens in a new tab)" in page
    assert f'href="{add_url(assessment)}" target="_blank" rel="noopener">Add another' in page
    assert (
        f'href="{add_url(assessment, "pensions.stress-test")}" target="_blank" rel="noopener">Add a link or a' in page
    )


def test_facts_need_no_evidence(assessment: Assessment, client: Client) -> None:
    page = client.get(reverse("question-page", args=[assessment.pk, "profile", "service"]))

    assert "Add a link or a file" not in shown(page)


@pytest.mark.parametrize("pieces", [0, 1, 10])
def test_question_page_reads_evidence_at_once(
    assessment: Assessment, client: Client, pieces: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(pieces):
        make_link(assessment, link=f"https://example.org/{number}")
    page = reverse("question-page", args=[assessment.pk, "pensions", "model"])

    with django_assert_max_num_queries(5 if pieces else 4) as queries:
        client.get(page)

    about_evidence = [query["sql"] for query in queries if 'FROM "assessments_evidenceitem"' in query["sql"]]
    assert len(about_evidence) == min(pieces, 1)


def test_check_page_names_evidence(assessment: Assessment, client: Client) -> None:
    make_link(assessment)

    page = client.get(reverse("assessment-check", args=[assessment.pk])).content.decode()

    assert f'Evidence: <a class="govuk-link" href="{LINK}"' in page
