"""What changes organisations: who founds them, who belongs to them."""

from django.db import transaction

from assessments.models import Membership, Organisation, User


@transaction.atomic
def found(*, by: User, name: str, kind: str = Organisation.Kind.PUBLIC_BODY) -> Organisation:
    """A new organisation to which its founder belongs.

    A firm's founder administers it. A public body's is a member at first, who can begin at once, and becomes its
    administrator when they want to invite others: administrators need a second factor to sign in.
    """
    organisation = Organisation.objects.create(name=name, kind=kind, founded_by=by, changed_by=by)
    role = Membership.Role.ADMINISTRATOR if organisation.is_firm else Membership.Role.MEMBER
    Membership.objects.create(organisation=organisation, user=by, role=role, changed_by=by)
    return organisation
