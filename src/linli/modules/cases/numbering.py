"""Numbers that can be read over the phone and do not tell how many cases there are."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from django.conf import settings
from django.db import connection

from linli.kernel.numbers import make_number

# Six digits a day, the first of them never 0.
A_DAY = 900_000
FIRST = 100_000
HALF = 950  # 950 × 950 is the smallest square that holds A_DAY
ROUNDS = 4


def next_number(day: date) -> str:
    """A fresh number of that day; the sequence never goes back, so none is given twice."""
    return numbers(day, 1)[0]


def numbers(day: date, count: int) -> list[str]:
    """`count` fresh numbers of that day in one question to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        return [number_of(day, sequence) for (sequence,) in cursor.fetchall()]


def number_of(day: date, sequence: int) -> str:
    """The number of the sequence's value: shuffled within the day, check digit last."""
    return make_number(day, FIRST + _shuffle(sequence % A_DAY))


def _shuffle(value: int) -> int:
    """A keyed permutation of 0…A_DAY-1: a small Feistel network, walked until it stays inside."""
    while True:
        left, right = divmod(value, HALF)
        for turn in range(ROUNDS):
            left, right = right, (left + _mix(turn, right)) % HALF
        value = left * HALF + right
        if value < A_DAY:
            return value


_mixed: dict[tuple[int, int], int] = {}


def _mix(turn: int, value: int) -> int:
    found = _mixed.get((turn, value))
    if found is None:
        key = settings.SECRET_KEY.encode()
        digest = hmac.new(key, f"{turn}:{value}".encode(), hashlib.sha256).digest()
        found = _mixed[turn, value] = int.from_bytes(digest[:4], "big")
    return found


def receipt_hash(number: str, code: str) -> str:
    """What is stored of the code given to a reporter."""
    text = f"receipt:{number}:{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()
