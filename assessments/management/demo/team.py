"""The other fictional people of the demo: colleagues, an administrator, a firm of advisers with its clients.

What they did stands once: a review that was signed off with a dissent, one in progress, a submission that waits, an
engagement that was ended, second opinions that differ, conversations and evidence.
"""

import io
from dataclasses import dataclass

import pikepdf
from allauth.account.models import EmailAddress
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from assessments.catalogue.loader import editions
from assessments.catalogue.schema import Gate, Stage
from assessments.management.demo_codes import give_second_factor
from assessments.models import Assessment, Membership, Organisation, Rating, State, Submission, User
from assessments.models.answer import Content
from assessments.selectors.copies import Copy
from assessments.selectors.ratings import Said
from assessments.selectors.workbook import workbook
from assessments.services import comments, engagements, evidence, opinions, people, reviews, submissions
from assessments.services.assessments import Draft, save_answers, start
from assessments.services.organisations import found
from assessments.uploads import check


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    does: str


MORGAN = Person("admin@example.org", "Morgan Ellis", "administers all three public bodies")
IRIS = Person("hr@example.org", "Iris Wood", "human resources, contributes to Riverside Family Hubs")
DANA = Person("finance@example.org", "Dana Lee", "finance, contributes to Riverside Family Hubs")
LOU = Person("leisure@example.org", "Lou Hart", "leads three small services of Castleton Borough Council")
ADA = Person("adviser@example.org", "Ada Marsh", "Kestrel Advisers: reviews her clients")
BEN = Person("colleague@example.org", "Ben Stone", "Kestrel Advisers, a colleague")
HANA = Person("heron@example.org", "Hana Cole", "Heron Partners, let in to one service and out again")
PEOPLE = (MORGAN, IRIS, DANA, LOU, ADA, BEN, HANA)
# They sign in with a second factor: `manage.py demo_code EMAIL`.
WITH_SECOND_FACTOR = (MORGAN, ADA, BEN, HANA)

SMALL = ("Castleton Leisure Centres", "Castleton Parks and Open Spaces", "Castleton Museums")


def is_made() -> bool:
    return User.objects.filter(email=ADA.email).exists()


@transaction.atomic
def make(leads: dict[str, str], password: str) -> bool:
    """All of it, once. `leads` are the e-mail addresses of those who lead, by what is done with their assessment:
    "in review", "signed off" and "ended". False where it stands already, or somebody has deleted an assessment."""
    assessments = {what: _led_by(email) for what, email in leads.items()}
    if is_made() or None in assessments.values():
        return False
    of = {person.email: _person(person, password) for person in PEOPLE}
    for person in WITH_SECOND_FACTOR:
        give_second_factor(of[person.email])
    firm = _firm(of[ADA.email], of[BEN.email], "Kestrel Advisers")
    other = found(by=of[HANA.email], name="Heron Partners", kind=Organisation.Kind.ADVISER_FIRM)
    for assessment in assessments.values():
        _administer(_known(assessment), of[MORGAN.email])
    _signed_off(_known(assessments["signed off"]), firm, of[ADA.email], of[MORGAN.email])
    _in_review(_known(assessments["in review"]), firm, of[ADA.email], of[MORGAN.email])
    _together(_known(assessments["ended"]), of[IRIS.email], of[DANA.email])
    _ended(_known(assessments["ended"]), other, of[MORGAN.email])
    _small_clients(of[LOU.email], firm)
    return True


def _led_by(email: str) -> Assessment | None:
    return Assessment.objects.filter(lead__email=email).order_by("started_at").first()


def _known(assessment: Assessment | None) -> Assessment:
    assert assessment is not None  # noqa: S101  # the caller has looked
    return assessment


def _person(person: Person, password: str) -> User:
    user = User.objects.create_user(person.email, password, name=person.name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _join(organisation: Organisation, user: User, role: str = Membership.Role.MEMBER) -> None:
    Membership.objects.create(organisation=organisation, user=user, role=role, changed_by=user)


def _administer(assessment: Assessment, user: User) -> None:
    _join(assessment.service.organisation, user, Membership.Role.ADMINISTRATOR)


def _firm(founder: User, colleague: User, name: str) -> Organisation:
    firm = found(by=founder, name=name, kind=Organisation.Kind.ADVISER_FIRM)
    _join(firm, colleague)
    return firm


# A review that was signed off --------------------------------------------------------------------------------------


def _signed_off(assessment: Assessment, firm: Organisation, adviser: User, administrator: User) -> None:
    """Two levels of the adviser's are lower than the service's: one is agreed on, the other stays a dissent."""
    lead = assessment.lead
    engagements.begin(firm=firm, assessments=[assessment], by=administrator)
    _evidence(assessment)
    submission = submissions.submit(
        assessment=assessment, firm=firm, by=lead, note="For the board paper: please look at the pension costs first."
    )
    reviews.claim(submission=submission, by=adviser)
    agreed, dissented = _rate(submission, adviser, lower=2)
    _settle(submission, adviser, agreed, "We went through the paper together, and it is a draft.")
    rating = _rating(submission, dissented)
    own = "The paper shows that it is planned. I have seen nothing that shows it in place."
    reviews.settle(submission=submission, by=adviser, item=dissented, version=rating.version, agreed=None, reason=own)
    rating = _rating(submission, dissented)
    reviews.object_to(
        submission=submission,
        by=lead,
        item=dissented,
        version=rating.version,
        words="We hold that it is in place, and have asked for written confirmation.",
    )
    comments.open_thread(
        assessment=assessment,
        by=adviser,
        item=agreed,
        audience="both",
        text="Is there a later paper? The one that I was shown is a draft.",
    )
    reviews.sign_off(submission=submission, by=adviser)


def _evidence(assessment: Assessment) -> None:
    """A link, and a file that is checked like every other."""
    book = workbook(assessment)
    items = [item.id for item in book.questionnaires[1].items() if isinstance(item, Gate)][:2]
    today = timezone.localdate()
    evidence.add(
        assessment=assessment,
        by=assessment.lead,
        item=items[0],
        said=evidence.Said("Minutes of the pensions committee", "E2", today),
        link="https://example.org/minutes/pensions-committee",
    )
    paper = _paper()
    accepted = check(paper, "Letter from the pension fund.pdf")
    paper.seek(0)
    evidence.add(
        assessment=assessment,
        by=assessment.lead,
        item=items[-1],
        said=evidence.Said("Letter from the pension fund", "E2", today),
        file=evidence.NewFile(File(paper, name="letter.pdf"), accepted),
    )


def _paper() -> io.BytesIO:
    paper = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(paper)
    paper.seek(0)
    return paper


def _rate(submission: Submission, adviser: User, *, lower: int) -> list[str]:
    """Everything that is to be rated unseen, as the service says it, but for so many questions that are at a level
    above 1: they are rated one lower. Which those are."""
    copy = Copy(Submission.objects.get(pk=submission.pk))
    items = list(submission.review.items)
    different = [item for item in items if (copy.claimed(item).level or 0) > 1][:lower]
    for item in items:
        said = copy.claimed(item)
        one_lower = Said(said.state, (said.level or 0) - 1) if item in different else said
        _record(submission, adviser, item, _as_adviser(one_lower, item in different))
    return different


def _as_adviser(said: Said, is_different: bool) -> tuple[Said, str]:
    if said.state == State.NOT_ANSWERED:
        return Said(State.DONT_KNOW), "Nothing was given to judge it by."
    if is_different:
        return said, "The paper that I was shown is a draft, and names no date."
    return said, "The papers that I was shown bear it out."


def _record(submission: Submission, adviser: User, item: str, recorded: tuple[Said, str]) -> None:
    said, reason = recorded
    reviews.rate(submission=submission, by=adviser, item=item, version=0, said=said, reason=reason)


def _rating(submission: Submission, item: str) -> Rating:
    return Rating.objects.get(review=submission.pk, item=item)


def _settle(submission: Submission, adviser: User, item: str, reason: str) -> None:
    rating = _rating(submission, item)
    agreed = Said(rating.state, rating.level)
    reviews.settle(submission=submission, by=adviser, item=item, version=rating.version, agreed=agreed, reason=reason)


# A review in progress ----------------------------------------------------------------------------------------------


def _in_review(assessment: Assessment, firm: Organisation, adviser: User, administrator: User) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=administrator)
    submission = submissions.submit(
        assessment=assessment, firm=firm, by=assessment.lead, note="Cabinet decides in ten weeks."
    )
    reviews.claim(submission=submission, by=adviser)
    copy = Copy(Submission.objects.get(pk=submission.pk))
    items = list(submission.review.items)
    for item in items[: len(items) // 3]:
        _record(submission, adviser, item, _as_adviser(copy.claimed(item), False))


# People of one service ---------------------------------------------------------------------------------------------


def _together(assessment: Assessment, hr: User, finance: User) -> None:
    """Contributors for their questionnaires; two second opinions that differ; conversations."""
    lead, organisation = assessment.lead, assessment.service.organisation
    for user, questionnaires in ((hr, ["pensions", "staff-and-unions"]), (finance, ["working-capital", "tendering"])):
        _join(organisation, user)
        people.add(assessment=assessment, person=user, role="contributor", questionnaires=questionnaires, by=lead)
    barrier = assessment.catalogue.barrier("working-capital")
    for place, (user, capacity) in enumerate(((finance, "Finance"), (hr, "HR"))):
        opinion = opinions.ask_opinion(assessment=assessment, by=lead, user=user, barrier=barrier, capacity=capacity)
        opinions.give(opinion=opinion, by=user, version=opinion.version, contents=_opinion(assessment, place))
    _conversations(assessment, hr)


def _opinion(assessment: Assessment, place: int) -> dict[str, Content]:
    """What somebody says of every question on working capital: as the record does, one in three of them lower."""
    book = workbook(assessment)
    asked = book.questionnaire("working-capital")
    assert asked is not None  # noqa: S101  # every edition has it
    given: dict[str, Content] = {}
    for number, item in enumerate(asked.items()):
        content = book.content(item)
        if content.level is not None:
            level = max(content.level - (number % 3 == place), 0)
            given[item.id] = Content(State.ANSWERED.value, level=level)
        elif content.state in (State.MET, State.NOT_MET):
            given[item.id] = Content(content.state)
    return given


def _conversations(assessment: Assessment, hr: User) -> None:
    first, second = (question.id for question in assessment.catalogue.barrier("staff-and-unions").levels[:2])
    thread = comments.open_thread(
        assessment=assessment,
        by=hr,
        item=first,
        audience="client",
        text="The branch secretary is back on Monday. I would rather answer this after we have met.",
    )
    comments.reply(thread=thread, by=assessment.lead, text="Good. Please put the date of the meeting in the note.")
    settled = comments.open_thread(
        assessment=assessment, by=assessment.lead, item=second, audience="client", text="Is this list complete?"
    )
    comments.resolve(thread=settled, by=hr)


def _ended(assessment: Assessment, firm: Organisation, administrator: User) -> None:
    engagements.begin(firm=firm, assessments=[assessment], by=administrator)
    engagements.end(firm=firm, assessments=[assessment], by=administrator)


# More clients ------------------------------------------------------------------------------------------------------


def _small_clients(lead: User, firm: Organisation) -> None:
    """Three that have just begun; the first waits for a review."""
    organisation = found(by=lead, name="Castleton Borough Council")
    made = [
        start(by=lead, organisation=organisation, service_name=name, stage=Stage.EXPLORE, edition=editions()[-1])
        for name in SMALL
    ]
    for number, assessment in enumerate(made):
        _begin_answering(assessment, level=number + 1)
    engagements.begin(firm=firm, assessments=made, by=lead)
    submissions.submit(assessment=made[0], firm=firm, by=lead, note="A first look, before we tell the staff.")


def _begin_answering(assessment: Assessment, level: int) -> None:
    facts = {"sector": "council", "nation": "england", "staff-transferring": 30 * level}
    drafts = [Draft(fact, 0, Content(State.ANSWERED.value, value=value)) for fact, value in facts.items()]
    asked = [item.id for found in workbook(assessment).questionnaires[1:4] for item in found.items()]
    levels = [
        Draft(item, 0, Content(State.ANSWERED.value, level=level, evidence="E1", evidence_date=timezone.localdate()))
        for item in asked
        if item in {question.id for barrier in assessment.catalogue.barriers for question in barrier.levels}
    ]
    save_answers(assessment=assessment, by=assessment.lead, drafts=[*drafts, *levels])
