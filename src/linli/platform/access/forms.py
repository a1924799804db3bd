"""Forms of signing in: allauth's steps, with our words and with every failure counted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from linli.kernel.text import clean_line
from linli.platform.access.adapter import limit_session
from linli.platform.access.models import Account

ONE_TIME = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}


def password_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    """A password as it was typed: nothing stripped, pasting allowed."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, widget=widget, validators=[MaxLengthValidator(256)], **more
    )


class SignInForm(LoginForm):
    """User name or phone number, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"), "current-password")
        self.fields["login"] = forms.CharField(
            label=_("User name or phone number"),
            max_length=60,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
            ),
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """Full-width digits and blanks of an input method become plain."""
        return clean_line(self.cleaned_data["login"])

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in or go on to the second factor; the session's end is ours to set."""
        response: HttpResponse = super().login(request, redirect_url)
        limit_session(request)
        return response


class AgainForm(forms.Form):
    """The password once more before something sensitive."""

    password = password_field(_("Password"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user: Account = kwargs.pop("user")
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Counted like a failed sign-in when wrong."""
        password = str(self.cleaned_data["password"])
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class NewPasswordForm(forms.Form):
    """The present password, and a new one twice."""

    oldpassword = password_field(_("Present password"), "current-password")
    password1 = password_field(_("New password"), "new-password")
    password2 = password_field(_("New password once more"), "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user: Account = kwargs.pop("user")
        super().__init__(*args, **kwargs)
        self.rules = password_validators_help_texts()

    def clean_oldpassword(self) -> str:
        """Counted like a failed sign-in when wrong."""
        password = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password

    def clean_password1(self) -> str:
        """Against the rules, and not the one in use."""
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        if self.user.check_password(password):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return password

    def clean(self) -> dict[str, Any]:
        """Both new ones must agree."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two new passwords are not the same."))
        return data

    def save(self) -> None:
        """Through the door."""
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


class _Counted:
    """A wrong code counts as a failed sign-in of the account, in the database."""

    user: Account
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        request = context.request
        credentials = {"login": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            request.axes_credentials = credentials
            raise ValidationError(_("Too many wrong codes."))
        self.cleaned_data["code"] = "".join(clean_line(self.cleaned_data["code"]).split())
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class CodeForm(_Counted, AuthenticateForm):
    """The code of the second step of signing in, or a recovery code."""

    code = forms.CharField(
        label=_("Code from your phone, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs=ONE_TIME),
    )


class CodeAgainForm(_Counted, ReauthenticateForm):
    """A code before something sensitive."""

    code = forms.CharField(
        label=_("Code from your phone, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs=ONE_TIME),
    )


class FirstCodeForm(ActivateTOTPForm):
    """The first code, that proves that the phone has the secret."""

    code = forms.CharField(
        label=_("The six digits the app shows now"),
        max_length=10,
        widget=forms.TextInput(attrs=ONE_TIME),
    )

    def clean_code(self) -> str:
        """Blanks between the digits do not matter."""
        self.cleaned_data["code"] = "".join(clean_line(self.cleaned_data["code"]).split())
        return str(super().clean_code())
