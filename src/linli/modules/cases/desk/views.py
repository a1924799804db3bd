"""Pages of cases that are no list: dispatch board, map, figures, the contact once unmasked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from linli.kernel.errors import NotFound
from linli.modules.cases import reads
from linli.modules.cases.desk import look
from linli.modules.cases.desk.home import rate, start_of_month
from linli.modules.cases.figures import unit_figures
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import OPEN, State
from linli.platform.access.actor import Actor
from linli.platform.access.scope import open_subject
from linli.platform.changes.public import entries_of
from linli.platform.desk.filters import uuid_or_none
from linli.platform.desk.gate import staff_page
from linli.platform.desk.public import MenuEntry, menu_entry
from linli.platform.desk.views import actor_of
from linli.platform.pages.render import render

ON_BOARD = 30
ON_MAP = 5_000
SEEN_FOR = timedelta(minutes=10)
BOARD = (
    (State.REPORTED, State.ACCEPTED),
    (State.FILED,),
    (State.DISPATCHED, State.HANDLING),
    (State.SUSPENDED,),
    (State.FINISHED,),
)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Open cases by what must be done next, the most pressing first."""
    actor = actor_of(request)
    lanes = []
    for states in BOARD:
        rows = reads.cases(actor).filter(state__in=states)
        shown = list(
            rows.select_related("category", "unit", "handler").order_by("due_at", "id")[
                : ON_BOARD + 1
            ]
        )
        lanes.append(
            {
                "title": " · ".join(str(State(state).label) for state in states),
                "icon": look.STATE_ICONS[states[0]],
                "cards": shown[:ON_BOARD],
                "more": len(shown) > ON_BOARD,
                "query": "&".join(f"state={state.value}" for state in states),
            }
        )
    return render(request, "cases/board.html", {"lanes": lanes}, blocks=("lanes",))


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Open cases as points, a period's cases as heat."""
    actor = actor_of(request)
    days = request.GET.get("days", "30")
    kind = "heat" if request.GET.get("show") == "heat" else "clusters"
    rows = points(actor, kind, days)
    listed = list(rows.select_related("category", "unit")[:100])
    return render(
        request, "cases/map.html", {"kind": kind, "days": days, "cases": listed}, blocks=("map",)
    )


@require_safe
def points_json(request: HttpRequest) -> JsonResponse:
    """The cases of the map as GeoJSON, without words or persons."""
    actor = actor_of(request)
    kind = request.GET.get("show", "clusters")
    now = timezone.now()
    rows = points(actor, kind, request.GET.get("days", "30")).values(
        "number", "lng", "lat", "state", "due_at", "paused_at", "grade", "place"
    )
    features = [point_of(row, now) for row in rows[:ON_MAP]]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def points(actor: Actor, kind: str, days: str) -> Any:
    """Open cases for points; all cases of so many days for heat."""
    rows = reads.cases(actor).filter(lng__isnull=False)
    if kind == "heat":
        span = int(days) if days.isdecimal() and len(days) <= 3 else 30  # noqa: PLR2004
        return rows.filter(reported_at__gte=timezone.now() - timedelta(days=span)).order_by(
            "-reported_at"
        )
    return rows.filter(state__in=OPEN).order_by("due_at")


def point_of(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One case as the map draws it."""
    late = row["due_at"] is not None and row["paused_at"] is None and row["due_at"] <= now
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lng"], row["lat"]]},
        "properties": {
            "title": f"{State(row['state']).label} {row['place']}".strip(),
            "url": f"/desk/cases/{row['number']}/",
            "tone": "danger" if late else look.STATE_TONES[row["state"]],
            "weight": 1,
        },
    }


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of every unit one step below, over a period; each number opens its cases."""
    actor = actor_of(request)
    now = timezone.now()
    start, end = period(request, now)
    units = reads.units_of_table(actor, valid_id(request.GET.get("unit", "")))
    top = units[0] if units else None
    rows = unit_figures(actor, units, start=start, end=end, now=now)
    rows.sort(key=lambda one: (one.unit_id != (top.pk if top else None), one.unit_name))
    return render(
        request,
        "cases/figures.html",
        {
            "rows": rows,
            "rate": rate,
            "top": top,
            "up": top.parent if top is not None and top.pk != actor.unit_id else None,
            "start": timezone.localdate(start),
            "last": timezone.localdate(end - timedelta(seconds=1)),
        },
        blocks=("figures",),
    )


def valid_id(text: str) -> str | None:
    """The id in the address, if it is one."""
    return text if uuid_or_none(text) else None


def period(request: HttpRequest, now: datetime) -> tuple[datetime, datetime]:
    """From the first day's midnight to the midnight after the last; this month by default."""
    first = parse_date(request.GET.get("from", "") or "")
    last = parse_date(request.GET.get("to", "") or "")
    start = midnight(first) if first else start_of_month(now)
    end = midnight(last) + timedelta(days=1) if last else now
    return (start, end) if start < end else (start_of_month(now), now)


def midnight(day: Any) -> datetime:
    """Local midnight at the beginning of a day."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001


@require_safe
def reporter(request: HttpRequest, number: str) -> HttpResponse:
    """The contact, for ten minutes after this very person gave a reason."""
    actor = actor_of(request)
    case = reads.case_by_number(actor, number)
    asked = [
        entry
        for entry in entries_of(case)
        if entry.verb == Verb.SEE_REPORTER
        and entry.account_id == actor.account_id
        and entry.at > timezone.now() - SEEN_FOR
    ]
    if not asked or not actor.may(Verb.SEE_REPORTER, case):
        raise NotFound
    open_subject(case.pk)
    people = reads.reporters(actor, case)
    return render(
        request,
        "cases/reporter.html",
        {"case": case, "people": people, "title": _("Contact of the reporter")},
    )


_gate = staff_page(Verb.VIEW)

desk_urls = [
    path("case-board/", _gate(board), name="case-board"),
    path("case-map/", _gate(map_page), name="case-map"),
    path("case-map/points.geojson", _gate(points_json), name="case-points"),
    path("case-figures/", _gate(figures), name="case-figures"),
    path("cases/<str:number>/reporter/", _gate(reporter), name="case-reporter"),
]

menu_entry(MenuEntry(gettext_lazy("Dispatch board"), "desk:case-board", icon="layout-kanban",
                     order=20, go="b", needs=Verb.VIEW))  # fmt: skip
menu_entry(MenuEntry(gettext_lazy("Case map"), "desk:case-map", icon="map", order=30, go="m",
                     needs=Verb.VIEW))  # fmt: skip
menu_entry(MenuEntry(gettext_lazy("Case figures"), "desk:case-figures", icon="chart-bar", order=40,
                     needs=Verb.VIEW))  # fmt: skip
