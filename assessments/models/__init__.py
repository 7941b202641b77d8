from assessments.models.answer import Answer, Evidence, State
from assessments.models.assessment import Assessment, Stage
from assessments.models.report import Report
from assessments.models.user import User

__all__ = ["Answer", "Assessment", "Evidence", "Report", "Stage", "State", "User"]
