"""What the desk's pages ask of divisions: rows for registers, columns, choices of forms, outlines.

What shows people takes an actor, and so does every list of a branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Now

from linli.modules.divisions.duties import Duty
from linli.modules.divisions.models import Estimate, Norm, Outline, Plan, UnitCode
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import (
    Account,
    Actor,
    Branch,
    Holding,
    Level,
    Unit,
    for_actor,
    valid_on,
)

# Rows of registers.


def units(actor: Actor) -> QuerySet[Unit]:
    """Units of the actor's branch down to communities, abolished ones too."""
    rows = Unit.objects.filter(level__lte=Level.COMMUNITY)
    return rows if actor.all_verbs else rows.filter(actor.branch.where("key"))


def grids(actor: Actor) -> QuerySet[Unit]:
    """Grids of the actor's branch, abolished ones too."""
    rows = Unit.objects.filter(level=Level.GRID)
    return rows if actor.all_verbs else rows.filter(actor.branch.where("key"))


def plans(actor: Actor) -> QuerySet[Plan]:
    """Planned changes of the branch."""
    if not actor.knows(Verb.PLAN):
        return Plan.objects.none()
    return for_actor(Plan.objects.select_related("unit"), actor)


def norms(actor: Actor) -> QuerySet[Norm]:
    """Every norm; they are law, known to all."""
    return Norm.objects.all() if actor.is_signed_in or actor.all_verbs else Norm.objects.none()


# Columns worked out beside the row of a unit.


def code_beside(system: str) -> Subquery:
    """Today's code of one system."""
    rows = UnitCode.objects.filter(unit=OuterRef("pk"), system=system, ends=None)
    return Subquery(rows.values("code")[:1])


def households_beside() -> Subquery:
    """The estimate of a grid."""
    rows = Estimate.objects.filter(unit=OuterRef("pk"))
    return Subquery(rows.values("households")[:1])


def worker_beside() -> Subquery:
    """Who works in the grid today; the policy of appointments hides what is out of reach."""
    held = Holding.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=Now()), unit=OuterRef("pk"), starts__lte=Now(),
        post__role__slug=Duty.GRID_WORKER.value,
    )  # fmt: skip
    return Subquery(held.values("account__full_name")[:1])


# One unit.


def unit_by_id(unit_id: UUID | None) -> Unit | None:
    """The unit with this id; None when there is none, or none was asked for."""
    return Unit.objects.filter(pk=unit_id).first() if unit_id else None


def children_today(unit: Unit) -> QuerySet[Unit]:
    """The open units right below one, in the order of their keys."""
    return Unit.objects.filter(parent=unit, closed=None).order_by("key")


def has_children(unit: Unit) -> bool:
    """Whether any open unit stands right below."""
    return Unit.objects.filter(parent=unit, closed=None).exists()


def count_children(unit: Unit, level: int) -> int:
    """How many open units of a level stand right below."""
    return Unit.objects.filter(parent=unit, level=level, closed=None).count()


def estimate_of(unit: Unit) -> Estimate | None:
    """The estimate of the unit itself."""
    return Estimate.objects.filter(unit=unit).first()


def households_of_grids(actor: Actor) -> int | None:
    """The estimates of the grids in the actor's branch, added; None without any."""
    rows = Estimate.objects.filter(actor.branch.where(), unit__level=Level.GRID)
    total: int | None = rows.aggregate(total=Sum("households"))["total"]
    return total


# Choices of forms.


def holdings_here(actor: Actor, unit: Unit, *, on: date) -> QuerySet[Holding]:
    """Who holds a post in the unit itself on a day, as far as the actor may know."""
    rows = for_actor(Holding.objects.filter(valid_on(on), unit=unit), actor)
    return rows.select_related("account", "post").order_by("post__title", "account__full_name")


def siblings(actor: Actor, unit: Unit) -> QuerySet[Unit]:
    """Open units of the same level in the actor's branch; grids and communities nearby only."""
    rows = Unit.objects.filter(
        actor.branch.where("key"), level=unit.level, closed=None
    ).select_related("parent")
    near = unit.parent.parent_id if unit.parent else None
    if unit.level == Level.GRID:
        rows = rows.filter(parent=unit.parent)
    elif unit.level == Level.COMMUNITY and near:
        rows = rows.filter(parent__parent=near)
    return rows.exclude(pk=unit.pk).order_by("key")


def other_parents(actor: Actor, unit: Unit) -> QuerySet[Unit]:
    """Open units of the actor's branch under which the unit could be moved."""
    wanted = Level.COMMUNITY if unit.level == Level.GRID else unit.level - 1
    rows = Unit.objects.filter(actor.branch.where("key"), level=wanted, closed=None).select_related(
        "parent"
    )
    if unit.parent_id is not None:
        rows = rows.exclude(pk=unit.parent_id)
    return rows.order_by("key")


def people(actor: Actor) -> QuerySet[Account]:
    """Active accounts of the actor's branch, by name."""
    rows = Account.objects.filter(actor.branch.where(), is_active=True)
    return rows.order_by("full_name")


def chosen_person(account_id: str) -> Account | None:
    """The account chosen in a form; "" for none."""
    return Account.objects.filter(pk=account_id).first() if account_id else None


# Outlines.


def outline_of(unit: Unit) -> Outline | None:
    """The outline of the unit itself."""
    return Outline.objects.filter(unit=unit).first()


def shape_of(unit: Unit) -> dict[str, Any] | None:
    """The stored geometry alone."""
    return Outline.objects.filter(unit=unit).values_list("shape", flat=True).first()


def area_of(unit: Unit) -> float | None:
    """The stored area alone, in square metres."""
    return Outline.objects.filter(unit=unit).values_list("area_m2", flat=True).first()


def is_drawn(unit: Unit) -> bool:
    """Whether the unit itself has an outline."""
    return Outline.objects.filter(unit=unit).exists()


def anything_drawn(branch: Branch) -> bool:
    """Whether any unit of a branch has an outline."""
    return Outline.objects.filter(branch.where()).exists()


def outlines(
    actor: Actor,
    *,
    level: int,
    most: int,
    within: Branch | None = None,
    without: UUID | None = None,
) -> list[Outline]:
    """Outlines of open units of a level in the actor's branch, with their units and parents."""
    rows = Outline.objects.filter(unit__closed=None)
    rows = rows if actor.all_verbs else rows.filter(actor.branch.where())
    if within is not None:
        rows = rows.filter(within.where())
    rows = rows.filter(unit__level=level)
    if without is not None:
        rows = rows.exclude(unit_id=without)
    return list(rows.select_related("unit__parent").order_by("unit_key")[:most])


def one_code_each(units: Sequence[UUID]) -> dict[UUID, str]:
    """Today's code of several units; of a unit with several, the first system by name."""
    rows = UnitCode.objects.filter(unit__in=units, ends=None).order_by("-system")
    return dict(rows.values_list("unit_id", "code"))
