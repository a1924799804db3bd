"""Passwords: what a good one is, and the first one, that somebody else makes."""

from __future__ import annotations

import re
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.kernel.text import initials, pinyin
from linli.platform.access.models import Account
from linli.platform.access.reads import sign_in_rule

# Read over the phone and copied from paper: no 0/o, 1/l/i, 5/s, 2/z.
READABLE = "abcdefghjkmnpqrtuvwxy346789"
COMMON_HERE = Path(__file__).parent / "data" / "common_passwords.txt"
KEYBOARD = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
]
FEW_CHARACTERS = 4
TELLING = 4  # letters or digits of a name or number that make a password guessable


def first_password() -> str:
    """A password for the first sign-in: 16 characters in four groups, about 77 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


class LongEnough:
    """The length comes from the dated rule for signing in."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        """Raise `ValidationError` when the password is too short."""
        least = sign_in_rule(timezone.localdate()).password_length
        if len(password) < least:
            raise ValidationError(self._sentence(least), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return self._sentence(sign_in_rule(timezone.localdate()).password_length)

    def _sentence(self, least: int) -> str:
        return ngettext(
            "At least %(count)d character; a short sentence is easy to remember.",
            "At least %(count)d characters; a short sentence is easy to remember.",
            least,
        ) % {"count": least}


class UnlikeThePerson:
    """A password must not be made from the user name, the name, its pinyin, phone or e-mail."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` when a part of the person's data is most of the password."""
        if not isinstance(user, Account):
            return
        lowered = password.lower()
        for part in sorted(telling_parts(user), key=len, reverse=True):
            # What is left must still carry the password by itself.
            rest = lowered.replace(part, "")
            if part in lowered and len(rest) < max(len(part), FEW_CHARACTERS * 2):
                raise ValidationError(self.get_help_text(), code="password_too_similar")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Not made from your user name, your name, its pinyin or your phone number.")


def telling_parts(account: Account) -> set[str]:
    """Pieces of a person's data others know, lower case, four characters or more."""
    sound = pinyin(account.full_name, person=True).replace(" ", "")
    found = {
        account.username.lower(),
        account.full_name.lower(),
        sound,
        initials(account.full_name, person=True),
        account.email.partition("@")[0].lower(),
        account.phone,
        account.phone[-8:],
        account.phone[-6:],
        account.phone[-4:],
    }
    return {part for part in found if len(part) >= TELLING}


class NotCommon:
    """Refuses the passwords that are tried first, here and elsewhere."""

    def __init__(self) -> None:
        self._world = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        """Raise `ValidationError` for a listed password, a walk on the keyboard or a repetition."""
        lowered = password.lower().strip()
        bare = re.sub(r"[\W_]+", "", lowered)
        if (
            {lowered, bare} & (common_here() | self._world.passwords)
            or bare.isdigit()
            or len(set(lowered)) <= FEW_CHARACTERS
            or _is_walk(bare)
        ):
            raise ValidationError(self.get_help_text(), code="password_too_common")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("None that many people use (woaini520, Admin@123, qwer1234), not digits only.")


@cache
def common_here() -> frozenset[str]:
    """The list of passwords common in Chinese offices, lower case."""
    lines = COMMON_HERE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line and not line.startswith("#"))


def _is_walk(bare: str) -> bool:
    """Whether the password is nothing but walks along keys (and back), each of four or more."""
    rest = bare
    for row in KEYBOARD:
        for line in (row, row[::-1]):
            for length in range(min(len(line), len(rest)), FEW_CHARACTERS - 1, -1):
                for start in range(len(line) - length + 1):
                    rest = rest.replace(line[start : start + length], "")
    return bool(bare) and len(rest) <= 1
