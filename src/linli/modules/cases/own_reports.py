"""What a resident finds with a telephone number proven by a code, from any device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.modules.cases.models import Reporter
from linli.modules.cases.states import OPEN, State
from linli.modules.cases.stories import place_name
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting

SYSTEM = Actor.system("own reports")
MOST = 50


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A line of “my reports”. Kind, place and day are empty where a stranger may not read them."""

    number: str
    state: str
    is_open: bool
    kind: str
    place: str
    reported_at: datetime | None
    # Proven when it was reported: only then the words in it are surely this person's.
    own: bool


def reports_with(phone: str) -> list[OwnReport]:
    """The newest cases whose reporter left this number, at most 50.

    Call it with a proven number only. A number that was merely typed may be a slip of the finger
    or anybody's: such a case is told as its public page tells it.
    """
    if not phone:
        return []
    with acting(SYSTEM):
        rows = list(
            Reporter.objects.filter(phone=phone)
            .select_related("case__category", "case__unit__parent__parent")
            .order_by("-since")[:MOST]
        )
        own = {row.case_id for row in rows if row.phone_proven_at is not None}
        found = {row.case_id: row for row in rows}
        return [_line(row, own=case_id in own) for case_id, row in found.items()]


def reporter_with(number: str, phone: str) -> Reporter | None:
    """The reporter of this case who proved this number when reporting or later; None for nobody."""
    if not phone:
        return None
    with acting(SYSTEM):
        return (
            Reporter.objects.filter(case__number=number, phone=phone, phone_proven_at__isnull=False)
            .order_by("-first", "since")
            .first()
        )


def _line(row: Reporter, *, own: bool) -> OwnReport:
    case = row.case
    whole = own or case.category.shown_publicly
    return OwnReport(
        number=case.number,
        state=str(State(case.state).label),
        is_open=case.state in OPEN,
        kind=case.category.name if whole else "",
        place=place_name(case.unit) if whole else "",
        reported_at=case.reported_at if whole else None,
        own=own,
    )
