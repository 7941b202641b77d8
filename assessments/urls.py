from django.urls import path

from assessments.views import assessments, pages, questions, reports

urlpatterns = [
    path("", pages.home, name="home"),
    path("how-scoring-works/", pages.method, name="method"),
    path("glossary/", pages.glossary, name="glossary"),
    path("sources/", pages.sources, name="sources"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("health/", pages.health, name="health"),
    path("assessments/new/", assessments.start, name="assessment-start"),
    path("assessments/<uuid:pk>/", assessments.tasks, name="assessment"),
    path("assessments/<uuid:pk>/details/", assessments.change, name="assessment-change"),
    path("assessments/<uuid:pk>/check/", assessments.check, name="assessment-check"),
    path("assessments/<uuid:pk>/result/", assessments.result, name="assessment-result"),
    path("assessments/<uuid:pk>/report/", reports.report, name="report"),
    path("assessments/<uuid:pk>/report/ask/", reports.ask, name="report-ask"),
    path("assessments/<uuid:pk>/report/read/", reports.read, name="report-read"),
    path("assessments/<uuid:pk>/report/<uuid:report_pk>/report.pdf", reports.download, name="report-download"),
    path("assessments/<uuid:pk>/questions/<slug:slug>/", questions.questionnaire, name="questionnaire"),
    path("assessments/<uuid:pk>/questions/<slug:slug>/<slug:page_id>/", questions.page, name="question-page"),
    path("assessments/<uuid:pk>/item/<str:item_id>/", questions.item, name="question-item"),
]
