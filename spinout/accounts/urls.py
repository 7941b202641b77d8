"""allauth's pages, one by one, so that nothing of it is there that we do not show and test."""

from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import include, path

from spinout.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("name/", views.name, name="account-name"),
    path("", include("allauth.account.urls")),
    path("second-factor/", views.second_factor_page, name="second-factor"),
    path("2fa/", include("allauth.mfa.base.urls")),
    path("2fa/totp/", include("allauth.mfa.totp.urls")),
    path("2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/sign-in/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/confirm/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("organisation/", socialaccount.connections, name="socialaccount_connections"),
    path("organisation/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("organisation/error/", socialaccount.login_error, name="socialaccount_login_error"),
    path("organisation/sign-up/", socialaccount.signup, name="socialaccount_signup"),
    path("organisation/<slug:provider_id>/", views.openid_connect_login, name="openid_connect_login"),
    path("organisation/<slug:provider_id>/callback/", openid_connect.callback, name="openid_connect_callback"),
]
