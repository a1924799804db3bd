"""Every write to accounts: opening, locking, passwords and second factors."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Forbidden, Invalid
from linli.kernel.text import clean_line
from linli.platform.access.actor import Actor
from linli.platform.access.branch import EVERYWHERE
from linli.platform.access.models import Account, Unit
from linli.platform.access.passwords import first_password
from linli.platform.access.rights import require_over_account
from linli.platform.access.rules import Verb
from linli.platform.access.sessions import end_sessions
from linli.platform.changes.door import change, create, note

# A letter must be in it: an all-digit name could be somebody's phone number.
USERNAME = re.compile(r"^(?=.*[^\W\d_])[\w.@-]{2,60}$")
PHONE = re.compile(r"^\+?[0-9]{5,19}$")


def open_account(
    *, actor: Actor, unit: Unit, username: str, full_name: str, at: datetime, phone: str = "",
    email: str = "", password: str | None = None,
) -> tuple[Account, str]:  # fmt: skip
    """Open an account looked after by `unit`; returns it and its first password, shown once.

    The person must choose another password at the first sign-in. `password` is given by loaders
    that know it; it is then taken as it is and need not be changed.
    Raises `Invalid` at the field that cannot be taken.
    """
    account = Account(must_change_password=password is None)
    _fill(account, username=username, full_name=full_name, phone=phone, email=email)
    account.place_in(unit)
    secret = password or first_password()
    account.set_password(secret)
    with create(account, by=actor, verb=Verb.OPEN_ACCOUNT, at=at) as entry:
        entry.facts.update(username=account.username, unit=unit.name)
    return account, secret


def change_account(
    *, actor: Actor, account: Account, at: datetime, username: str | None = None,
    full_name: str | None = None, phone: str | None = None, email: str | None = None,
    unit: Unit | None = None, expected: int | None = None,
) -> None:  # fmt: skip
    """Correct a name or number, or hand the account to another place; None leaves as it is."""
    require_over_account(actor, account, timezone.localdate(at), by=Verb.CHANGE_ACCOUNT)
    with change(account, by=actor, verb=Verb.CHANGE_ACCOUNT, at=at, expected=expected) as entry:
        if unit is not None and unit.pk != account.unit_id:
            entry.facts["unit"] = [account.unit.name if account.unit else "", unit.name]
            account.place_in(unit)
        _fill(
            account,
            username=account.username if username is None else username,
            full_name=account.full_name if full_name is None else full_name,
            phone=account.phone if phone is None else phone,
            email=account.email if email is None else email,
        )


def lock_account(*, actor: Actor, account: Account, reason: str, at: datetime) -> None:
    """The account signs in no longer; running sessions end at once. Asks for a reason."""
    require_over_account(actor, account, timezone.localdate(at), by=Verb.LOCK_ACCOUNT)
    if account.pk == actor.account_id:
        raise Forbidden(Verb.LOCK_ACCOUNT.label, _("You cannot lock your own account."))
    if not reason.strip():
        raise Invalid("reason", _("Please give a reason."))
    with change(account, by=actor, verb=Verb.LOCK_ACCOUNT, at=at) as entry:
        account.is_active = False
        entry.facts["reason"] = reason.strip()
    end_sessions(account)


def unlock_account(*, actor: Actor, account: Account, at: datetime) -> None:
    """The account signs in again; a lock after wrong passwords is lifted too."""
    require_over_account(actor, account, timezone.localdate(at), by=Verb.UNLOCK_ACCOUNT)
    with change(account, by=actor, verb=Verb.UNLOCK_ACCOUNT, at=at):
        account.is_active = True
    AccessAttempt.objects.filter(username=account.username.lower()).delete()


def reset_password(*, actor: Actor, account: Account, at: datetime) -> str:
    """Give the account a new first password, shown once; every session of it ends.

    A person changes the own password by `change_password` and not by this.
    """
    require_over_account(actor, account, timezone.localdate(at), by=Verb.RESET_PASSWORD)
    if account.pk == actor.account_id:
        raise Forbidden(
            Verb.RESET_PASSWORD.label, _("Change your own password under “Sign-in and security”.")
        )
    secret = first_password()
    with change(account, by=actor, verb=Verb.RESET_PASSWORD, at=at):
        account.set_password(secret)
        account.must_change_password = True
    AccessAttempt.objects.filter(username=account.username.lower()).delete()
    end_sessions(account)
    return secret


def change_password(*, actor: Actor, account: Account, password: str, at: datetime) -> None:
    """A person chooses the own password. Raises `Invalid` with every rule it breaks."""
    by = _oneself(actor, account, Verb.CHANGE_PASSWORD)
    if account.check_password(password):
        raise Invalid("password1", _("This is the password you have now. Choose another."))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid("password1", " ".join(error.messages)) from error
    with change(account, by=by, verb=Verb.CHANGE_PASSWORD, at=at):
        account.set_password(password)
        account.must_change_password = False


def set_up_second_factor(*, actor: Actor, account: Account, at: datetime) -> None:
    """On record: the person has set up a second factor."""
    by = _oneself(actor, account, Verb.SET_UP_SECOND_FACTOR)
    note(account, by=by, verb=Verb.SET_UP_SECOND_FACTOR, at=at)


def remove_second_factor(*, actor: Actor, account: Account, at: datetime) -> None:
    """On record: the person has removed the own second factor."""
    by = _oneself(actor, account, Verb.REMOVE_SECOND_FACTOR)
    note(account, by=by, verb=Verb.REMOVE_SECOND_FACTOR, at=at)


def reset_second_factor(*, actor: Actor, account: Account, reason: str, at: datetime) -> None:
    """Remove a lost second factor and its recovery codes; every session ends. Asks for a reason."""
    require_over_account(actor, account, timezone.localdate(at), by=Verb.RESET_SECOND_FACTOR)
    if account.pk == actor.account_id:
        raise Forbidden(
            Verb.RESET_SECOND_FACTOR.label,
            _("Change your own second factor under “Sign-in and security”."),
        )
    if not reason.strip():
        raise Invalid("reason", _("Please give a reason."))
    with change(account, by=actor, verb=Verb.RESET_SECOND_FACTOR, at=at) as entry:
        entry.facts["reason"] = reason.strip()
        Authenticator.objects.filter(user=account).delete()
    end_sessions(account)


def _oneself(actor: Actor, account: Account, verb: Verb) -> Actor:
    """The actor over the own account: everybody may look after the own password."""
    if actor.account_id != account.pk:
        raise Forbidden(verb.label)
    return replace(actor, branch=EVERYWHERE, verbs=frozenset({str(verb)}))


def _fill(account: Account, *, username: str, full_name: str, phone: str, email: str) -> None:
    account.username = clean_line(username)
    account.full_name = clean_line(full_name)
    account.phone = re.sub(r"[\s-]", "", clean_line(phone))
    account.email = clean_line(email)
    faults = {}
    if not USERNAME.match(account.username):
        faults["username"] = _(
            "Letters (one at least), digits and . _ - @, two to sixty characters, no spaces."
        )
    if not account.full_name:
        faults["full_name"] = _("Please give the person's name.")
    if account.phone and not PHONE.match(account.phone):
        faults["phone"] = _("This is not a phone number.")
    others = Account.objects.exclude(pk=account.pk)
    if "username" not in faults and others.filter(username__iexact=account.username).exists():
        faults["username"] = _("There is already an account with this user name.")
    if account.phone and others.filter(Q(phone=account.phone)).exists():
        faults["phone"] = _("Another account has this phone number.")
    if faults:
        raise Invalid.several(faults)
