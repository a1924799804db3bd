"""What somebody must do before working: choose a password, set up a second factor."""

from __future__ import annotations

from enum import StrEnum

from allauth.mfa.models import Authenticator

from linli.platform.access.capacities import Capacity
from linli.platform.access.models import Account


class Duty(StrEnum):
    """Until it is done the person acts in no capacity."""

    PASSWORD = "account_change_password"  # noqa: S105 - the name of an address
    SECOND_FACTOR = "access_second_factor"


def duty_of(account: Account, capacity: Capacity | None) -> Duty | None:
    """The first thing that stands between the person and this capacity."""
    if account.must_change_password:
        return Duty.PASSWORD
    if capacity is not None and capacity.needs_second_factor and not has_second_factor(account):
        return Duty.SECOND_FACTOR
    return None


def has_second_factor(account: Account) -> bool:
    """Whether signing in asks this account for a code."""
    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
