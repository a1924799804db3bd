"""How allauth signs people in here: no self-registration, our door for writes, sealed secrets."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from linli.kernel.errors import Unavailable
from linli.platform.access.actor import Actor
from linli.platform.access.address import client_address
from linli.platform.access.models import Account
from linli.platform.access.reads import needs_second_factor, sign_in_rule
from linli.platform.access.scope import current_actor

# Told by the page itself, not by a message on top of it.
SILENT_MESSAGES = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
QUIET_ZONE = 4


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by staff; everything written to one goes through the door."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "User name (or phone number) and password do not match. "
            "Check capital letters, or ask whoever looks after accounts for a new password."
        ),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody registers by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed attempts are counted by axes in the database, not in a cache."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as our proxies tell it."""
        return client_address(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in for as long as the rule says, however busy the session is."""
        super().login(request, user)
        limit_session(request)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Check against our rules; raises `ValidationError`."""
        validate_password(password, cast("Account | None", user))
        return password

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Through the door, with an entry."""
        from linli.platform.access.actions import change_password

        actor = current_actor() or Actor.public()
        # `user` may be request.user, a lazy stand-in; the door wants the row itself.
        account = Account.objects.get(pk=user.pk)
        change_password(actor=actor, account=account, password=password, at=timezone.now())
        user.password = account.password

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **more: Any,
    ) -> None:
        """Leaves out what the page itself tells."""
        if message_template not in SILENT_MESSAGES:
            super().add_message(request, level, message_template, *args, **more)


def limit_session(request: HttpRequest) -> None:
    """End the session at a fixed moment, the rule's hours from now."""
    hours = sign_in_rule(timezone.localdate()).session_hours
    request.session.set_expiry(timezone.now() + timedelta(hours=hours))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are stored sealed; a factor that a role demands cannot be removed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right. Codes change every 30 seconds: enter the one shown now, and "
            "check that the phone's clock is set automatically."
        ),
        "cannot_delete_authenticator": _(
            "Your post demands a second factor, so it cannot be removed. To move to another phone, "
            "ask whoever looks after accounts to remove the lost one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key the database does not have."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; raises `Unavailable` when LINLI_SECRET_KEY was changed."""
        try:
            return unsealed(encrypted_text)
        except InvalidToken as error:
            raise Unavailable from error

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """What the app on the phone shows under the code."""
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """The QR code as one path, without any style in it."""
        return qr_svg(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not while a post that is held demands it."""
        return not needs_second_factor(authenticator.user, timezone.localdate())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The change is on record in the account's entries; nothing is mailed."""


def qr_svg(text: str) -> str:
    """A QR code as inline SVG: one unit a module, dark on light in every theme."""
    code: Any = QRCode(border=QUIET_ZONE, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    matrix = code.get_matrix()
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(matrix)
        for column, dark in enumerate(cells)
        if dark
    )
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'shape-rendering="crispEdges" width="240" height="240"><title>QR</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def sealed(text: str) -> str:
    """The text, readable only with a key that the database does not have."""
    return _box().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """Opens `sealed`; raises `InvalidToken` for anything else."""
    return _box().decrypt(text.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"linli second factor\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
