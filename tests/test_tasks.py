"""Jobs, called as the worker calls them; `tests/reports/test_worker.py` has them in a real worker."""

import datetime as dt

import pytest
from django.utils import timezone

from assessments.models import Assessment, User
from assessments.tasks import rescore_all
from tests.factories import make_assessment

pytestmark = pytest.mark.django_db


def test_rescore_all_brings_every_result_to_the_day(alice: User, bob: User) -> None:
    today = timezone.localdate()
    behind, current = make_assessment(alice), make_assessment(bob)
    old = {**behind.result, "as_of": "2026-01-02"}
    Assessment.objects.filter(pk=behind.pk).update(scored_on=dt.date(2026, 1, 2), result=old)
    Assessment.objects.filter(pk=current.pk).update(fingerprint="untouched")

    rescore_all(timestamp=0)

    behind.refresh_from_db()
    current.refresh_from_db()
    assert (behind.scored_on, behind.result["as_of"]) == (today, today.isoformat())
    assert current.fingerprint == "untouched"
