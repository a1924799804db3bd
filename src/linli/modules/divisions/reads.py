"""What can be asked of the tree: as it is, as it was, by name, by code, by place.

The tree is public within the service, so these functions take a branch where they need one, not an
actor; what is asked about people takes an actor (see `checks` and `desk`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from linli.kernel.text import clean_line
from linli.modules.divisions import reads_sql as sql
from linli.modules.divisions.codes import full, significant
from linli.modules.divisions.models import (
    Placement,
    Successor,
    System,
    UnitCode,
    UnitName,
)
from linli.platform.access.public import EVERYWHERE, Branch, Unit

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A unit as it stood on a day."""

    id: UUID
    parent_id: UUID | None
    level: int
    kind: str
    name: str
    code: str
    key: str
    closed: date | None

    @property
    def full_code(self) -> str:
        """The code as written on paper; "" where none is known for the day."""
        return full(self.code) if self.code else ""


@dataclass(frozen=True, slots=True)
class History:
    """Everything dated about a unit, newest first."""

    names: list[UnitName]
    codes: list[UnitCode]
    placements: list[Placement]
    successors: list[Successor]
    predecessors: list[Successor]


@dataclass(slots=True)
class RollUp:
    """How many units of each level and kind stand below one."""

    levels: dict[int, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, level: int, kind: str, count: int) -> None:
        """Count some."""
        self.levels[level] = self.levels.get(level, 0) + count
        self.kinds[kind] = self.kinds.get(kind, 0) + count


def _rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def children(parent: UUID | None, *, on: date, system: str = System.NBS) -> list[Node]:
    """The units right below one (below none: the provinces) as of a day, by code."""
    given = {"parent": parent, "on": on, "system": system}
    return [Node(*row) for row in _rows(sql.CHILDREN, given)]


def path(unit: UUID, *, on: date, system: str = System.NBS) -> list[Node]:
    """From the top down to the unit itself as of a day; empty when it did not exist then."""
    given = {"unit": unit, "on": on, "system": system}
    return [Node(*row) for row in _rows(sql.PATH, given)]


def as_of(on: date, *, top: UUID | None = None, system: str = System.NBS) -> list[Node]:
    """The whole tree (or the branch of `top`) as it stood on a day, in one query; parents by id."""
    condition = "placed.parent_id IS NULL" if top is None else "placed.unit_id = %(top)s"
    given = {"on": on, "system": system, "top": top}
    return [Node(*row) for row in _rows(sql.TREE.format(top=condition), given)]


def roll_up(parent: Unit | None, *, on: date, today: date | None = None) -> dict[UUID, RollUp]:
    """For each child of `parent`, how many units stood below it on a day, by level and by kind."""
    if on >= (today or timezone.localdate()):
        branch = Branch.of(parent.key) if parent else EVERYWHERE
        given: dict[str, Any] = {
            "lo": branch.lo, "hi": branch.hi, "start": len(branch.lo) + 1
        }  # fmt: skip
        rows = _rows(sql.ROLL_UP_TODAY, given)
    else:
        rows = _rows(sql.ROLL_UP, {"parent": parent.pk if parent else None, "on": on})
    found: dict[UUID, RollUp] = {}
    for child, level, kind, count in rows:
        found.setdefault(child, RollUp()).add(level, kind, count)
    return found


def total(ups: Iterable[RollUp]) -> RollUp:
    """Several roll-ups added."""
    whole = RollUp()
    for up in ups:
        for level, count in up.levels.items():
            whole.levels[level] = whole.levels.get(level, 0) + count
        for kind, count in up.kinds.items():
            whole.kinds[kind] = whole.kinds.get(kind, 0) + count
    return whole


def listing(
    branch: Branch, *, after: str = "", most: int = 50, level: int | None = None
) -> list[Unit]:
    """Open units of a branch in the order of their keys, from behind the key `after`."""
    rows = Unit.objects.filter(key__gte=branch.lo, key__lt=branch.hi, closed=None)
    if level is not None:
        rows = rows.filter(level=level)
    if after:
        rows = rows.filter(key__gt=after)
    return list(rows.order_by("key")[:most])


def search(text: str, *, branch: Branch = EVERYWHERE, most: int = MOST_FOUND) -> list[Unit]:
    """Open units by name (two characters are enough), pinyin, initials or code; best first."""
    words = clean_line(text)
    if not words:
        return []
    given: dict[str, Any] = {"lo": branch.lo, "hi": branch.hi, "most": most}
    if words.isascii() and words.isdigit():
        statement, given["text"] = sql.SEARCH_CODE, significant(words)
    elif words.isascii():
        statement, given["text"] = sql.SEARCH_PINYIN, words.lower().replace(" ", "")
    else:
        several = len(words) > 1
        statement = sql.SEARCH_NAME.format(inside=sql.INSIDE if several else "")
        given |= {"text": words, "like": f"%{_literally(words)}%"}
    order = [row[0] for row in _rows(statement, given)]
    units = Unit.objects.select_related("parent").in_bulk(order)
    return [units[pk] for pk in dict.fromkeys(order)]


def _literally(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def by_code(code: str, *, system: str = System.NBS, on: date | None = None) -> Unit | None:
    """The unit with this code in this system, today or as of a day. Never guess the system."""
    rows = UnitCode.objects.filter(system=system, code=significant(code)).select_related("unit")
    if on is None:
        row = rows.filter(ends=None).first()
    else:
        row = next((row for row in rows if _holds(row.starts, row.ends, on)), None)
    return row.unit if row else None


def code_of(unit: UUID, *, system: str = System.NBS, on: date | None = None) -> str:
    """A unit's code in one system, today or as of a day; "" when it has none."""
    rows = UnitCode.objects.filter(unit=unit, system=system)
    if on is None:
        return rows.filter(ends=None).values_list("code", flat=True).first() or ""
    return next((row.code for row in rows if _holds(row.starts, row.ends, on)), "")


def codes_of(units: Sequence[UUID]) -> dict[UUID, list[UnitCode]]:
    """Today's codes of several units, each with its system."""
    found: dict[UUID, list[UnitCode]] = {}
    for row in UnitCode.objects.filter(unit__in=units, ends=None).order_by("system"):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _holds(starts: date, ends: date | None, on: date) -> bool:
    return starts <= on and (ends is None or on < ends)


def history(unit: UUID) -> History:
    """Names, codes, parents, and what became of what."""
    pairs = Successor.objects.select_related("before", "after").order_by("-on")
    return History(
        names=list(UnitName.objects.filter(unit=unit).order_by("-starts")),
        codes=list(UnitCode.objects.filter(unit=unit).order_by("system", "-starts")),
        placements=list(
            Placement.objects.filter(unit=unit).select_related("parent").order_by("-starts")
        ),
        successors=list(pairs.filter(before=unit)),
        predecessors=list(pairs.filter(after=unit)),
    )


def named(level: int, *, branch: Branch) -> dict[UUID, str]:
    """Names of the open units of a level in a branch."""
    rows = Unit.objects.filter(branch.where("key"), level=level, closed=None)
    return dict(rows.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Movement:
    """A unit that came under another, or left it, on a day."""

    on: date
    name: str
    words: str
    # What the day rests on where no source names it.
    assumed: str = ""


def movements(parent: UUID) -> list[Movement]:
    """Units that came or left after their first day, latest first."""
    rows = (
        Placement.objects.filter(parent=parent)
        .filter(Q(ends__isnull=False) | Q(starts__gt=F("unit__opened")))
        .select_related("unit")
    )
    assumed = assumed_days(row.unit_id for row in rows)
    found = []
    for row in rows:
        if row.starts > row.unit.opened:
            basis = assumed.get((row.unit_id, row.starts), "")
            found.append(Movement(row.starts, row.unit.name, gettext("came here"), basis))
        if row.ends is not None:
            gone = row.unit.closed == row.ends
            words = gettext("was abolished") if gone else gettext("left")
            basis = assumed.get((row.unit_id, row.ends), "")
            found.append(Movement(row.ends, row.unit.name, words, basis))
    return sorted(found, key=lambda one: one.on, reverse=True)


def assumed_days(units: Iterable[UUID]) -> dict[tuple[UUID, date], str]:
    """Days on which these units moved that no source names: unit and day → what it rests on."""
    rows = Placement.objects.filter(unit__in=set(units), day_assumed=True)
    return {(row.unit_id, row.starts): row.basis for row in rows}
