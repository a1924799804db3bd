"""How the work on cases goes, unit by unit, by the formulas of city management.

The formulas are those of `performance_indicators.csv` (digital city management): every figure is
counted over the cases whose moment in question lies in the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from linli.modules.cases.rules import Verb
from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.access.scope import acting_as_needed

# One pass over the cases of the branch; every child unit is a range of keys.
SQL = """
WITH places AS (
    SELECT id, name, key, level, left(key, length(key) - 1) || '0' AS upto
    FROM access_unit WHERE id = ANY(%(units)s)
)
SELECT p.id, p.name, p.level,
    count(*) FILTER (WHERE c.reported_at >= %(start)s AND c.reported_at < %(end)s) AS reported,
    count(*) FILTER (WHERE c.filed_at >= %(start)s AND c.filed_at < %(end)s) AS filed,
    count(*) FILTER (WHERE c.state IN ('rejected', 'cancelled')
        AND c.closed_at >= %(start)s AND c.closed_at < %(end)s) AS void,
    count(*) FILTER (WHERE c.handle_due_at >= %(start)s AND c.handle_due_at < %(end)s) AS to_do,
    count(*) FILTER (WHERE c.handle_due_at >= %(start)s AND c.handle_due_at < %(end)s
        AND c.finished_at IS NOT NULL) AS done,
    count(*) FILTER (WHERE c.handle_due_at >= %(start)s AND c.handle_due_at < %(end)s
        AND c.finished_at <= c.handle_due_at) AS on_time,
    count(*) FILTER (WHERE c.handle_due_at < %(now)s AND c.finished_at IS NULL
        AND c.state IN ('dispatched', 'handling')) AS late_now,
    count(*) FILTER (WHERE c.state IN ('closed', 'rated')
        AND c.closed_at >= %(start)s AND c.closed_at < %(end)s) AS closed,
    count(*) FILTER (WHERE c.state IN ('closed', 'rated') AND c.reworks > 0
        AND c.closed_at >= %(start)s AND c.closed_at < %(end)s) AS reworked,
    count(*) FILTER (WHERE c.rating IS NOT NULL
        AND c.closed_at >= %(start)s AND c.closed_at < %(end)s) AS rated,
    count(*) FILTER (WHERE c.rating >= 4
        AND c.closed_at >= %(start)s AND c.closed_at < %(end)s) AS satisfied,
    avg(extract(epoch FROM c.finished_at - c.dispatched_at)) FILTER (
        WHERE c.finished_at >= %(start)s AND c.finished_at < %(end)s
        AND c.dispatched_at IS NOT NULL) AS seconds
FROM places p LEFT JOIN cases_case c ON c.unit_key >= p.key AND c.unit_key < p.upto
    AND c.unit_key >= %(lo)s AND c.unit_key < %(hi)s
GROUP BY p.id, p.name, p.level, p.key
ORDER BY p.key
"""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of one unit over one period. A rate without a denominator is None, not zero."""

    unit_id: UUID
    unit_name: str
    level: int
    reported: int
    filed: int
    void: int
    to_do: int
    done: int
    on_time: int
    late_now: int
    closed: int
    reworked: int
    rated: int
    satisfied: int
    seconds: float | None

    @property
    def on_time_rate(self) -> float | None:
        """按期处置率: finished in time of all whose time ended in the period."""
        return _rate(self.on_time, self.to_do)

    @property
    def done_rate(self) -> float | None:
        """处置率: finished of all whose time ended in the period."""
        return _rate(self.done, self.to_do)

    @property
    def rework_rate(self) -> float | None:
        """返工率: done again at least once, of all closed."""
        return _rate(self.reworked, self.closed)

    @property
    def satisfaction_rate(self) -> float | None:
        """回访满意率: four or five of five, of all rated."""
        return _rate(self.satisfied, self.rated)

    @property
    def hours(self) -> float | None:
        """平均处置时长: hours on the clock from dispatch to result."""
        return None if self.seconds is None else float(self.seconds) / 3600


def unit_figures(
    actor: Actor, units: list[Unit], *, start: datetime, end: datetime, now: datetime
) -> list[UnitFigures]:
    """The figures of these units between two moments, within the actor's branch."""
    if not actor.knows(Verb.VIEW) or not units:
        return []
    parameters: dict[str, Any] = {
        "units": [unit.pk for unit in units], "start": start, "end": end, "now": now,
        "lo": actor.branch.lo, "hi": actor.branch.hi,
    }  # fmt: skip
    with acting_as_needed(actor), connection.cursor() as cursor:
        cursor.execute(SQL, parameters)
        return [UnitFigures(*row) for row in cursor.fetchall()]


def _rate(top: int, bottom: int) -> float | None:
    return top / bottom if bottom else None
