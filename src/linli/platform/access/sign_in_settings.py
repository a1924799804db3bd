"""Signing in, as Django, allauth and axes are told of it; `linli.settings` takes all names."""

from __future__ import annotations

from typing import Any

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/accounts/login/"

AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "linli.platform.access.passwords.LongEnough"},
    {"NAME": "linli.platform.access.passwords.UnlikeThePerson"},
    {"NAME": "linli.platform.access.passwords.NotCommon"},
]
# Fewer rounds only for tests; production keeps Django's default (PBKDF2, 1,000,000 rounds).

ACCOUNT_ADAPTER = "linli.platform.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_FORMS = {
    "login": "linli.platform.access.forms.SignInForm",
    "reauthenticate": "linli.platform.access.forms.AgainForm",
    "change_password": "linli.platform.access.forms.NewPasswordForm",
}
# Failed sign-ins are counted by axes, in the database, for every process alike.
ACCOUNT_RATE_LIMITS: bool = False

MFA_ADAPTER = "linli.platform.access.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Linli"
# One step of 30 seconds either way: office phones' clocks are seldom exact.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "linli.platform.access.forms.CodeForm",
    "reauthenticate": "linli.platform.access.forms.CodeAgainForm",
    "activate_totp": "linli.platform.access.forms.FirstCodeForm",
}

USERSESSIONS_TRACK_ACTIVITY = True

# A lock holds for one account name at one address: nobody can lock a colleague out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "linli.platform.access.lockout.failures"
AXES_COOLOFF_TIME = "linli.platform.access.lockout.lock_time"
AXES_USERNAME_CALLABLE = "linli.platform.access.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "linli.platform.access.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "linli.platform.access.lockout.locked_out"
AXES_USERNAME_FORM_FIELD = "login"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "code", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
