"""Signing in with a user name or a phone number."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from linli.platform.access.models import Account
from linli.platform.changes.statements import found


class NameOrPhoneBackend(BaseBackend):
    """Accepts the user name or the phone number beside the password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **_others: Any,
    ) -> Account | None:
        if not username or not password:
            return None
        account = find(username.strip())
        if account is None:
            # Spend the time of a check, so that names cannot be told apart by the clock.
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        account = found(Account, user_id)
        return account if account is not None and account.is_active else None


def find(name: str) -> Account | None:
    """The account with this user name, or else this phone number."""
    if not name:
        return None
    return (
        Account.objects.filter(username__iexact=name).first()
        or Account.objects.filter(phone=name).first()
    )
