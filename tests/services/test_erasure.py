"""What is erased is gone from every table and every folder; what belongs to others stays, without a name."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pghistory
import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import (
    Answer,
    Ask,
    Assessment,
    Comment,
    Engagement,
    Export,
    Invitation,
    Membership,
    Organisation,
    Participation,
    RatedPair,
    Report,
    Review,
    Service,
    Submission,
    Thread,
    User,
)
from assessments.models.user import GONE
from assessments.services import account_erasure, erasure, exports, retention
from assessments.services.account_erasure import NotYet, erase_account, in_the_way
from assessments.services.organisation_file import PARTS
from tests.factories import (
    level,
    make_answer,
    make_assessment,
    make_firm,
    make_member,
    make_organisation,
    make_report,
    make_user,
)
from tests.rich import Rich, make_rich

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def rich() -> Rich:
    return make_rich()


def stored(files: Path) -> list[str]:
    return sorted(str(path.relative_to(files)) for path in files.rglob("*") if path.is_file())


def tables_with(text: str) -> set[str]:
    """Every table of the database in which any row holds the text anywhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" AS one WHERE to_jsonb(one)::text ILIKE %s)',  # noqa: S608
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def events(name: str) -> Any:
    return next(part.model for part in PARTS if part.name == f"history/{name}")._base_manager


# An organisation --------------------------------------------------------------------------------------------


def test_erased_organisation_is_in_no_table(rich: Rich, files: Path, django_capture_on_commit_callbacks: Any) -> None:
    exports.make(export=exports.ask(organisation=rich.organisation, by=rich.people["olive"]))
    assert len(tables_with("Zinnia")) > 20
    assert len(stored(files)) == 3
    keep = {"assessments_user", "account_emailaddress", "assessments_organisation", "assessments_organisationevent"}

    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(organisation=rich.organisation)

    # People stay as people, and the firms are called after it here.
    assert tables_with("zinnia") <= keep
    assert set(Organisation.objects.values_list("name", flat=True)) == {rich.firm.name, rich.ended_firm.name}
    assert tables_with(str(rich.organisation.pk)) == set()
    assert tables_with(str(rich.assessment.pk)) == {"assessments_engagementevent"}
    assert stored(files) == []
    assert User.objects.filter(email="lena@zinnia.example", is_active=True).exists()


def test_context_of_an_erased_history_is_gone(rich: Rich) -> None:
    with pghistory.context(user=rich.people["lena"].pk, url="/only/here/"):
        make_answer(rich.other, "pensions.y", level(1))
    assert tables_with("/only/here/") == {"pghistory_context"}

    erasure.erase(organisation=rich.organisation)

    assert tables_with("/only/here/") == set()


def test_other_organisations_are_left_alone(rich: Rich, files: Path, django_capture_on_commit_callbacks: Any) -> None:
    other = make_rich("Marigold District", "marigold.example")
    counts = {part.name: part.rows(scope(other)).count() for part in PARTS}
    kept = [name for name in stored(files) if str(other.assessment.pk) in name]

    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(organisation=rich.organisation)

    assert {part.name: part.rows(scope(other)).count() for part in PARTS} == counts
    assert set(kept) <= set(stored(files))
    assert other.assessment.answers.count() > 0


def scope(rich: Rich) -> Any:
    from assessments.services.organisation_file import scope_of

    return scope_of(rich.organisation)


def test_firm_keeps_that_it_was_let_in_by_nobodys_name(rich: Rich) -> None:
    RatedPair.objects.create(unit=rich.firm.pk, edition="2026.1", item="x", client_state="met", adviser_state="met")

    erasure.erase(organisation=rich.organisation)

    history = events("engagements").filter(firm_id=rich.firm.pk).order_by("pgh_id")
    nobody = erasure.nobody()
    assert [event.pgh_label for event in history] == ["insert", "update"]
    assert {event.began_by_id for event in history} == {nobody.pk}
    assert history.last().ended_at is not None
    assert history.last().ended_by_id == nobody.pk
    assert {event.pgh_context_id for event in history} == {None}
    assert str(nobody) == GONE
    assert RatedPair.objects.count() == 1


def test_history_is_append_only_again_after_an_erasure(rich: Rich) -> None:
    erasure.erase(organisation=rich.organisation)
    answer = make_answer(make_assessment(make_user("alice@example.org")), "pensions.x", level(1))

    assert events("answers").filter(pgh_obj_id=answer.pk).count() == 1
    with pytest.raises(Exception, match="Cannot update or delete rows from"):
        events("answers").filter(pgh_obj_id=answer.pk).delete()


def test_erased_firm_leaves_its_clients_their_reviews(rich: Rich) -> None:
    erasure.erase(organisation=rich.firm)

    firm = Organisation.objects.get(pk=rich.firm.pk)
    assert firm.name == erasure.FIRM_IS_GONE
    assert not firm.memberships.exists()
    assert tables_with("Kestrel") == set()
    assert tables_with("hiding something") == set()
    assert Review.objects.get(submission__number=1).ratings.count() == 4
    assert Submission.objects.get(number=2).status == "withdrawn"
    assert not Engagement.objects.filter(firm=firm, ended_at=None).exists()
    assert Thread.objects.filter(assessment=rich.assessment, audience="both").count() == 1


def test_erased_firm_that_nobody_knew_is_gone(rich: Rich) -> None:
    firm = make_firm(make_user("fern@example.org"), "Fern Advice")

    erasure.erase(organisation=firm)

    assert tables_with("Fern Advice") == tables_with(str(firm.pk)) == set()


def test_erasure_is_asked_for_and_stopped(rich: Rich) -> None:
    olive, today = rich.people["olive"], timezone.localdate()

    planned = erasure.ask(organisation=rich.organisation, by=olive)
    again = erasure.ask(organisation=rich.organisation, by=olive)

    assert planned.erase_on == again.erase_on == today + dt.timedelta(days=14)
    assert erasure.due(today + dt.timedelta(days=13)) == []
    assert erasure.due(today + dt.timedelta(days=14)) == [rich.organisation]
    erasure.cancel(organisation=rich.organisation, by=olive)
    assert not erasure.erase_if_due(organisation=rich.organisation, today=today + dt.timedelta(days=99))
    with pytest.raises(erasure.NoErasurePlanned):
        erasure.cancel(organisation=rich.organisation, by=olive)
    assert Assessment.objects.filter(pk=rich.assessment.pk).exists()


@pytest.mark.parametrize(("days", "left"), [(14, True), (0, False)])
def test_erase_command(rich: Rich, days: int, left: bool) -> None:
    erasure.ask(organisation=rich.organisation, by=rich.people["olive"])
    Organisation.objects.filter(pk=rich.organisation.pk).update(erase_on=timezone.localdate() + dt.timedelta(days=days))
    call_command("erase", "--dry-run", stdout=io.StringIO())
    assert Organisation.objects.filter(pk=rich.organisation.pk).exists()

    call_command("erase", stdout=io.StringIO())

    assert Organisation.objects.filter(pk=rich.organisation.pk).exists() is left


# An assessment ----------------------------------------------------------------------------------------------


def test_deleted_assessment(rich: Rich, files: Path, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        erasure.delete_assessment(assessment=rich.assessment, by=rich.people["olive"])

    assert stored(files) == []
    for text in ("Zinnia note", "Zinnia comment", "Zinnia draft", "Minutes of Zinnia", "Zinnia first"):
        assert tables_with(text) == set()
    assert list(Assessment.objects.all()) == [rich.other]
    assert list(Service.objects.values_list("name", flat=True)) == ["Zinnia Parks"]
    last = events("assessments").latest("pgh_id")
    assert (last.pgh_label, last.pgh_obj_id, last.changed_by_id) == (
        "delete",
        rich.assessment.pk,
        rich.people["olive"].pk,
    )
    assert Invitation.objects.get().assessment is None


def test_service_with_another_assessment_stays(rich: Rich) -> None:
    Assessment.objects.filter(pk=rich.other.pk).update(service=rich.assessment.service)

    erasure.delete_assessment(assessment=rich.assessment, by=rich.people["olive"])

    assert Service.objects.filter(name="Zinnia Hubs").exists()


# An account -------------------------------------------------------------------------------------------------


def test_erased_account(rich: Rich) -> None:
    cora = rich.people["cora"]
    client = Client()
    client.force_login(cora)
    client.get("/")
    UserSession.objects.get_or_create(user=cora, session_key=client.session.session_key, defaults={"ip": "127.0.0.1"})
    wrote = Comment.objects.filter(written_by=cora).count()
    exports.make(export=exports.ask_own(by=cora))

    erase_account(person=cora)

    assert tables_with("cora@zinnia.example") == tables_with("Cora Zinnia") == set()
    gone = User.objects.get(pk=cora.pk)
    assert str(gone) == GONE
    assert (gone.email, gone.name, gone.is_active) == (f"erased-{cora.pk}@invalid.invalid", "", False)
    assert gone.erased_at is not None
    assert not gone.has_usable_password()
    for model in (EmailAddress, UserSession, Membership, Participation, Ask):
        assert not model._base_manager.filter(user=gone).exists()
    assert not Export.objects.filter(person=gone).exists()
    assert Comment.objects.filter(written_by=gone).count() == wrote > 0
    assert events("comments").filter(written_by_id=gone.pk).exists()
    assert client.get("/accounts/").status_code == 302


@pytest.mark.parametrize("how", ["open", "accepted", "history"])
def test_invitations_forget_an_erased_address(rich: Rich, how: str) -> None:
    rory = rich.people["rory"]
    invitation = Invitation.objects.get()
    Invitation.objects.filter(pk=invitation.pk).update(email="RORY@zinnia.example")
    more: dict[str, dict[str, Any]] = {
        "open": {},
        "accepted": {"accepted_at": timezone.now(), "accepted_by": rory},
        "history": {"email": "somebody@else.example"},
    }
    Invitation.objects.filter(pk=invitation.pk).update(role="member", **more[how])

    erase_account(person=rory)

    assert tables_with("rory@zinnia.example") == set()


def test_in_the_way_of_an_erasure(rich: Rich) -> None:
    lena, olive = rich.people["lena"], rich.people["olive"]

    assert {assessment.service_name for assessment in in_the_way(lena).leads} == {"Zinnia Hubs", "Zinnia Parks"}
    assert in_the_way(olive).only_administrator_of == (rich.organisation,)
    with pytest.raises(NotYet):
        erase_account(person=lena)
    with pytest.raises(NotYet):
        erase_account(person=olive)
    assert User.objects.get(pk=lena.pk).name == "Lena Zinnia"


def test_review_in_hand_is_in_the_way(rich: Rich) -> None:
    from assessments.services import reviews

    reviews.claim(submission=Submission.objects.get(number=2), by=rich.people["ada"])

    assert [review.submission.number for review in in_the_way(rich.people["ada"]).reviews] == [2]


def test_last_person_of_an_empty_organisation_takes_it_along(alice: User) -> None:
    organisation = make_organisation("Left Alone", administrator=alice)

    erase_account(person=alice)

    assert not Organisation.objects.filter(pk=organisation.pk).exists()
    assert tables_with("Left Alone") == set()


def test_last_person_of_an_organisation_with_assessments(alice: User, bob: User) -> None:
    organisation = make_organisation("Left Alone", administrator=alice)
    Assessment.objects.filter(pk=make_assessment(alice, organisation).pk).update(lead=bob)

    assert in_the_way(alice).alone_with_assessments == (organisation,)


def test_export_of_an_account(rich: Rich) -> None:
    cora = rich.people["cora"]
    export = exports.make(export=exports.ask_own(by=cora))

    with export.file.open() as content, zipfile.ZipFile(content) as archive:
        found = json.loads(archive.read("account.json"))

    assert found["profile"]["email"] == "cora@zinnia.example"
    assert [one["organisation__name"] for one in found["memberships"]] == ["Zinnia Borough Council"]
    assert {"comments", "opinions"} <= {one["what"] for one in found["wrote"]}
    assert "Zinnia reply" in json.dumps(found["wrote"])
    assert "Zinnia note" not in json.dumps(found)


def test_export_of_an_account_after_leaving(rich: Rich) -> None:
    """What somebody wrote where they may not look any more is counted, and not told."""
    gone = rich.people["gone"]
    export = exports.make(export=exports.ask_own(by=gone))

    with export.file.open() as content, zipfile.ZipFile(content) as archive:
        raw = archive.read("account.json").decode()

    assert json.loads(raw)["elsewhere"][0]["what"] == "answers"
    assert "Zinnia note before" not in raw


def test_account_erasure_locks_out_nobody_else(rich: Rich) -> None:
    make_member(rich.organisation, make_user("second@zinnia.example"), "administrator")

    erase_account(person=rich.people["olive"])

    assert Membership.objects.filter(organisation=rich.organisation, role="administrator").count() == 1
    assert account_erasure.in_the_way(rich.people["rory"]).is_anything is False


# What is over -----------------------------------------------------------------------------------------------


def aged(assessment: Assessment, days: int) -> None:
    """As if everything in it had happened so long ago."""
    then = timezone.now() - dt.timedelta(days=days)
    Assessment.objects.filter(pk=assessment.pk).update(changed_at=then)
    Answer.objects.filter(assessment=assessment).update(changed_at=then)


@pytest.fixture
def old(alice: User) -> Assessment:
    """Of an organisation that keeps assessments for a year, and chose that long ago."""
    olive = make_user("olive@example.org", "Olive")
    organisation = make_organisation(administrator=olive)
    retention.set_months(organisation=organisation, months=12, by=olive)
    assessment = make_assessment(alice, organisation)
    make_answer(assessment, "pensions.x", level(1))
    aged(assessment, 400)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_organisationevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE assessments_organisationevent SET pgh_created_at = now() - interval '2 years'")
        cursor.execute("ALTER TABLE assessments_organisationevent ENABLE TRIGGER USER")
    return assessment


def test_retention_says_what_it_would_do(old: Assessment) -> None:
    output = io.StringIO()

    call_command("retention", stdout=output)

    assert "Assessments that go now: 1\n  Riverside Family Hubs (Exampleshire County Council), last changed on" in (
        output.getvalue()
    )
    assert "Nothing was deleted" in output.getvalue()
    assert Assessment.objects.filter(pk=old.pk).exists()


def test_retention_applied(old: Assessment, alice: User) -> None:
    young = make_assessment(alice, old.service.organisation, service_name="Young")
    elsewhere = make_assessment(alice, make_organisation("Keeps For Ever"))
    aged(elsewhere, 4000)

    call_command("retention", "--apply", stdout=io.StringIO())

    assert set(Assessment.objects.all()) == {young, elsewhere}


@pytest.mark.parametrize("what", ["answer", "report", "submission"])
def test_whatever_somebody_does_keeps_it(old: Assessment, alice: User, what: str) -> None:
    acts: dict[str, Any] = {
        "answer": lambda: make_answer(old, "pensions.y", level(1)),
        "report": lambda: make_report(old),
        "submission": lambda: give_to_advisers(old),
    }

    acts[what]()

    assert retention.look(timezone.now()).assessments == ()


def give_to_advisers(assessment: Assessment) -> None:
    from tests.factories import make_submission

    made = make_submission(assessment, make_firm(make_user("ada@example.org")))
    Submission.objects.filter(pk=made.pk).update(moved_at=timezone.now() - dt.timedelta(days=500))


def test_new_setting_gives_thirty_days_of_notice(old: Assessment) -> None:
    organisation = old.service.organisation

    retention.set_months(organisation=organisation, months=6, by=old.lead)

    found = retention.look(timezone.now())
    assert found.assessments == ()
    assert [kept.goes_on for kept in found.soon] == [timezone.localdate() + dt.timedelta(days=30)]


@pytest.mark.parametrize(("default", "gone"), [(None, 0), (12, 1), (120, 0)])
def test_default_of_the_installation(old: Assessment, settings: Any, default: int | None, gone: int) -> None:
    settings.SPINOUT_KEEP_MONTHS = default
    Organisation.objects.update(keep_months=None)

    assert len(retention.look(timezone.now()).assessments) == gone


def test_expired_exports_invitations_and_files(
    rich: Rich, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    import os

    export = exports.make(export=exports.ask(organisation=rich.organisation, by=rich.people["olive"]))
    week_ago = timezone.now() - dt.timedelta(days=8)
    Export.objects.update(asked_at=week_ago, ready_at=week_ago)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=31))
    orphan, young = files / "reports" / "orphan.pdf", files / "reports" / "young.pdf"
    orphan.write_bytes(b"x")
    young.write_bytes(b"x")
    two_days_ago = timezone.now().timestamp() - 2 * 86400
    os.utime(orphan, (two_days_ago, two_days_ago))
    output = io.StringIO()

    call_command("retention", stdout=output)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("retention", "--apply", stdout=io.StringIO())

    for line in ("Exports that are over: 1", "Invitations that nobody accepted: 1", "reports/orphan.pdf"):
        assert line in output.getvalue()
    assert "young.pdf" not in output.getvalue()
    assert not orphan.exists()
    assert young.exists()
    assert not (files / f"exports/{export.pk}.zip").exists()
    assert tables_with("new@zinnia.example") == set()
    assert (files / str(Report.objects.get().pdf.name)).exists()


@pytest.mark.parametrize(("setting", "left"), [("off", 1), ("apply", 0)])
def test_worker_deletes_assessments_only_if_it_is_told_to(
    old: Assessment, settings: Any, setting: str, left: int
) -> None:
    from assessments.tasks import clear_away

    settings.SPINOUT_RETENTION = setting

    clear_away(timestamp=0)

    assert Assessment.objects.count() == left


def test_statements_of_retention_do_not_grow(old: Assessment, alice: User) -> None:
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            retention.look(timezone.now())
        return len(captured)

    few = statements()
    for number in range(20):
        make_assessment(alice, old.service.organisation, service_name=f"Service {number}")

    assert statements() == few
