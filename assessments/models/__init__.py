from assessments.models.access import Access, Role, Seat
from assessments.models.answer import Answer, Evidence, State
from assessments.models.assessment import Assessment, Stage
from assessments.models.cash_flow import CashFlow
from assessments.models.evidence import EvidenceItem
from assessments.models.export import Export
from assessments.models.organisation import Invitation, Membership, Organisation, Service
from assessments.models.people import Engagement, Participation
from assessments.models.plan import PlanItem, Progress
from assessments.models.report import Report
from assessments.models.submission import InvalidTransition, RatedPair, Rating, Review, Submission
from assessments.models.together import Ask, Comment, Opinion, Settlement, Thread
from assessments.models.user import User
from assessments.models.what_if import WhatIf

__all__ = [
    "Access",
    "Answer",
    "Ask",
    "Assessment",
    "CashFlow",
    "Comment",
    "Engagement",
    "Evidence",
    "EvidenceItem",
    "Export",
    "InvalidTransition",
    "Invitation",
    "Membership",
    "Opinion",
    "Organisation",
    "Participation",
    "PlanItem",
    "Progress",
    "RatedPair",
    "Rating",
    "Report",
    "Review",
    "Role",
    "Seat",
    "Service",
    "Settlement",
    "Stage",
    "State",
    "Submission",
    "Thread",
    "User",
    "WhatIf",
]
