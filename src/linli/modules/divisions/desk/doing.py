"""From a form to the module's action."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.modules.divisions import actions, desk_reads
from linli.modules.divisions.actions.planning import Order
from linli.modules.divisions.models import Plan
from linli.platform.access.public import Level, Unit
from linli.platform.desk.public import Doing
from linli.platform.desk.register import register

MOST_TOLD = 8


def change(doing: Doing, order: Order) -> str:
    """Carry an order out or plan it; then go to what came of it."""
    done = actions.decide(by=doing.actor, at=doing.at, order=order)
    if isinstance(done, Plan):
        return register("plans").url_of(done)
    return unit_url(done)


def unit_url(unit: Unit) -> str:
    """The page of a unit or grid."""
    return register("grids" if unit.level == Level.GRID else "units").url_of(unit)


def set_boundary(doing: Doing) -> None:
    """Draw the boundary."""
    actions.set_boundary(
        by=doing.actor, at=doing.at, unit=doing.row, shape=doing.data["shape"],
        on=doing.data["on"], expected=doing.expected,
    )  # fmt: skip


def import_grids(doing: Doing) -> str:
    """Take the file, or tell every fault of it."""
    done = actions.import_grids(
        by=doing.actor, at=doing.at, within=doing.row, collection=doing.data["file"],
        on=doing.data["on"], system=doing.data["system"],
    )  # fmt: skip
    if done.faults:
        told = [
            f"{wrong.feature} {wrong.name}：{wrong.sentence}" for wrong in done.faults[:MOST_TOLD]
        ]
        more = len(done.faults) - len(told)
        if more > 0:
            told.append(f"… +{more}")
        raise Invalid(
            "file", _("Nothing was stored. Features with faults: %(faults)s"),
            faults="；".join(told),
        )  # fmt: skip
    return f"{reverse('desk:grids')}?within={doing.row.pk}"


def estimate(doing: Doing) -> None:
    """Set the numbers."""
    actions.estimate(
        by=doing.actor, at=doing.at, unit=doing.row, households=doing.data["households"],
        buildings=doing.data["buildings"], source=doing.data["source"], on=doing.data["on"],
    )  # fmt: skip


def place_worker(doing: Doing) -> None:
    """Open the post and appoint."""
    account = desk_reads.chosen_person(doing.data["account"])
    actions.place_worker(
        by=doing.actor, at=doing.at, unit=doing.row, duty=doing.data["duty"], account=account,
        kind=doing.data["kind"], remit=doing.data["remit"], on=doing.data["on"],
    )  # fmt: skip


def relieve_worker(doing: Doing) -> None:
    """End the appointment; the post stays."""
    actions.relieve_worker(
        by=doing.actor, at=doing.at, holding=doing.data["holding"], on=doing.data["ends"]
    )


def set_norm(doing: Doing) -> None:
    """Put a new value in force."""
    actions.set_norm(
        by=doing.actor, at=doing.at, norm=doing.row, value=doing.data["value"],
        on=doing.data["on"], source=doing.data["source"],
    )  # fmt: skip


def withdraw(doing: Doing) -> None:
    """Drop a plan."""
    actions.withdraw_plan(by=doing.actor, at=doing.at, plan=doing.row)
