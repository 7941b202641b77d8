from django.urls import include, path

urlpatterns = [
    path("accounts/", include("spinout.accounts.urls")),
    path("", include("assessments.urls")),
]
