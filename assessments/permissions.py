"""Who may do what with an assessment. Whether it can be seen at all is said once, in `visible_to`."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from assessments.models import Assessment, User

Anyone = User | AnonymousUser
Predicate = Callable[[Anyone, Assessment], bool]


def can_read(user: Anyone, assessment: Assessment) -> bool:
    return user.pk == assessment.owner_id


def can_edit(user: Anyone, assessment: Assessment) -> bool:
    return user.pk == assessment.owner_id


def get_for(user: Anyone, pk: UUID, may: Predicate = can_read, among: QuerySet[Assessment] | None = None) -> Assessment:
    """The assessment `pk`, in one query. Not visible to `user` is 404; visible but not allowed is 403."""
    visible = (Assessment.objects.all() if among is None else among).visible_to(user)  # type: ignore[attr-defined]
    assessment: Assessment | None = visible.filter(pk=pk).first()
    if assessment is None:
        raise Http404
    if not may(user, assessment):
        raise PermissionDenied
    return assessment
