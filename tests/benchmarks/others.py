"""Thousands of assessments around the measured ones. What no measured page reads (answers, frozen copies) is left out,
and so is their history; everything that lists and permissions read is there."""

import datetime as dt
import random

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import (
    Assessment,
    Engagement,
    Membership,
    Organisation,
    Participation,
    Review,
    Service,
    Submission,
    User,
)
from assessments.models.assessment import Stage

SERVICES_OF_ONE_BODY = 10
ENDS = (["red", "red"], ["red", "green"], ["amber", "amber"], ["green", "green"])


def make_others(count: int, *, model: Assessment, firm: Organisation, adviser: User) -> None:
    """So many more assessments with the result of `model`, to each of which the firm is let in."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither history nor checks of what points where.
        cursor.execute("SET LOCAL session_replication_role = replica")
        _make(count, model, firm, adviser)
        # Each its own copy, as in life: a result is the heaviest thing that there is. Changes are spread over a year.
        cursor.execute(
            "UPDATE assessments_assessment AS other SET result = model.result,"
            " changed_at = now() - interval '1 minute' * 500000 * random(),"
            " latest_id = (SELECT id FROM assessments_submission WHERE assessment_id = other.id)"
            " FROM assessments_assessment AS model WHERE model.id = %s AND other.result = '{}'",
            [model.pk],
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL assessments_assessment")
        # As autovacuum leaves them: what is counted out of an index need not be looked up.
        cursor.execute("VACUUM ANALYZE")


def _make(count: int, model: Assessment, firm: Organisation, adviser: User) -> None:
    words = random.Random(5)  # noqa: S311  # nothing secret
    before = User.objects.count()
    people = User.objects.bulk_create(
        User(email=f"other{number}@example.org", name=f"Other {number}") for number in range(before, before + count)
    )
    owners = people[::SERVICES_OF_ONE_BODY]
    bodies = Organisation.objects.bulk_create(
        Organisation(name=f"Council {number}", founded_by=owner, changed_by=owner)
        for number, owner in enumerate(owners)
    )
    of = [bodies[number // SERVICES_OF_ONE_BODY] for number in range(count)]
    Membership.objects.bulk_create(
        Membership(
            organisation=body,
            user=person,
            role="administrator" if body.founded_by == person else "member",
            changed_by=person,
        )
        for body, person in zip(of, people, strict=True)
    )
    services = Service.objects.bulk_create(
        Service(organisation=body, name=f"{words.choice(('Library', 'Youth', 'Nursing'))} {number}", changed_by=person)
        for number, (body, person) in enumerate(zip(of, people, strict=True))
    )
    made = Assessment.objects.bulk_create(_assessment(model, service, words) for service in services)
    Engagement.objects.bulk_create(Engagement(assessment=one, firm=firm, began_by_id=one.lead_id) for one in made)
    # Somebody of the same body reads each.
    Participation.objects.bulk_create(
        Participation(assessment=one, user=people[number - 1], role="reader", changed_by_id=one.lead_id)
        for number, one in enumerate(made)
    )
    _submit(words.sample(made, count * 2 // 5), firm, adviser, words)


def _assessment(model: Assessment, service: Service, words: random.Random) -> Assessment:
    return Assessment(
        service=service,
        lead_id=service.changed_by_id,
        edition=model.edition,
        stage=words.choice(Stage.values),
        colours={key: words.choice(ENDS) for key in model.colours},
        fingerprint=model.fingerprint,
        scored_on=model.scored_on,
        target_date=timezone.localdate() + dt.timedelta(days=words.randrange(900)),
        is_reviewed=words.random() < 0.1,
        changed_by_id=service.changed_by_id,
    )


def _submit(assessments: list[Assessment], firm: Organisation, adviser: User, words: random.Random) -> None:
    submissions = Submission.objects.bulk_create(
        Submission(
            assessment=one,
            number=1,
            firm=firm,
            status=words.choice(("submitted", "in_review", "returned", "withdrawn")),
            inputs={},
            result={},
            colours=one.colours,
            submitted_by_id=one.lead_id,
            changed_by_id=one.lead_id,
        )
        for one in assessments
    )
    claimed = [one for one in submissions if one.status == Submission.Status.IN_REVIEW]
    Review.objects.bulk_create(Review(submission=one, adviser=adviser, changed_by=adviser) for one in claimed)
