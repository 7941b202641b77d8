"""Whoever had assessments by themselves gets an organisation of that name, with its services, and belongs to it."""

from typing import Any

from django.db import migrations


def fill(apps: Any, _schema_editor: Any) -> None:
    """One organisation for each person and name: two people who typed the same name may be strangers."""
    model = apps.get_model
    assessments = model("assessments", "Assessment").objects.order_by("started_at")
    for assessment in assessments.filter(service=None).iterator():
        organisation, _made = model("assessments", "Organisation").objects.get_or_create(
            name=assessment.organisation_name or "Organisation",
            founded_by_id=assessment.lead_id,
            defaults={"changed_by_id": assessment.lead_id, "code": _code(assessment.pk)},
        )
        model("assessments", "Membership").objects.get_or_create(
            organisation=organisation,
            user_id=assessment.lead_id,
            defaults={"role": "member", "changed_by_id": assessment.lead_id},
        )
        assessment.service = model("assessments", "Service").objects.create(
            organisation=organisation, name=assessment.service_name, changed_by_id=assessment.lead_id
        )
        assessment.save(update_fields=["service"])


def _code(pk: Any) -> str:
    """Codes of public bodies are used by nobody, and only have to differ."""
    return f"{pk.hex[:4]}-{pk.hex[4:8]}".upper()


# The history keeps the names that a service had, now as names of the service. Assessments that are gone have none.
HISTORY = """
ALTER TABLE assessments_assessmentevent DISABLE TRIGGER USER;
UPDATE assessments_assessmentevent AS event SET service_id = assessment.service_id
  FROM assessments_assessment AS assessment WHERE assessment.id = event.pgh_obj_id AND event.service_id IS NULL;
UPDATE assessments_assessmentevent SET service_id = pgh_obj_id WHERE service_id IS NULL;
ALTER TABLE assessments_assessmentevent ENABLE TRIGGER USER;
INSERT INTO assessments_serviceevent
  (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, id, name, organisation_id, changed_by_id)
SELECT event.pgh_created_at, 'update', service.id, event.pgh_context_id, service.id, event.service_name,
  service.organisation_id, event.changed_by_id
FROM assessments_assessmentevent AS event JOIN assessments_service AS service ON service.id = event.service_id
WHERE event.pgh_label <> 'delete';
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_organisations_people_reviews")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
    ]
