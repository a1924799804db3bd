"""Identity numbers of people (GB 11643-1999) and codes of organisations (GB 32100-2015).

What the standard makes impossible is an error; what is only unusual is a warning that never stops
anybody: lists of area codes are never complete, and people keep the code of a county long gone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from linli.kernel.errors import Text

SPACES = re.compile(r"[\s\-\u2010-\u2015]+")
ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
OLD_ID_SHAPE = re.compile(r"[0-9]{15}")
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
ID_CHECKS = "10X98765432"
PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
        9: "1",
    }.items()
    for place in places
)
"""First two digits in use; 71/81/82/83 Taiwan, Hong Kong and Macao residents, 91 foreigners."""
OLDEST_YEARS = 130

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_SHAPE = re.compile(rf"[{USCC_ALPHABET}]{{18}}")
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
USCC_KINDS = frozenset(
    f"{authority}{kind}"
    for authority, kinds in {
        "1": "1239",
        "2": "19",
        "3": "123459",
        "4": "19",
        "5": "1239",
        "6": "129",
        "7": "129",
        "8": "19",
        "9": "123",
        "A": "19",
        "N": "1239",
        "Y": "1",
    }.items()
    for kind in kinds
)
"""Registering authority and kind of organisation, the two leading characters."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Checked:
    """The number as it is stored, with what is impossible and what is only unusual about it."""

    number: str
    errors: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    born: date | None = field(default=None)
    male: bool | None = field(default=None)

    @property
    def ok(self) -> bool:
        """Whether the number may be taken; warnings do not matter."""
        return not self.errors


def check_identity(text: str, *, today: date, areas: Collection[str] | None = None) -> Checked:
    """A person's eighteen-character identity number.

    Errors: shape, date of birth, check character. Warning: an area prefix outside `areas` (six
    digits; by default only the province is looked at). Birth and sex come with a clean number.
    """
    number = _typed(text)
    if OLD_ID_SHAPE.fullmatch(number):
        return Checked(number, (_("This is an old 15-digit number; enter the 18-digit one."),))
    if not ID_SHAPE.fullmatch(number):
        return Checked(
            number, (_("An identity number has 17 digits and a last digit or X; please compare."),)
        )
    errors: list[Text] = []
    born = _date(number[6:14])
    if born is None:
        errors.append(_("Digits 7 to 14 are not a date of birth."))
    elif born > today:
        errors.append(_("The date of birth in digits 7 to 14 lies in the future."))
    if id_check(number[:17]) != number[17]:
        errors.append(_("One digit of this identity number is wrong or swapped; please compare."))
    warnings: list[Text] = []
    known = number[:6] in areas if areas is not None else number[:2] in PROVINCES
    if not known:
        warnings.append(_("The area code at the beginning is not known; please compare."))
    if born is not None and born.year < today.year - OLDEST_YEARS:
        warnings.append(_("By this number the person would be older than 130; please compare."))
    if errors:
        return Checked(number, tuple(errors), tuple(warnings))
    return Checked(number, (), tuple(warnings), born, int(number[16]) % 2 == 1)


def check_credit_code(text: str) -> Checked:
    """An organisation's eighteen-character unified social credit code.

    Errors: shape (no I, O, S, V, Z) and check character. Warnings: an authority and kind outside
    GB 32100, or a subject part that does not follow GB 11714.
    """
    number = _typed(text)
    if not USCC_SHAPE.fullmatch(number):
        return Checked(
            number,
            (_("A credit code has 18 digits or capitals, without I, O, S, V and Z."),),
        )
    if credit_check(number[:17]) != number[17]:
        return Checked(
            number, (_("One character of this credit code is wrong or swapped; please compare."),)
        )
    warnings: list[Text] = []
    if number[:2] not in USCC_KINDS:
        warnings.append(_("The first two characters name no known kind of organisation."))
    if organisation_check(number[8:16]) != number[16]:
        warnings.append(_("Characters 9 to 17 are not a regular organisation code."))
    return Checked(number, (), tuple(warnings))


def id_check(body: str) -> str:
    """The 18th character for the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return ID_CHECKS[_weighted(body, ID_WEIGHTS, int) % 11]


def credit_check(body: str) -> str:
    """The 18th character for the first 17 (GB 32100)."""
    return USCC_ALPHABET[-_weighted(body, USCC_WEIGHTS, USCC_ALPHABET.index) % 31]


def organisation_check(body: str) -> str:
    """The ninth character for the first eight of an organisation code (GB 11714)."""
    rest = -_weighted(body, ORGANISATION_WEIGHTS, lambda one: int(one, 36)) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004 - ten is written X, as in the standard


def _weighted(body: str, weights: tuple[int, ...], value: Callable[[str], int]) -> int:
    return sum(value(one) * weight for one, weight in zip(body, weights, strict=True))


def _typed(text: str) -> str:
    return SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
