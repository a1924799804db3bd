"""Parts of the pages of units and grids, worked out before they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from linli.modules.divisions import desk_reads, reads
from linli.modules.divisions.checks import households_of
from linli.modules.divisions.codes import full
from linli.modules.divisions.models import Kind, System
from linli.modules.divisions.workers import posts_upward, workers_of
from linli.platform.access.public import Actor, Branch, Level, Unit
from linli.platform.changes.public import Line
from linli.platform.desk.details import Told
from linli.platform.desk.public import Column, Number, Timeline, badge
from linli.platform.desk.register import register
from linli.platform.desk.views import actor_of
from linli.platform.pages import formats

INNER = frozenset({"key", "name key"})


def levels() -> list[tuple[str, str]]:
    """Levels a unit may have, for the filter."""
    return [(str(level.value), str(level.label)) for level in Level if 0 < level < Level.GRID]


def kinds() -> list[tuple[str, str]]:
    """Kinds a unit may have, for the filter."""
    return [(str(value), str(label)) for value, label in Kind.choices if value]


def codes_column(system: str, label: Any, **more: Any) -> Column:
    """Today's code of one system."""
    return Column(
        f"code_{system}", label, expression=desk_reads.code_beside(system), css="num nowrap",
        **more,
    )  # fmt: skip


def households_column() -> Column:
    """The estimate of a grid."""
    return Number("households", _("Households"), expression=desk_reads.households_beside())


def worker_column() -> Column:
    """Who works in the grid today, as far as the reader may know."""
    return Column("worker", _("Grid worker"), expression=desk_reads.worker_beside())


def unit_url(unit: Unit) -> str:
    """The page of a unit or grid."""
    return register("grids" if unit.level == Level.GRID else "units").url_of(unit)


def state_badge(row: Unit) -> str:
    """Whether it still exists."""
    if row.closed is None:
        return ""
    return str(badge(gettext("abolished"), "idle", "ban"))


def where(row: Unit) -> str:
    """The names above it, from the top down."""
    names = []
    above = row.parent
    while above is not None:
        names.append(above.name)
        above = above.parent
    return " › ".join(reversed(names))


def facts(request: HttpRequest, row: Unit) -> Mapping[str, Any]:
    """Level, kind, codes with their systems, numbers."""
    codes = [
        (gettext("%(system)s code") % {"system": code.get_system_display()}, full(code.code))
        for code in reads.codes_of([row.pk]).get(row.pk, [])
    ]
    lines: list[tuple[str, Any]] = [
        (gettext("Level"), Level(row.level).label),
        (gettext("Kind"), Kind(row.kind).label if row.kind else None),
        *codes,
        (gettext("Belongs to"), row.parent.name if row.parent else None),
        (gettext("On record from"), formats.day(row.opened)),
    ]
    if row.closed:
        lines.append((gettext("Abolished on"), formats.day(row.closed)))
    lines += _numbers(row)
    actor = actor_of(request)
    return {"lines": lines, "tree": f"{reverse('desk:divisions')}?unit={row.pk}", "actor": actor}


def _numbers(row: Unit) -> list[tuple[str, Any]]:
    area = desk_reads.area_of(row)
    lines: list[tuple[str, Any]] = []
    if area:
        lines.append((gettext("Area"), f"{formats.number(area / 1e6, 2)} km²"))
    if row.level == Level.GRID:
        own = desk_reads.estimate_of(row)
        if own:
            lines.append((gettext("Households"), formats.number(own.households)))
            lines.append((gettext("Buildings"), formats.number(own.buildings)))
            lines.append((gettext("Source"), own.source))
        return lines
    households = sum(households_of(Branch.of(row.key)).values())
    if households:
        lines.append((gettext("Households"), formats.number(households)))
    if row.level <= Level.STREET:
        below = reads.total(reads.roll_up(row, on=timezone.localdate()).values())
        for level in range(row.level + 1, Level.GRID + 1):
            count = below.levels.get(level, 0) + desk_reads.count_children(row, level)
            if count:
                lines.append((str(Level(level).label), formats.number(count)))
    return lines


def people(request: HttpRequest, row: Unit) -> Mapping[str, Any] | None:
    """Posts in the unit, and those above it that answer for it."""
    actor, today = actor_of(request), timezone.localdate()
    own = workers_of(row, actor, on=today)
    above = [post for post in posts_upward(row, on=today) if post.unit_id != row.pk][:6]
    if not own and not above:
        return None
    return {"own": own, "above": above}


def grids_map(request: HttpRequest, row: Unit) -> Mapping[str, Any] | None:
    """The grids of a community on the map, with a list of the same."""
    del request
    if row.level < Level.STREET:
        return None
    below = desk_reads.children_today(row)
    drawn = desk_reads.anything_drawn(Branch.of(row.key))
    if not drawn and not below:
        return None
    return {
        "below": [(unit.name, unit_url(unit)) for unit in below],
        "shapes": _shapes(row) if drawn else "",
        "label": row.name,
    }


def place_map(request: HttpRequest, row: Unit) -> Mapping[str, Any] | None:
    """Where a grid lies among its neighbours."""
    del request
    if row.parent is None or not desk_reads.is_drawn(row):
        return None
    return {
        "shapes": f"{_shapes(row.parent)}&mark={row.pk}",
        "label": row.name,
        "below": [],
    }


def editor(row: Unit) -> Mapping[str, Any]:
    """What the polygon editor needs: the neighbours, and where to look."""
    around = row.parent if row.level == Level.GRID and row.parent else row
    bounds: list[float] = []
    for unit in (row, row.parent, row.parent.parent if row.parent else None):
        found = desk_reads.outline_of(unit) if unit else None
        if found is not None:
            bounds = [found.west, found.south, found.east, found.north]
            break
    return {"areas": f"{_shapes(around)}&without={row.pk}", "bounds": bounds}


def _shapes(unit: Unit) -> str:
    return f"{reverse('desk:divisions.shapes')}?within={unit.pk}"


def history(request: HttpRequest, row: Unit) -> Mapping[str, Any]:
    """Names, codes and parents by date, and what became of what."""
    del request
    found = reads.history(row.pk)
    lines: list[dict[str, Any]] = []
    for name in found.names:
        lines.append(_line(name, gettext("Name"), name.name))
    for code in found.codes:
        words = gettext("%(system)s code") % {"system": System(code.system).label}
        lines.append(_line(code, words, full(code.code)))
    assumed = {placed.starts: placed.basis for placed in found.placements if placed.day_assumed}
    for placed in found.placements:
        line = _line(placed, gettext("Belongs to"), placed.parent.name if placed.parent else "—")
        line["starts_assumed"] = assumed.get(placed.starts, "")
        line["ends_assumed"] = assumed.get(placed.ends, "") if placed.ends else ""
        lines.append(line)
    became = [
        {"on": one.on, "words": one.get_kind_display(), "name": one.after.name,
         "url": unit_url(one.after)}
        for one in found.successors
    ]  # fmt: skip
    came = [
        {"on": one.on, "name": one.before.name, "url": unit_url(one.before),
         "words": one.get_kind_display()}
        for one in found.predecessors
    ]  # fmt: skip
    return {"lines": lines, "became": became, "came": came}


def _line(period: Any, what: str, value: str) -> dict[str, Any]:
    return {
        "what": what, "value": value, "starts": period.starts, "ends": period.ends,
        "starts_assumed": "", "ends_assumed": "",
    }  # fmt: skip


def say(line: Line) -> str:
    """What an entry tells beside the moved columns."""
    told = line.facts
    words = []
    if told.get("from") and told.get("to"):
        words.append(f"{told['from']} → {told['to']}")
    elif told.get("to") or told.get("into"):
        words.append(f"→ {told.get('to') or told.get('into')}")
    elif told.get("from"):
        words.append(f"← {told['from']}")
    if told.get("new") not in (None, ""):
        words.append(f"{told.get('old') or '—'} → {told['new']}")
    if told.get("person") or told.get("duty"):
        words.append("：".join(filter(None, [told.get("duty", ""), told.get("person", "")])))
    if told.get("on"):
        words.append(gettext("in force from %(day)s") % {"day": told["on"]})
    if told.get("assumed"):
        words.append(gettext("day assumed: %(basis)s") % {"basis": told["assumed"]})
    moved = sum((told.get("moved") or {}).values()) if isinstance(told.get("moved"), dict) else 0
    if moved:
        words.append(
            ngettext("%(num)s record moved along", "%(num)s records moved along", moved)
            % {"num": formats.number(moved)}
        )
    return "\n".join(words)


class Story(Timeline):
    """The timeline of a unit; its keys are inner names and tell a reader nothing."""

    def told(self, line: Line) -> Told:
        """One entry without the keys."""
        drawn = super().told(line)
        return replace(drawn, moved=[move for move in drawn.moved if move[0] not in INNER])


def visible(actor: Actor, unit: Unit) -> bool:
    """Whether the unit's own page is open to the actor; the tree itself is to everybody."""
    return actor.all_verbs or unit.key in actor.branch
