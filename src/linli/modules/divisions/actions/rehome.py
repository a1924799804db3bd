"""Keeping every scoped row in the unit it belongs to when the tree changes, in sets."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.divisions.models import Estimate, Outline
from linli.platform.access.public import Branch, Level, Unit, scoped_models

TREE_LOCK = 5301846111
OWN = (Outline, Estimate)
"""What merging adds up instead of handing over."""


def lock_tree(*units: Unit | None) -> None:
    """One change of the tree at a time, until the end of the transaction.

    The units are brought up to date in place: somebody else's change may just have ended.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
    for unit in units:
        if unit is not None:
            unit.refresh_from_db()


def free_key(parent: Unit | None, segment: str) -> str:
    """The key of `segment` under `parent`; a number goes behind when any unit has it already."""
    stem = (parent.key if parent else "") + re.sub(r"-\d+$", "", segment)
    taken = set(
        Unit.objects.filter(
            key__gte=f"{stem}-", key__lt=f"{stem}0", key__regex=rf"^{re.escape(stem)}(-\d+)?/$"
        ).values_list("key", flat=True)
    )
    number, key = 1, f"{stem}/"
    while key in taken:
        number += 1
        key = f"{stem}-{number}/"
    return key


def own_segment(unit: Unit) -> str:
    """The last part of a unit's key: 33/02/82/004/ → 004."""
    return unit.key.rstrip("/").rpartition("/")[2]


def require_fit(unit_level: int, parent: Unit | None) -> None:
    """Raise `Invalid("parent")` unless a unit of this level may stand under `parent`."""
    if parent is None:
        if unit_level > Level.PROVINCE:
            raise Invalid("parent", _("Choose the unit it belongs to."))
        return
    if parent.closed is not None:
        raise Invalid("parent", _("“%(name)s” was abolished."), name=parent.name)
    if parent.level >= unit_level:
        raise Invalid("parent", _("“%(name)s” is not of a higher level."), name=parent.name)
    if unit_level == Level.GRID and parent.level != Level.COMMUNITY:
        raise Invalid("parent", _("A grid belongs to a community or village."))


def move_keys(old: str, new: str) -> Counter[str]:
    """Everything below the old key now lies below the new one; how many rows of each table."""
    moved: Counter[str] = Counter()
    if old == new:
        return moved
    branch, cut = Branch.of(old), len(old) + 1
    Unit.objects.filter(branch.where("key")).update(
        key=Concat(Value(new), Substr("key", cut)), version=F("version") + 1
    )
    for model in scoped_models():
        rows: Any = model._base_manager.filter(branch.where())
        count = rows.update(unit_key=Concat(Value(new), Substr("unit_key", cut)))
        if count:
            moved[model._meta.label_lower] += count
    return moved


def hand_over(source: Unit, target: Unit) -> Counter[str]:
    """The rows that lie in `source` itself now lie in `target`; how many of each table."""
    moved: Counter[str] = Counter()
    for model in scoped_models():
        if model in OWN:
            continue
        count = model._base_manager.filter(unit=source).update(unit=target, unit_key=target.key)
        if count:
            moved[model._meta.label_lower] += count
    return moved


def rows_in(unit: Unit, *, below: bool) -> dict[str, int]:
    """How many rows of each scoped table lie in a unit or its branch, by its label."""
    counts: dict[str, int] = {}
    for model in scoped_models():
        where = (
            model._base_manager.filter(unit.branch.where())
            if below
            else (model._base_manager.filter(unit=unit))
        )
        count = where.count()
        if count:
            counts[model._meta.label_lower] = count
    return counts


def mend() -> int:
    """Put right what was stored while the tree changed under it; how many rows that were.

    A row written by a transaction that began before a change of the tree and ended after it may
    still bear the old key, or lie in a unit that was merged away.
    """
    mended = 0
    with connection.cursor() as cursor:
        for model in scoped_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"UPDATE {table} lost SET unit_id = heir.after_id"  # noqa: S608
                " FROM divisions_successor heir JOIN access_unit gone ON gone.id = heir.before_id"
                " WHERE lost.unit_id = gone.id AND gone.closed IS NOT NULL AND heir.heir"
            )
            mended += cursor.rowcount
            cursor.execute(
                f"UPDATE {table} lost SET unit_key = unit.key FROM access_unit unit"  # noqa: S608
                " WHERE unit.id = lost.unit_id AND lost.unit_key <> unit.key"
            )
            mended += cursor.rowcount
    return mended
