"""Cases on the first page: the inbox, the figures of the month, the search box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.numbers import bare_number, is_valid
from linli.modules.cases import reads
from linli.modules.cases.figures import unit_figures
from linli.modules.cases.models import Case
from linli.modules.cases.states import OPEN, State
from linli.platform.access.actor import Actor
from linli.platform.desk.public import Figure, Found, finds, home_figures
from linli.platform.pages import formats

MONTH = timedelta(days=30)
GOOD_RATE = 0.9


@home_figures(order=10)
def month(actor: Actor) -> Sequence[Figure]:
    """The last thirty days of the actor's branch."""
    unit = reads.own_unit(actor)
    if unit is None or actor.branch.lo == actor.branch.hi:
        return []
    now = timezone.now()
    found = unit_figures(actor, [unit], start=now - MONTH, end=now, now=now)
    if not found:
        return []
    one = found[0]
    return [
        Figure(_("Reports in 30 days"), formats.number(one.reported), icon="inbox",
               url=f"/desk/cases/?reported_at_from={(now - MONTH).date()}"),
        Figure(_("Overdue now"), formats.number(one.late_now), icon="alert-triangle",
               tone="danger" if one.late_now else "done", url="/desk/cases/?overdue=yes"),
        Figure(_("Finished in time"), rate(one.on_time_rate), icon="clock-check",
               tone="done" if (one.on_time_rate or 0) >= GOOD_RATE else "soon",
               note=_("%(done)s of %(all)s due") % {"done": one.on_time, "all": one.to_do},
               url="/desk/case-figures/"),
        Figure(_("Satisfaction rate"), rate(one.satisfaction_rate), icon="star",
               note=_("%(rated)s answers") % {"rated": one.rated}, url="/desk/case-figures/"),
    ]  # fmt: skip


def rate(value: float | None) -> str:
    """A share as a page shows it; unknown is a dash, not zero."""
    return "—" if value is None else formats.percent(value)


@finds("cases", gettext_lazy("Cases"), order=10, all_url=lambda text: f"/desk/cases/?q={text}")
def find(actor: Actor, text: str, most: int) -> Sequence[Found]:
    """By number, or by words among the open cases."""
    rows = reads.cases(actor).select_related("category", "unit")
    bare = bare_number(text)
    if is_valid(bare):
        rows = rows.filter(number=bare)
    else:
        rows = reads.search(rows.filter(state__in=OPEN), actor, text).order_by("-reported_at")
    return [found(case, exact=case.number == bare) for case in rows[:most]]


def found(case: Case, *, exact: bool) -> Found:
    """One case as the search page shows it."""
    return Found(
        title=f"{case.category.name} {formats.grouped(case.number)}",
        url=f"/desk/cases/{case.number}/",
        more=" · ".join(part for part in (case.unit.name, case.place) if part),
        icon="alert-square",
        badge=str(State(case.state).label),
        exact=exact,
    )


def start_of_month(now: datetime) -> datetime:
    """Local midnight at the first of the month."""
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
