"""The organisations of a person."""

from django.db.models import QuerySet

from assessments.models import Organisation, User


def organisations_of(person: User) -> QuerySet[Organisation]:
    """Those that the person belongs to, in alphabetical order."""
    return Organisation.objects.filter(memberships__user=person).order_by("name", "pk")


def public_bodies_of(person: User) -> QuerySet[Organisation]:
    return organisations_of(person).filter(kind=Organisation.Kind.PUBLIC_BODY)


def firms_of(person: User) -> QuerySet[Organisation]:
    return organisations_of(person).filter(kind=Organisation.Kind.ADVISER_FIRM)
