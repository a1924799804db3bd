"""Registers of planned changes and of norms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.modules.divisions import desk_reads
from linli.modules.divisions.desk import doing, forms
from linli.modules.divisions.models import Norm, Plan, PlanState
from linli.modules.divisions.rules import Verb
from linli.platform.changes.public import label_of
from linli.platform.desk.public import (
    Action,
    Badge,
    Column,
    Day,
    Empty,
    Fact,
    Facts,
    Menu,
    Number,
    Register,
    Timeline,
    Within,
)

NORMS: dict[str, Any] = {
    "community.households.least": _("Households of a community, at least"),
    "community.households.most": _("Households of a community, at most"),
    "group_leader.households.least": _("Households of a group leader, at least"),
    "group_leader.households.most": _("Households of a group leader, at most"),
    "building_leader.buildings": _("Buildings of a building leader"),
    "worker.households": _("Households of a community worker"),
}
STRENGTHS: dict[str, Any] = {
    "hard": _("binding"),
    "soft": _("guidance"),
    "historical": _("no longer in force"),
}


def norm_name(slug: str) -> str:
    """A norm in words."""
    return str(NORMS.get(slug, slug))


class Plans(Register):
    """Changes decided for a later day."""

    name = "plans"
    path = "divisions/plans"
    model = Plan
    label = _("Planned changes")
    view_verb = Verb.PLAN
    rows = staticmethod(desk_reads.plans)
    columns = (
        Column("verb", _("Change"), needs=("verb",), show=lambda row: label_of(row["verb"])),
        Column("unit", _("Unit")),
        Day("on", _("On")),
        Badge(
            "state",
            tones={PlanState.DONE: "done", PlanState.FAILED: "danger", PlanState.PLANNED: "info"},
            icons={PlanState.DONE: "check", PlanState.FAILED: "alert-triangle",
                   PlanState.PLANNED: "clock"},
        ),
        Column("asked_by", _("Decided by")),
    )  # fmt: skip
    filters = ("state", Within("unit"))
    detail = (
        Facts(
            Fact("verb", _("Change"), show=lambda row, _actor: label_of(row.verb)),
            Fact("unit", _("Unit")),
            "on", "state", Fact("asked_by", _("Decided by")),
            Fact("outcome", _("Outcome"), hide_empty=True),
        ),
        Timeline(place="side"),
    )  # fmt: skip
    actions = (
        Action(
            Verb.WITHDRAW_PLAN, doing.withdraw, icon="x", tone="danger",
            when=lambda row, _actor: row.state == PlanState.PLANNED,
            confirm=_("The change will not be carried out."),
        ),
    )  # fmt: skip
    menu = Menu(_("Planned changes"), group="places", icon="calendar", order=50)
    empty = Empty(_("No change is planned"), _("A change for a later day stands here until then."))

    def title(self, row: Any) -> str:
        return f"{label_of(row.verb)} · {row.unit.name}"


class Norms(Register):
    """Numbers of the law, dated."""

    name = "norms"
    path = "divisions/norms"
    model = Norm
    label = _("Norms")
    about = _("What communities and their staff are measured by; every value with its source.")
    rows = staticmethod(desk_reads.norms)
    columns = (
        Column("slug", _("Norm"), needs=("slug",), show=lambda row: norm_name(row["slug"])),
        Number("value", digits=0),
        Day("starts"),
        Day("ends"),
        Column("strength", needs=("strength",),
               show=lambda row: str(STRENGTHS.get(row["strength"], row["strength"]))),
        Column("source", css="clip"),
    )  # fmt: skip
    detail = (
        Facts("value", "starts", "ends", "source", Fact("rule", _("Rule"), hide_empty=True)),
        Timeline(place="side"),
    )
    actions = (
        Action(
            Verb.SET_NORM, doing.set_norm, form=forms.NormForm, icon="pencil",
            when=lambda row, _actor: row.ends is None,
        ),
    )  # fmt: skip
    menu = Menu(_("Norms"), group="settings", icon="scale", order=60)

    def title(self, row: Any) -> str:
        return norm_name(row.slug)
