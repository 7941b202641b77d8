"""Who gets what at which address: the one table that `test_access` walks. An address without a row fails.

A row says, for each person in the order of PEOPLE, what GET and an empty POST get. `a|b` in an adviser's cell: b holds
while answers are kept back, from a submission until the firm's own levels are all recorded. EXCEPT says where a state
of the assessment changes anything else.

200 a page (a form with its errors, too)   302 led elsewhere: on, back, or to sign in   403 seen, but not allowed
404 nothing to see here   405 not by this method
"""

PEOPLE = (
    "anonymous",
    # Belongs to another public body.
    "stranger",
    # An adviser whose firm was let in and out again.
    "ended",
    # Belongs to the same body, but takes no part.
    "member",
    "reader",
    # Answers the questionnaire on pensions.
    "contributor",
    "lead",
    # Administers the body.
    "administrator",
    # Of the firm that is let in.
    "adviser",
)

STATES = ("draft", "submitted", "in review", "revealed", "returned", "signed off", "withdrawn")

# Patterns that many rows share.
#                 anonymous stranger ended   member  reader  contributor lead administrator adviser
PUBLIC = "        200/405   200/405  200/405 200/405 200/405 200/405 200/405 200/405 200/405"
SIGNED_IN = "     302/302   200/200  200/200 200/200 200/200 200/200 200/200 200/200 200/200"
TO_SIGN_IN = "    200/200   302/302  302/302 302/302 302/302 302/302 302/302 302/302 302/302"
MINE = "          302/302   200/405  200/405 200/405 200/405 200/405 200/405 200/405 200/405"
SEE = "           302/302   404/405  404/405 404/405 200/405 200/405 200/405 200/405 200/405"
READ = "          302/302   404/405  404/405 404/405 200/405 200/405 200/405 200/405 200/405|403/405"
FORWARD = "       302/302   404/405  404/405 404/405 302/405 302/405 302/405 302/405 302/405|403/405"
DO = "            302/302   405/404  405/404 405/404 405/302 405/302 405/302 405/302 405/302|405/403"
TRY = "           302/302   405/404  405/404 405/404 405/302 405/302 405/302 405/302 405/403"
TRY_FORM = "      302/302   404/404  404/404 404/404 200/200 200/200 200/200 200/200 403/403"
OWN_TRY = "       302/302   404/404  404/404 404/404 403/403 403/403 200/200 403/403 403/403"
PLAN_FORM = "     302/302   404/404  404/404 404/404 403/403 200/200 200/200 403/403 403/403"
LEAD_FORM = "     302/302   404/404  404/404 404/404 403/403 403/403 200/200 403/403 403/403"
LEAD_DO = "       302/302   405/404  405/404 405/404 405/403 405/403 405/302 405/403 405/403"
NO_REPORT = "     302/302   404/405  404/405 404/405 404/405 404/405 404/405 404/405 404/405|403/405"
NO_REPORT_TO_ASK = "302/302 405/404 405/404 405/404 405/404 405/404 405/404 405/404 405/404|405/403"

TABLE: dict[str, str] = {
    # Pages that belong to nobody
    "home": PUBLIC,
    "method": PUBLIC,
    "glossary": PUBLIC,
    "sources": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "health": PUBLIC,
    # An assessment
    "assessment-start": SIGNED_IN,
    "assessment": SEE,
    "assessment-change": LEAD_FORM,
    "assessment-check": READ,
    "assessment-result": READ,
    "forms-and-routes": READ,
    "questionnaire": "302/302 404/405 404/405 404/405 403/405 302/405 302/405 403/405 403/405",
    "question-page": "302/302 404/404 404/404 404/404 403/403 200/200 200/200 403/403 403/403",
    "question-item": FORWARD,
    "cash-flow": READ,
    "cash-flow-figures": PLAN_FORM,
    "cash-flow-table": PLAN_FORM,
    "cash-flow-template": "302/302 404/405 404/405 404/405 403/405 200/405 200/405 403/405 403/405",
    # Without figures there are none to fetch.
    "cash-flow-months": FORWARD,
    "cash-flow-delete": PLAN_FORM,
    "report": READ,
    "report-ask": DO,
    "report-read": READ,
    "report-download": READ,
    # Only of a submission that was signed off.
    "submission-report": NO_REPORT,
    "submission-report-ask": NO_REPORT_TO_ASK,
    "submission-report-read": NO_REPORT,
    "plan": READ,
    # Everybody who reads the plan reads its actions; who may agree about them gets the form.
    "plan-action": "302/302 404/404 404/404 404/404 200/403 200/200 200/200 200/403 200/403|403/403",
    "plan-schedule": READ,
    "plan-csv": READ,
    "plan-xlsx": READ,
    "plan-calendar": READ,
    "what-ifs": READ,
    "what-if": READ,
    "what-if-new": TRY_FORM,
    "what-if-edit": OWN_TRY,
    "what-if-answers": OWN_TRY,
    "what-if-rename": OWN_TRY,
    "what-if-delete": "302/302 404/404 404/404 404/404 403/403 403/403 200/302 403/403 403/403",
    "what-if-way-up": TRY,
    "what-if-do-now": TRY,
}

EXCEPT: dict[tuple[str, str], str] = {
    ("submission-report", "signed off"): READ,
    ("submission-report-ask", "signed off"): DO,
    ("submission-report-read", "signed off"): READ,
}
