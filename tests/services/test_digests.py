"""The daily email: who gets it, what stands in it, and that nobody gets a second one on one day."""

import datetime as dt
import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from assessments.models import Ask, Assessment, Organisation, User
from assessments.services.asks import ask, close_own
from assessments.services.digests import send_digests
from assessments.services.opinions import ask_opinion
from assessments.tasks import send_digests as job
from tests.factories import make_assessment, make_engagement, make_firm, make_member, make_participation, make_user

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def contributor(bob: User, assessment: Assessment) -> User:
    make_participation(assessment, bob, "contributor", ["pensions"])
    return bob


def fill_in(user: User, assessment: Assessment, about: str = "pensions", **given: Any) -> Ask:
    return ask(user=user, assessment=assessment, kind=Ask.Kind.FILL_IN, about=about, by=assessment.lead, **given)


def alternatives_of(message: object) -> list[tuple[str, str]]:
    assert isinstance(message, mail.EmailMultiAlternatives)
    return [(str(one[0]), str(one[1])) for one in message.alternatives]


def sent_to() -> list[str]:
    return [message.to[0] for message in mail.outbox]


# What stands in it ------------------------------------------------------------------------------------------------


def test_digest(assessment: Assessment, contributor: User, settings: Any) -> None:
    settings.SITE_URL = "https://spinout.example.org"
    fill_in(contributor, assessment, note="The figures of <March>", due_on=dt.date(2026, 11, 27))
    fill_in(contributor, assessment, about="profile")

    assert send_digests(today=MONDAY) == 1

    [message] = mail.outbox
    assert message.to == ["Bob Baker <bob@example.org>"]
    assert message.subject == "Spinout: 2 things are asked of you"
    place = f"https://spinout.example.org/assessments/{assessment.pk}/questions/pensions/"
    for part in (
        "Answer the questionnaire “Pensions”",
        "Answer the questionnaire “Your service and plans”",
        "Riverside Family Hubs, Exampleshire County Council",
        "Asked by Alice Archer, wanted by 27 November 2026.",
        "The figures of <March>",
        place,
        "https://spinout.example.org/mail/stop/",
    ):
        assert part in message.body
    [(html, kind)] = alternatives_of(message)
    assert kind == "text/html"
    assert f'href="{place}"' in html
    assert "The figures of &lt;March&gt;" in html


def test_digest_of_one(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)

    send_digests(today=MONDAY)

    assert mail.outbox[0].subject == "Spinout: something is asked of you"
    assert "1 thing was asked of you" in mail.outbox[0].body


def test_hostile_names_stay_text(assessment: Assessment, contributor: User) -> None:
    User.objects.filter(pk=assessment.lead_id).update(name="<b>Eve</b>\nBcc: all@example.org")
    User.objects.filter(pk=contributor.pk).update(name="Bob\r\nBcc: all@example.org")
    fill_in(contributor, assessment)

    assert send_digests(today=MONDAY) == 1

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "<b>Eve" not in str(alternatives_of(mail.outbox[0]))


# Who gets it, and when --------------------------------------------------------------------------------------------


def test_only_once_a_day(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)
    send_digests(today=MONDAY)
    fill_in(contributor, assessment, about="tendering")

    assert send_digests(today=MONDAY) == 0
    assert send_digests(today=TUESDAY) == 1

    assert ["Tendering" in message.body for message in mail.outbox] == [False, True]
    assert ["Pensions" in message.body for message in mail.outbox] == [True, False]


def test_nothing_new_is_nothing_sent(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)
    send_digests(today=MONDAY)

    assert send_digests(today=TUESDAY) == 0
    contributor.refresh_from_db()
    assert contributor.mailed_on == MONDAY


def test_what_is_done_is_not_mailed(assessment: Assessment, contributor: User) -> None:
    close_own(ask=fill_in(contributor, assessment), by=contributor)

    assert send_digests(today=MONDAY) == 0


def test_others_get_theirs(assessment: Assessment, contributor: User, alice: User) -> None:
    fill_in(contributor, assessment)
    ask(user=alice, assessment=assessment, kind=Ask.Kind.LEAD, by=contributor)

    assert send_digests(today=MONDAY) == 2
    assert sorted(sent_to()) == ["Alice Archer <alice@example.org>", "Bob Baker <bob@example.org>"]


@pytest.mark.parametrize(
    "change",
    [
        {"wants_mail": False},
        {"is_active": False},
        {"erased_at": timezone.now()},
        {"email": "new@example.org"},
    ],
    ids=["does not want it", "inactive", "erased", "another address, not verified"],
)
def test_person_who_gets_nothing(assessment: Assessment, contributor: User, change: dict[str, Any]) -> None:
    fill_in(contributor, assessment)
    User.objects.filter(pk=contributor.pk).update(**change)

    assert send_digests(today=MONDAY) == 0
    assert mail.outbox == []


def test_unverified_address_gets_nothing(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)
    EmailAddress.objects.filter(user=contributor).update(verified=False)

    assert send_digests(today=MONDAY) == 0


def test_who_sees_the_assessment_no_more_gets_nothing(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)
    assessment.participations.all().delete()

    assert send_digests(today=MONDAY) == 0


def test_ended_engagement_gets_nothing(assessment: Assessment) -> None:
    ada = make_user("ada@example.org", "Ada Adviser")
    engagement = make_engagement(assessment, make_firm(ada))
    ask(user=ada, assessment=assessment, kind=Ask.Kind.REVIEW, by=assessment.lead)
    engagement.ended_at, engagement.ended_by = timezone.now(), assessment.lead
    engagement.save()

    assert send_digests(today=MONDAY) == 0


@pytest.fixture
def asked_for_opinion(assessment: Assessment, bob: User) -> User:
    make_member(assessment.service.organisation, bob)
    barrier = assessment.catalogue.barrier("pensions")
    ask_opinion(assessment=assessment, by=assessment.lead, user=bob, barrier=barrier, capacity="Finance")
    return bob


def test_opinion_is_mailed_to_who_has_no_part_in_the_assessment(asked_for_opinion: User) -> None:
    assert send_digests(today=MONDAY) == 1
    assert "Give your second opinion on “Pensions”" in mail.outbox[0].body


def test_opinion_is_not_mailed_to_who_left_the_organisation(asked_for_opinion: User) -> None:
    asked_for_opinion.memberships.all().delete()

    assert send_digests(today=MONDAY) == 0


def test_other_asks_are_not_mailed_to_who_only_gives_an_opinion(
    assessment: Assessment, asked_for_opinion: User
) -> None:
    Ask.objects.all().delete()
    fill_in(asked_for_opinion, assessment)

    assert send_digests(today=MONDAY) == 0


def test_job(assessment: Assessment, contributor: User) -> None:
    fill_in(contributor, assessment)

    job(timestamp=0)
    job(timestamp=0)

    assert len(mail.outbox) == 1
    contributor.refresh_from_db()
    assert contributor.mailed_on == timezone.localdate()


# When something breaks --------------------------------------------------------------------------------------------


class KilledBefore(EmailBackend):
    """The process ends before the email is given away."""

    def send_messages(self, messages: Any) -> int:
        raise KeyboardInterrupt


class KilledAfter(EmailBackend):
    """The process ends when the email is given away, before anything else."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise KeyboardInterrupt


class RefusesBob(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        if "bob@example.org" in messages[0].recipients()[0]:
            raise SMTPRecipientsRefused({"bob@example.org": (550, b"No such person")})
        return int(super().send_messages(messages))


@pytest.mark.parametrize(
    ("backend", "on_monday", "on_tuesday"), [(KilledBefore, 0, 1), (KilledAfter, 1, 1)], ids=["before", "after"]
)
def test_killed_while_sending(
    assessment: Assessment,
    contributor: User,
    settings: Any,
    backend: type[EmailBackend],
    on_monday: int,
    on_tuesday: int,
) -> None:
    fill_in(contributor, assessment)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    with pytest.raises(KeyboardInterrupt):
        send_digests(today=MONDAY)
    settings.EMAIL_BACKEND = working

    assert send_digests(today=MONDAY) == 0
    assert len(mail.outbox) == on_monday
    assert send_digests(today=TUESDAY) == on_tuesday
    assert "Pensions" in mail.outbox[-1].body


def test_refused_address_stops_nobody_else(
    assessment: Assessment, contributor: User, alice: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fill_in(contributor, assessment)
    ask(user=alice, assessment=assessment, kind=Ask.Kind.LEAD, by=contributor)
    settings.EMAIL_BACKEND = f"{__name__}.RefusesBob"

    assert send_digests(today=MONDAY) == 1

    assert sent_to() == ["Alice Archer <alice@example.org>"]
    assert "could not be sent" in caplog.text
    assert Ask.objects.get(user=contributor).mailed_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once(transactional_db: None, settings: Any) -> None:
    lead, person = make_user("alice@example.org"), make_user("bob@example.org")
    assessment = make_assessment(lead)
    make_participation(assessment, person)
    fill_in(person, assessment)
    done = Event()
    counts: list[int] = []

    def work() -> None:
        try:
            done.wait(10)
            counts.append(send_digests(today=MONDAY))
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    done.set()
    for worker in workers:
        worker.join(30)

    assert sorted(counts) == [0, 0, 0, 1]
    assert len(mail.outbox) == 1


# A real mail server -----------------------------------------------------------------------------------------------


class Inbox:
    """Keeps what a mail server takes in."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        self.recipients += envelope.rcpt_tos
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield inbox
    server.stop()


@pytest.fixture
def firm(assessment: Assessment) -> Organisation:
    return make_firm(make_user("zoe@example.org", "Zoë Ćirić"), "Kestrel & Söhne")


def test_over_a_real_mail_server(
    assessment: Assessment, contributor: User, alice: User, firm: Organisation, inbox: Inbox, client: Any
) -> None:
    zoe = firm.founded_by
    make_engagement(assessment, firm)
    fill_in(contributor, assessment, note="Größe £5")
    ask(user=zoe, assessment=assessment, kind=Ask.Kind.REVIEW, about="1", by=alice)

    assert send_digests(today=MONDAY) == 2

    assert inbox.recipients == ["bob@example.org", "zoe@example.org"]
    to_bob, to_zoe = inbox.messages
    assert to_zoe["To"] == "Zoë Ćirić <zoe@example.org>"
    assert to_bob["Subject"] == "Spinout: something is asked of you"
    assert to_bob["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert to_bob["Auto-Submitted"] == "auto-generated"
    assert to_bob.get_content_type() == "multipart/alternative"
    plain = to_bob.get_body(("plain",))
    assert plain is not None
    assert "Größe £5" in plain.get_content()
    # What a mail program does when its person presses "unsubscribe".
    address = to_bob["List-Unsubscribe"].strip(" <>")
    stopped = client.post(address.removeprefix("http://127.0.0.1:8000"), {"List-Unsubscribe": "One-Click"})
    contributor.refresh_from_db()
    assert (stopped.status_code, contributor.wants_mail) == (200, False)
