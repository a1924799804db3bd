"""What allauth tells of second factors, put on record."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.utils import timezone

from linli.platform.access.actions import remove_second_factor, set_up_second_factor
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account


@receiver(authenticator_added)
def on_added(user: Account, authenticator: Authenticator, **_more: Any) -> None:
    """A factor was set up: one entry, the recovery codes that come with it are part of it."""
    if authenticator.type == Authenticator.Type.TOTP:
        set_up_second_factor(actor=_oneself(user), account=user, at=timezone.now())


@receiver(authenticator_removed)
def on_removed(user: Account, authenticator: Authenticator, **_more: Any) -> None:
    """A factor was removed by its owner."""
    if authenticator.type == Authenticator.Type.TOTP:
        remove_second_factor(actor=_oneself(user), account=user, at=timezone.now())


def _oneself(user: Account) -> Actor:
    return Actor(name=str(user), branch=Actor.public().branch, account_id=user.pk)
