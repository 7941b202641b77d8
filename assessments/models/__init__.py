from assessments.models.answer import Answer, Evidence, State
from assessments.models.assessment import Assessment, Stage
from assessments.models.cash_flow import CashFlow
from assessments.models.plan import PlanItem, Progress
from assessments.models.report import Report
from assessments.models.user import User
from assessments.models.what_if import WhatIf

__all__ = [
    "Answer",
    "Assessment",
    "CashFlow",
    "Evidence",
    "PlanItem",
    "Progress",
    "Report",
    "Stage",
    "State",
    "User",
    "WhatIf",
]
