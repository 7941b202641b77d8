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
    "plan-people-and-dates": "302/302 404/404 404/404 404/404 403/403 200/302 200/302 403/403 403/403|403/403",
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
    # Signing in, and one's own account. Nobody here has a password, or a second factor of their own
    "account": MINE,
    "account-data": MINE,
    "account-erase": "302/302 200/302 200/302 200/302 200/302 200/302 200/200 200/200 200/200",
    "account-export": "302/302 405/302 405/302 405/302 405/302 405/302 405/302 405/302 405/302",
    "account-name": SIGNED_IN,
    "account_change_password": "302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302",
    "account_confirm_email": "200/404 200/404 200/404 200/404 200/404 200/404 200/404 200/404 200/404",
    "account_confirm_login_code": "302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302",
    "account_email": "302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302",
    "account_email_verification_sent": PUBLIC,
    "account_inactive": PUBLIC,
    "account_login": TO_SIGN_IN,
    "account_logout": "302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302",
    "account_reauthenticate": "302/302 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403",
    "account_reset_password": "200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200",
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": "200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200",
    "account_reset_password_from_key_done": PUBLIC,
    "account_set_password": SIGNED_IN,
    "account_signup": TO_SIGN_IN,
    "mail-settings": SIGNED_IN,
    "mail-stop": "404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "mfa_activate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_authenticate": "302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302",
    "mfa_deactivate_totp": "302/302 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "mfa_download_recovery_codes": "302/302 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "mfa_edit_webauthn": "302/302 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_index": MINE,
    "mfa_list_webauthn": MINE,
    "mfa_login_webauthn": "302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302",
    "mfa_reauthenticate": "302/302 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403",
    "mfa_reauthenticate_webauthn": "302/302 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403",
    "mfa_remove_webauthn": "302/302 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "mfa_view_recovery_codes": "302/302 404/405 404/405 404/405 404/405 404/405 404/405 404/405 404/405",
    "openid_connect_callback": "404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "openid_connect_login": "404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404",
    "second-factor": "302/302 302/405 302/405 302/405 302/405 302/405 302/405 302/405 302/405",
    "session-end": "302/302 405/404 405/404 405/404 405/404 405/404 405/404 405/404 405/404",
    "socialaccount_connections": SIGNED_IN,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": "302/302 401/405 401/405 401/405 401/405 401/405 401/405 401/405 401/405",
    "socialaccount_signup": "302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302 302/302",
    "usersessions_list": "302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302",
    # Advisers' clients; agreement is for who keeps the catalogue
    "agreement": "302/302 404/405 404/405 404/405 404/405 404/405 404/405 404/405 404/405",
    "portfolio": "302/302 404/405 200/405 404/405 404/405 404/405 404/405 404/405 200/405",
    "portfolio-csv": "302/302 404/405 200/405 404/405 404/405 404/405 404/405 404/405 200/405",
    "portfolio-xlsx": "302/302 404/405 200/405 404/405 404/405 404/405 404/405 404/405 200/405",
    # Working together
    "ask-done": "302/302 405/404 405/404 405/404 405/404 405/404 405/302 405/404 405/404",
    "assessment-delete": "302/302 404/404 404/404 404/404 403/403 403/403 403/403 200/302 403/403",
    "evidence": READ,
    "evidence-add": PLAN_FORM,
    "evidence-change": PLAN_FORM,
    "evidence-file": READ,
    "evidence-remove": "302/302 404/404 404/404 404/404 403/403 200/302 200/302 403/403 403/403",
    "hand-over": "302/302 404/404 404/404 404/404 403/403 403/403 200/200 200/200 403/403",
    "history": READ,
    "history-csv": READ,
    "item-history": READ,
    "opinion": "302/302 404/404 404/404 404/404 404/404 200/200 404/404 404/404 404/404",
    "opinion-ask": OWN_TRY,
    "opinion-compare": "302/302 404/405 404/405 404/405 403/405 403/405 200/405 403/405 403/405",
    "opinion-settle": "302/302 404/404 404/404 404/404 403/403 403/403 404/404 403/403 403/403",
    "opinion-take-back": LEAD_DO,
    "opinions": "302/302 404/405 404/405 404/405 200/405 200/405 200/405 200/405 403/405",
    "participation-add": "302/302 404/404 404/404 404/404 403/403 403/403 200/200 200/200 403/403",
    "participation-change": "302/302 404/404 404/404 404/404 403/403 403/403 200/200 200/200 403/403",
    "participation-remove": "302/302 404/404 404/404 404/404 403/403 403/403 200/302 200/302 403/403",
    "people": SEE,
    "thread": SEE,
    "thread-open": "302/302 404/404 404/404 404/404 200/200 200/200 200/200 200/200 200/200",
    "thread-reopen": "302/302 405/404 405/404 405/404 405/302 405/302 405/302 405/302 405/302",
    "thread-reply": "302/302 405/404 405/404 405/404 405/200 405/200 405/200 405/200 405/200",
    "thread-resolve": "302/302 405/404 405/404 405/404 405/302 405/302 405/302 405/302 405/302",
    "threads": SEE,
    # An organisation: here the public body
    "engagement-begin": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "engagement-end": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "export-download": "302/302 404/405 404/405 403/405 403/405 403/405 403/405 200/405 404/405",
    "invitation": "200/200 200/403 200/403 200/403 200/403 200/403 200/403 200/403 200/403",
    "invitation-again": "302/302 405/404 405/404 405/403 405/403 405/403 405/403 405/302 405/404",
    "invitation-new": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "invitation-withdraw": "302/302 405/404 405/404 405/403 405/403 405/403 405/403 405/302 405/404",
    "member-remove": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/302 404/404",
    "member-role": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "organisation": "302/302 404/405 404/405 200/405 200/405 200/405 200/405 200/405 404/405",
    "organisation-claim": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 403/403 404/404",
    "organisation-data": "302/302 404/405 404/405 403/405 403/405 403/405 403/405 200/405 404/405",
    "organisation-erase": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "organisation-erase-cancel": "302/302 405/404 405/404 405/403 405/403 405/403 405/403 405/302 405/404",
    "organisation-export": "302/302 405/404 405/404 405/403 405/403 405/403 405/403 405/302 405/404",
    "organisation-history": "302/302 404/405 404/405 403/405 403/405 403/405 403/405 200/405 404/405",
    "organisation-history-csv": "302/302 404/405 404/405 403/405 403/405 403/405 403/405 200/405 404/405",
    "organisation-leave": "302/302 404/404 404/404 200/302 200/302 200/302 200/200 200/200 404/404",
    "organisation-new": SIGNED_IN,
    "organisation-rename": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/200 404/404",
    "organisation-retention": "302/302 404/404 404/404 403/403 403/403 403/403 403/403 200/302 404/404",
    "organisations": MINE,
    # Submissions and reviews: the first submission. Draft has none
    "review": "302/302 404/405 404/405 404/405 403/405 403/405 403/405 403/405 200/405",
    "review-claim": "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/302",
    "review-item": "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 403/403",
    "review-object": "302/302 404/404 404/404 404/404 403/403 403/403 302/302 403/403 403/403",
    "review-release": "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/302",
    "review-return": "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 302/302",
    "review-settle": "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/302",
    "review-sign-off": "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 302/302",
    "review-want": "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/302",
    "submission": SEE,
    "submission-new": "302/302 404/404 404/404 404/404 403/403 403/403 200/302 403/403 403/403",
    "submission-withdraw": "302/302 404/404 404/404 404/404 403/403 403/403 302/302 403/403 403/403",
}

EXCEPT: dict[tuple[str, str], str] = {
    ("submission-report", "signed off"): READ,
    ("submission-report-ask", "signed off"): DO,
    ("submission-report-read", "signed off"): READ,
    ("account-erase", "draft"): "302/302 200/302 200/302 200/302 200/302 200/302 200/200 200/200 200/302",
    ("account-erase", "submitted"): "302/302 200/302 200/302 200/302 200/302 200/302 200/200 200/200 200/302",
    ("account-erase", "withdrawn"): "302/302 200/302 200/302 200/302 200/302 200/302 200/200 200/200 200/302",
    ("review", "draft"): "302/302 404/405 404/405 404/405 403/405 403/405 403/405 403/405 403/405",
    ("review", "submitted"): "302/302 404/405 404/405 404/405 403/405 403/405 403/405 403/405 302/405",
    ("review", "withdrawn"): "302/302 404/405 404/405 404/405 403/405 403/405 403/405 403/405 302/405",
    ("review-claim", "draft"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-item", "in review"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 302/302",
    ("review-item", "revealed"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/200",
    ("review-item", "returned"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/302",
    ("review-item", "signed off"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/302",
    ("review-object", "draft"): "302/302 404/404 404/404 404/404 403/403 403/403 404/404 403/403 403/403",
    ("review-release", "draft"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-return", "draft"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 403/403",
    ("review-return", "in review"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/200",
    ("review-return", "revealed"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/200",
    ("review-settle", "draft"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-settle", "submitted"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-settle", "withdrawn"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-sign-off", "draft"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 403/403",
    ("review-sign-off", "revealed"): "302/302 404/404 404/404 404/404 403/403 403/403 403/403 403/403 200/302",
    ("review-want", "draft"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-want", "submitted"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("review-want", "withdrawn"): "302/302 405/404 405/404 405/404 405/403 405/403 405/403 405/403 405/403",
    ("submission", "draft"): "302/302 404/405 404/405 404/405 404/405 404/405 404/405 404/405 404/405",
    ("submission-new", "submitted"): "302/302 404/404 404/404 404/404 403/403 403/403 302/302 403/403 403/403",
    ("submission-new", "in review"): "302/302 404/404 404/404 404/404 403/403 403/403 302/302 403/403 403/403",
    ("submission-new", "revealed"): "302/302 404/404 404/404 404/404 403/403 403/403 302/302 403/403 403/403",
    ("submission-withdraw", "draft"): "302/302 404/404 404/404 404/404 403/403 403/403 404/404 403/403 403/403",
    ("submission-withdraw", "submitted"): "302/302 404/404 404/404 404/404 403/403 403/403 200/200 403/403 403/403",
    ("submission-withdraw", "in review"): "302/302 404/404 404/404 404/404 403/403 403/403 200/200 403/403 403/403",
    ("submission-withdraw", "revealed"): "302/302 404/404 404/404 404/404 403/403 403/403 200/200 403/403 403/403",
}
