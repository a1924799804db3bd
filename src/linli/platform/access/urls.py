"""Addresses of signing in; included at /accounts/. The names are those allauth looks for."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from linli.platform.access import views
from linli.platform.access.views import answered

urlpatterns = [
    path("login/", answered(account.login), name="account_login"),
    path("logout/", answered(account.logout), name="account_logout"),
    path("inactive/", answered(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", answered(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", answered(account.password_change), name="account_change_password"),
    path("security/", views.security, name="mfa_index"),
    path("security/needed/", views.second_factor_needed, name="access_second_factor"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("capacity/", views.choose_capacity, name="access_capacity"),
    path("code/", answered(mfa.authenticate), name="mfa_authenticate"),
    path("code/again/", answered(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", answered(totp.activate_totp), name="mfa_activate_totp"),
    path("totp/deactivate/", answered(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/", answered(views.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"
    ),
    path(
        "recovery-codes/generate/",
        answered(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
