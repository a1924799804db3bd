"""The chain over the entries: sealed in order, verifiable by anyone who has the audit key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry, Seal
from linli.platform.changes.trail import payload_digest

# The trigger that numbers entries holds this lock, shared, until its transaction ends.
NUMBERING_LOCK = 5_301_846_110
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the trail that is not as it was written."""

    what: str
    seq: int | None
    day: date | None


def seal(*, at: datetime) -> int:
    """Seal all entries whose transactions have ended; returns how many.

    Takes the numbering lock only if it is free at once, so that no writer ever waits: then every
    number given so far is committed or lost for good. Entries of one day make one or more links.
    """
    with acting(Actor.system("seal")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [NUMBERING_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = Seal.objects.order_by("-number").first()
        previous, number = (last.hash, last.number) if last else (GENESIS, 0)
        after = last.last_seq if last else 0
        sealed = 0
        for day, entries in _days(Entry.objects.filter(seq__gt=after).order_by("seq").iterator()):
            number += 1
            previous = _link(previous, entries)
            Seal.objects.create(
                number=number,
                day=day,
                first_seq=entries[0].seq,
                last_seq=entries[-1].seq,
                count=len(entries),
                hash=previous,
                sealed_at=at,
            )
            sealed += len(entries)
        return sealed


def verify() -> list[Fault]:
    """Walk the whole chain; empty when nothing sealed was altered, added or removed."""
    faults: list[Fault] = []
    with acting(Actor.system("verify")):
        previous = GENESIS
        expected_number = 1
        # No lower bound for the first link: numbers below the first are forged ones.
        after: int | None = None
        for link in Seal.objects.order_by("number").iterator():
            if link.number != expected_number:
                faults.append(Fault("A seal is missing.", None, link.day))
                expected_number = link.number
            expected_number += 1
            rows = Entry.objects.filter(seq__lte=link.last_seq)
            if after is not None:
                rows = rows.filter(seq__gt=after)
            entries = list(rows.order_by("seq"))
            after = link.last_seq
            faults += _payload_faults(entries)
            if len(entries) != link.count:
                faults.append(Fault("Entries were added or removed.", link.first_seq, link.day))
            elif _link(previous, entries) != link.hash:
                faults.append(Fault("Entries were altered.", link.first_seq, link.day))
            previous = link.hash
    return faults


def _payload_faults(entries: list[Entry]) -> list[Fault]:
    return [
        Fault("What the entry tells was altered.", entry.seq, entry.at.date())
        for entry in entries
        if entry.forgotten_at is None and payload_digest(entry) != entry.digest
    ]


def _days(entries: Iterator[Entry]) -> Iterator[tuple[date, list[Entry]]]:
    """Runs of entries of one day, at most `LONGEST` long, in order of their numbers."""
    longest = 50_000
    run: list[Entry] = []
    day: date | None = None
    for entry in entries:
        its_day = timezone.localdate(entry.at)
        if run and (its_day != day or len(run) == longest):
            assert day is not None  # noqa: S101  a run always has its day
            yield day, run
            run = []
        day = its_day
        run.append(entry)
    if run and day is not None:
        yield day, run


def _link(previous: str, entries: list[Entry]) -> str:
    chain = hmac.new(settings.AUDIT_KEY, previous.encode(), hashlib.sha256)
    for entry in entries:
        chain.update(_line(entry).encode())
    return chain.hexdigest()


def _line(entry: Entry) -> str:
    parts = [
        entry.seq, entry.pk, entry.at.isoformat(), entry.verb, entry.subject_type,
        entry.subject_id, entry.unit_key, entry.account_id, entry.actor_name, entry.post_id,
        entry.post_title, entry.on_behalf_of, entry.channel, entry.digest,
    ]  # fmt: skip
    return "\x1f".join(str(part) for part in parts) + "\x1e"
