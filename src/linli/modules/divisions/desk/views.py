"""Pages of divisions that are no register: the tree as of any day, checks, outlines for maps."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import NotFound
from linli.modules.divisions import desk_reads, reads
from linli.modules.divisions.checks import checks
from linli.modules.divisions.desk.parts import unit_url, visible
from linli.modules.divisions.desk.registers_small import norm_name
from linli.modules.divisions.duties import Duty
from linli.modules.divisions.models import Kind, Outline
from linli.modules.divisions.workers import staffed_keys
from linli.platform.access.public import Actor, Level, Unit
from linli.platform.desk.filters import uuid_or_none
from linli.platform.desk.gate import staff_page
from linli.platform.desk.public import MenuEntry, menu_entry
from linli.platform.desk.views import actor_of
from linli.platform.pages.render import render

MOST_SHAPES = 12_000
MOST_LISTED = 100


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, else today; with a sentence when what was asked is no day."""
    text = request.GET.get("on", "")
    if not text:
        return timezone.localdate(), ""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        return timezone.localdate(), gettext("“%(day)s” is not a day. Showing today.") % {
            "day": text[:20]
        }
    return day, ""


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """One step of the tree as of a day: what belongs to a unit, and how much stands below."""
    actor = actor_of(request)
    on, problem = _day(request)
    asked = request.GET.get("unit", "")
    top = _unit(asked) if asked else desk_reads.unit_by_id(actor.unit_id)
    if asked and top is None:
        raise NotFound
    way = reads.path(top.pk, on=on) if top else []
    if top is not None and not way:
        problem = gettext("“%(name)s” did not exist on that day.") % {"name": top.name}
    nodes = reads.children(top.pk if top else None, on=on)
    counts = reads.roll_up(top, on=on)
    levels = sorted({level for up in counts.values() for level in up.levels})
    today = timezone.localdate()
    query = f"&on={on.isoformat()}" if on != today else ""
    context = {
        "on": on,
        "is_today": on == today,
        "problem": problem,
        "top": top,
        "way": [(node.name, f"?unit={node.id}{query}") for node in way],
        "top_link": f"?unit={query}" if actor.all_verbs else "",
        "page": unit_url(top) if top is not None and visible(actor, top) else "",
        "rows": [_row(node, counts.get(node.id), levels, query) for node in nodes],
        "levels": [str(Level(level).label) for level in levels],
        "sums": _sums(counts, levels, nodes),
        "changes": _changes(top),
        "found": _found(request, actor, query),
        "text": request.GET.get("q", ""),
    }
    return render(request, "divisions/tree.html", context)


def _unit(text: str) -> Unit | None:
    return desk_reads.unit_by_id(uuid_or_none(text))


def _row(
    node: reads.Node, up: reads.RollUp | None, levels: list[int], query: str
) -> dict[str, Any]:
    counts = up.levels if up else {}
    return {
        "name": node.name,
        "url": f"?unit={node.id}{query}" if node.level < Level.GRID else "",
        "code": node.code if node.level == Level.GRID else node.full_code,
        "kind": str(Kind(node.kind).label) if node.kind else str(Level(node.level).label),
        "counts": [counts.get(level) for level in levels],
    }


def _sums(
    counts: dict[UUID, reads.RollUp], levels: list[int], nodes: list[reads.Node]
) -> list[int]:
    whole = reads.total(counts[node.id] for node in nodes if node.id in counts)
    return [whole.levels.get(level, 0) for level in levels]


def _changes(top: Unit | None) -> list[dict[str, Any]]:
    """What came to or left this unit, latest first: the days worth looking at."""
    if top is None:
        return []
    return [
        {"on": one.on, "name": one.name, "words": one.words, "assumed": one.assumed}
        for one in reads.movements(top.pk)[:12]
    ]


def _found(request: HttpRequest, actor: Actor, query: str) -> list[dict[str, Any]]:
    text = request.GET.get("q", "").strip()
    if not text:
        return []
    found = reads.search(text)
    codes = reads.codes_of([unit.pk for unit in found])
    return [
        {
            "name": unit.name,
            "where": unit.parent.name if unit.parent else "",
            "codes": [(code.get_system_display(), code.code) for code in codes.get(unit.pk, [])],
            "url": f"?unit={unit.pk}{query}",
            "mine": visible(actor, unit),
        }
        for unit in found
    ]


@require_safe
def shapes(request: HttpRequest) -> HttpResponse:
    """Outlines of the actor's branch as GeoJSON: grids, or what is drawn at `level`.

    `within` narrows to a unit, `without` leaves one out (it is being redrawn), `mark` shows one in
    another tone, `download` sends a file with codes.
    """
    actor = actor_of(request)
    within = request.GET.get("within", "")
    top = _unit(within) if within else None
    if within and (top is None or not visible(actor, top)):
        raise NotFound
    level = request.GET.get("level", "")
    found = desk_reads.outlines(
        actor,
        level=int(level) if level in {"3", "4", "5"} else Level.GRID,
        most=MOST_SHAPES,
        within=top.branch if top else None,
        without=uuid_or_none(request.GET.get("without", "")),
    )
    download = bool(request.GET.get("download"))
    answer = JsonResponse(
        {"type": "FeatureCollection",
         "features": _features(request, actor, found, codes=download)},
        content_type="application/geo+json",
    )  # fmt: skip
    if download:
        day = timezone.localdate().isoformat()
        answer["Content-Disposition"] = f'attachment; filename="grids-{day}.geojson"'
    return answer


def _features(
    request: HttpRequest, actor: Actor, rows: list[Outline], *, codes: bool
) -> list[dict[str, Any]]:
    mark = request.GET.get("mark", "")
    staffed = staffed_keys(actor.branch, actor, Duty.GRID_WORKER, on=timezone.localdate())
    known = desk_reads.one_code_each([row.unit_id for row in rows]) if codes else {}
    features = []
    for row in rows:
        unit = row.unit
        facts: dict[str, Any] = {"name": unit.name}
        if codes:
            facts["code"] = known.get(unit.pk, "")
        else:
            above = unit.parent.name if unit.parent else ""
            facts |= {
                "title": f"{above} {unit.name}".strip(),
                "link": unit_url(unit),
                "tone": _tone(unit, mark, staffed),
            }
        features.append({"type": "Feature", "properties": facts, "geometry": row.shape})
    return features


def _tone(unit: Unit, mark: str, staffed: set[str]) -> str:
    if mark:
        return "info" if str(unit.pk) == mark else "idle"
    return "info" if unit.level < Level.GRID or unit.key in staffed else "soon"


@require_safe
def check_page(request: HttpRequest) -> HttpResponse:
    """What is missing or does not fit in the actor's branch."""
    actor = actor_of(request)
    on, problem = _day(request)
    within = _unit(request.GET.get("within", ""))
    if within is not None and not visible(actor, within):
        raise NotFound
    found = checks(actor, on=on, within=within.branch if within else None)
    norms = [
        (norm_name(slug), norm.value, norm.source) for slug, norm in sorted(found.norms.items())
    ]
    context = {
        "found": found,
        "norms": norms,
        "on": on,
        "problem": problem,
        "within": within,
        "most": MOST_LISTED,
        "url_of": unit_url,
        "verdicts": {
            "small": (gettext("too small"), "soon", "trending-down"),
            "large": (gettext("too large"), "danger", "trending-up"),
            "fits": (gettext("fits"), "done", "check"),
            "unknown": (gettext("households unknown"), "idle", "help"),
        },
    }
    return render(request, "divisions/checks.html", context)


_signed_in = staff_page()
desk_urls = [
    path("divisions/", _signed_in(tree), name="divisions"),
    path("divisions/checks/", _signed_in(check_page), name="divisions.checks"),
    path("divisions/shapes.geojson", _signed_in(shapes), name="divisions.shapes"),
]
menu_entry(
    MenuEntry(_("Division tree"), "desk:divisions", group="places", icon="sitemap", order=10)
)
menu_entry(
    MenuEntry(_("Checks"), "desk:divisions.checks", group="places", icon="checklist", order=40)
)
