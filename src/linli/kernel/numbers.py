"""Numbers people read to each other over the telephone.

Digits only. The last digit is a check digit by H. Michael Damm's totally anti-symmetric
quasigroup of order 10 (dissertation, Marburg 2004): it catches every single wrong digit and every
swap of two neighbours, which ISO 7064's MOD 11,10 does not promise for swaps.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid

DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
GROUP = 4
SEQUENCE_DIGITS = 5
SHORTEST = 2
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212._·/]+")
"""What people write between groups: spaces, every kind of dash, dots, slashes."""


def check_digit(body: str) -> str:
    """The Damm digit to append to `body` (ASCII digits); ValueError for anything else."""
    if not (body.isascii() and body.isdigit()):
        raise ValueError(f"not a string of digits: {body!r}")
    interim = 0
    for digit in body:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def with_check(body: str) -> str:
    """`body` followed by its check digit."""
    return body + check_digit(body)


def make_number(day: date, sequence: int) -> str:
    """Number of the `sequence`-th thing of a day: YYYYMMDD, five digits, check digit.

    From 100,000 a day the number grows by a digit instead of running over, so no two are equal.
    """
    if sequence < 1:
        raise ValueError("a sequence starts at 1")
    return with_check(f"{day:%Y%m%d}{sequence:0{SEQUENCE_DIGITS}d}")


def is_valid(number: str) -> bool:
    """Whether `number` (digits only, check digit last) holds together."""
    if len(number) < SHORTEST or not (number.isascii() and number.isdigit()):
        return False
    return check_digit(number[:-1]) == number[-1]


def bare_number(text: str) -> str:
    """What was typed, without separators and with full-width digits made plain; not yet checked."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text))


def parse_number(text: str, field: str = "number") -> str:
    """The number someone typed or was told.

    Raises Invalid at `field` when it is no number or its check digit does not fit.
    """
    number = bare_number(text)
    if not (number.isascii() and number.isdigit()):
        raise Invalid(
            field,
            _("A number has digits only, for example %(example)s."),
            example=format_number(make_number(date(2026, 11, 22), 12)),
        )
    if not is_valid(number):
        raise Invalid(
            field, _("One digit of this number is wrong, missing or swapped. Please compare it.")
        )
    return number


def format_number(number: str) -> str:
    """Groups of four for reading aloud: 20261122000123 → 2026 1122 0001 23."""
    return " ".join(number[i : i + GROUP] for i in range(0, len(number), GROUP))
