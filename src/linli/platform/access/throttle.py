"""How often one address may do something; counted in the database, for every process alike.

Counters lie in a table that is not logged: a crash of the database forgets them, and may. Addresses
themselves are not kept, only a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

MINUTE, HOUR = 60, 3600

# (times, seconds): all of a purpose must hold.
Limits = Sequence[tuple[int, int]]

COUNT = (
    "INSERT INTO access_tally AS tally (key, count, ends) VALUES (%s, 1, %s)"
    " ON CONFLICT (key) DO UPDATE SET count = tally.count + 1 RETURNING count"
)


def wait(purpose: str, who: str, limits: Limits, *, at: datetime) -> int:
    """Count one more time; seconds to wait before the next is welcome, 0 for now."""
    longest = 0
    for times, seconds in limits:
        begun = int(at.timestamp()) // seconds * seconds
        ends = datetime.fromtimestamp(begun + seconds, tz=UTC)
        key = f"{purpose}:{seconds}:{begun}:{_hidden(who)}"
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [key, ends])
            ((count,),) = cursor.fetchall()
        if count > times:
            longest = max(longest, int((ends - at).total_seconds()) + 1)
    return longest


def forget_tallies(*, at: datetime) -> int:
    """Drop tallies whose window is long over; how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_tally WHERE ends < %s", [at - timedelta(hours=1)])
        return int(cursor.rowcount)


def _hidden(who: str) -> str:
    key, text = settings.SECRET_KEY.encode(), f"tally:{who}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:40]
