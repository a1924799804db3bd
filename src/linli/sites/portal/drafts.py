"""A report under way: kept on the server in the session, a day at most, until it is sent.

The browser holds only the session's cookie, so the journey works without scripts, survives a
validation error, a reload and the other language, and tells nothing to the next person once it is
sent or thrown away. Photos lie beside the attachments meanwhile (photos_kept.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from linli.kernel.geo import Point
from linli.kernel.ids import new_id
from linli.modules.cases.intake import Contact, Report

KEY = "portal_draft"
SENT = "portal_sent"
KEPT = timedelta(hours=24)
SENT_REMEMBERED = 5


@dataclass
class Draft:
    """What somebody has entered so far. `id` is the submission: sent twice, it is stored once."""

    id: str = ""
    at: str = ""
    category: str = ""
    stop_passed: bool = False
    lng: float | None = None
    lat: float | None = None
    unit: str = ""
    unit_name: str = ""
    place: str = ""
    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    photos: list[dict[str, Any]] = field(default_factory=list)
    photos_passed: bool = False
    different: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    contact_passed: bool = False
    # Whether a code is wanted, and the proof once it came back.
    prove: bool = False
    proof: str = ""
    # What is added to the case that is followed instead.
    words: str = ""

    @property
    def point(self) -> Point | None:
        """The place on the map, WGS84 degrees."""
        return None if self.lng is None or self.lat is None else Point(self.lng, self.lat)

    @property
    def contact(self) -> Contact:
        proof = UUID(self.proof) if self.proof else None
        return Contact(name=self.name, phone=self.phone, email=self.email, proof=proof)

    def report(self, *, language: str) -> Report:
        """The draft as the cases module takes it."""
        return Report(
            category=self.category,
            text=self.text,
            place=self.place,
            point=self.point,
            unit_id=UUID(self.unit) if self.unit else None,
            answers=self.answers,
            contact=self.contact,
            channel="portal",
            submission=UUID(self.id),
            language=language,
        )


NAMES = frozenset(one.name for one in fields(Draft))


def draft_of(request: HttpRequest) -> Draft:
    """The draft of this visitor; an empty one when there is none or its day is over."""
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if kept and timezone.now() - datetime.fromisoformat(kept["at"]) > KEPT:
        kept = {}
    return Draft(**{name: value for name, value in kept.items() if name in NAMES})


def fresh_id() -> str:
    """The name of a new draft, and the submission it becomes."""
    return str(new_id())


def keep(request: HttpRequest, draft: Draft) -> None:
    """Put the draft back into the session."""
    draft.id = draft.id or fresh_id()
    draft.at = timezone.now().isoformat()
    request.session[KEY] = asdict(draft)


def forget(request: HttpRequest) -> None:
    """Throw the draft away; its photos are removed by the caller or the sweeping job."""
    request.session.pop(KEY, None)


def lock(request: HttpRequest) -> None:
    """Wait until nobody else sends with this session, then read it anew.

    Of two presses of “Send” the second waits for the first and finds what it left.
    """
    key = request.session.session_key
    if not key:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM django_session WHERE session_key = %s FOR UPDATE", [key])
    request.session = type(request.session)(key)


def remember_sent(request: HttpRequest, draft_id: str, number: str, code: str) -> None:
    """Keep what a draft became, so that its form sent again finds it; saved in this transaction."""
    sent: dict[str, list[str]] = request.session.get(SENT) or {}
    sent[draft_id] = [number, code]
    request.session[SENT] = dict(list(sent.items())[-SENT_REMEMBERED:])
    request.session.save()


def sent_as(request: HttpRequest, draft_id: str) -> tuple[str, str] | None:
    """Number and code that a draft sent before was given."""
    found = (request.session.get(SENT) or {}).get(draft_id)
    return (found[0], found[1]) if found else None


def code_of(request: HttpRequest, number: str) -> str:
    """The code of a case sent in this session; "" when it is not known here."""
    sent: dict[str, list[str]] = request.session.get(SENT) or {}
    return next((code for kept, code in sent.values() if kept == number), "")


def forget_codes(request: HttpRequest) -> None:
    """Take the codes out of the session, once the visitor's own device holds them."""
    sent: dict[str, list[str]] = request.session.get(SENT) or {}
    if any(code for _number, code in sent.values()):
        request.session[SENT] = {key: [number, ""] for key, (number, _code) in sent.items()}
