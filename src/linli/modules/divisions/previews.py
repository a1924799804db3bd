"""What a change would move, told before anybody decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import NotFound
from linli.modules.divisions.actions import rehome
from linli.modules.divisions.actions.planning import Order
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Level, Unit

if TYPE_CHECKING:
    from linli.kernel.errors import Text

UNDO: dict[str, Text] = {
    Verb.OPEN: _("To undo it, abolish the unit from a later day on."),
    Verb.CLOSE: _(
        "Abolishing cannot be undone by one act: a new unit would be established, and what lies "
        "in it stays with the unit that took over."
    ),
    Verb.RENAME: _("To undo it, rename it back. Both names stay on record."),
    Verb.CHANGE_CODE: _("To undo it, give it the old code again. Both stay on record."),
    Verb.CHANGE_PARENT: _("To undo it, move it back. Everything below it comes along again."),
    Verb.MERGE: _(
        "To undo it, split the unit with the children of old. What lay in the merged units "
        "themselves stays with one of the parts."
    ),
    Verb.SPLIT: _("To undo it, merge the parts into a new unit."),
}
GRID_TWIN = {
    Verb.OPEN_GRID: Verb.OPEN,
    Verb.CLOSE_GRID: Verb.CLOSE,
    Verb.RENAME_GRID: Verb.RENAME,
    Verb.MOVE_GRID: Verb.CHANGE_PARENT,
    Verb.MERGE_GRIDS: Verb.MERGE,
    Verb.SPLIT_GRID: Verb.SPLIT,
}


TABLES: dict[str, Text] = {
    "access.post": _("posts"),
    "access.holding": _("appointments"),
    "access.grant": _("lent roles"),
    "access.account": _("accounts"),
}


@dataclass(frozen=True)
class Step:
    """One unit of the change, and what happens to it."""

    name: str
    before: str
    after: str


@dataclass
class Preview:
    """Units by level, rows by table, and the steps; `later`: it will be planned, not done now."""

    verb: str
    on: date
    later: bool
    steps: list[Step] = field(default_factory=list)
    units: list[tuple[str, int]] = field(default_factory=list)
    rows: list[tuple[str, int]] = field(default_factory=list)
    undo: Text = ""

    @property
    def nothing_moves(self) -> bool:
        return not self.units and not self.rows


def preview(order: Order, *, today: date | None = None) -> Preview:
    """What the order would do to the tree as it stands today. Changes nothing."""
    usual = GRID_TWIN.get(Verb(order.verb), Verb(order.verb))
    found = Preview(
        verb=order.verb,
        on=order.on,
        later=order.on > (today or timezone.localdate()),
        undo=UNDO.get(usual, ""),
    )
    unit = _unit(order.unit)
    given = order.arguments
    match usual:
        case Verb.CHANGE_PARENT:
            to = _unit(UUID(str(given["parent"])))
            found.steps = [Step(unit.name, _above(unit), to.name)]
            _moving(found, [unit], below=True)
        case Verb.MERGE:
            others = [_unit(UUID(str(pk))) for pk in given["sources"]]
            gone = [unit, *others] if given.get("name") else others
            into = given.get("name") or unit.name
            found.steps = [Step(one.name, _above(one), str(into)) for one in gone]
            _moving(found, gone, below=True)
        case Verb.SPLIT:
            for part in given["parts"]:
                children = [_unit(UUID(str(pk))).name for pk in part.get("children", [])]
                found.steps.append(Step(part["name"], unit.name, "、".join(children)))
            _moving(found, [unit], below=True)
        case Verb.CLOSE:
            heir = _unit(UUID(str(given["heir"]))) if given.get("heir") else unit.parent
            found.steps = [Step(unit.name, _above(unit), heir.name if heir else "")]
            _moving(found, [unit], below=False)
        case Verb.RENAME:
            found.steps = [Step(unit.name, unit.name, str(given["name"]))]
        case Verb.CHANGE_CODE:
            found.steps = [Step(unit.name, "", str(given["code"]))]
        case _:
            found.steps = [Step(str(given.get("name", "")), "", unit.name)]
    return found


def _moving(found: Preview, units: Sequence[Unit], *, below: bool) -> None:
    """Count what lies in and below the units."""
    rows: Counter[str] = Counter()
    levels: Counter[int] = Counter()
    for unit in units:
        rows.update(rehome.rows_in(unit, below=below))
        if below:
            inside = Unit.objects.filter(unit.branch.where("key"), closed=None).exclude(pk=unit.pk)
            counted = inside.values_list("level").annotate(Count("pk"))
            levels.update(dict(counted))
    found.rows = sorted((_table(label), count) for label, count in rows.items())
    found.units = [(str(Level(level).label), count) for level, count in sorted(levels.items())]


def _table(label: str) -> str:
    """What people call the rows of a table."""
    return str(TABLES.get(label) or apps.get_model(label)._meta.verbose_name_plural)


def _above(unit: Unit) -> str:
    return unit.parent.name if unit.parent else ""


def _unit(pk: UUID) -> Unit:
    unit = Unit.objects.select_related("parent").filter(pk=pk).first()
    if unit is None:
        raise NotFound
    return unit
