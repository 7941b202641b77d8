"""An installation from before there were organisations moves on with everything that people wrote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEFORE = """
from django.db import connection
from datetime import timedelta
ids = []
with connection.cursor() as cursor:
    for email in ("one@example.org", "two@example.org"):
        cursor.execute(
            "INSERT INTO assessments_user (password, is_superuser, email, name, is_staff, is_active, joined_at)"
            " VALUES ('', false, %s, '', false, true, now()) RETURNING id", [email])
        owner = cursor.fetchone()[0]
        for service in ("Libraries", "Parks"):
            cursor.execute(
                "INSERT INTO assessments_assessment (id, owner_id, service_name, organisation_name, edition, stage,"
                " result, colours, fingerprint, started_at, changed_at, changed_by_id) VALUES (gen_random_uuid(), %s,"
                " 'Old name', 'Meadowshire', '2026.1', 'plan', '{}', '{}', '', now(), now(), %s) RETURNING id",
                [owner, owner])
            pk = cursor.fetchone()[0]
            cursor.execute("UPDATE assessments_assessment SET service_name = %s WHERE id = %s", [service, pk])
"""
AFTER = """
from assessments.models import *
for one in Assessment.objects.order_by("lead__email", "service__name"):
    print(one.lead, one.service_name, one.organisation_name, one.target_date, one.is_reviewed)
print(Organisation.objects.count(), Service.objects.count(), Membership.objects.count())
print(sorted(set(Service.pgh_event_model.objects.values_list("name", flat=True))))
events = Assessment.pgh_event_model.objects
print(events.count(), events.filter(service=None).count())
print(Assessment.objects.visible_to(User.objects.get(email="one@example.org")).count())
"""


def manage(folder: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**os.environ, "SPINOUT_ENV": "demo", "SPINOUT_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    manage(tmp_path, "migrate", "assessments", "0003", "--verbosity", "0")
    manage(tmp_path, "shell", "--verbosity", "0", "--command", BEFORE)
    manage(tmp_path, "migrate", "--verbosity", "0")
    return tmp_path


def test_assessments_of_one_person_get_an_organisation(moved: Path) -> None:
    told = manage(moved, "shell", "--verbosity", "0", "--command", AFTER).splitlines()

    assert told == [
        "one@example.org Libraries Meadowshire None False",
        "one@example.org Parks Meadowshire None False",
        "two@example.org Libraries Meadowshire None False",
        "two@example.org Parks Meadowshire None False",
        # Two people who typed the same name may be strangers: one organisation each.
        "2 4 2",
        "['Libraries', 'Old name', 'Parks']",
        # Made, renamed, and given its service.
        "12 0",
        "2",
    ]
