"""Registers of units and of grids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.modules.divisions import desk_reads, reads
from linli.modules.divisions.desk import doing, forms, parts
from linli.modules.divisions.desk.splitting import SplitForm
from linli.modules.divisions.models import Kind
from linli.modules.divisions.rules import Verb
from linli.platform.access.public import Actor, Level, Unit
from linli.platform.access.rules import Verb as Staff
from linli.platform.desk.public import (
    Action,
    Choice,
    Column,
    Day,
    Doing,
    Empty,
    Menu,
    Register,
    Template,
    Within,
)
from linli.platform.pages import formats

ICONS = {
    Level.PROVINCE: "map", Level.CITY: "map", Level.COUNTY: "building-community",
    Level.STREET: "road", Level.COMMUNITY: "home", Level.GRID: "grid-dots",
}  # fmt: skip


def search(rows: QuerySet[Unit], actor: Actor, text: str) -> QuerySet[Unit]:
    """By name, pinyin, initials or code."""
    found = reads.search(text, branch=actor.branch, most=200)
    return rows.filter(pk__in=[unit.pk for unit in found])


def _is_open(row: Any, actor: Actor) -> bool:  # noqa: ARG001  the signature of a condition
    return row.closed is None


def _above_community(row: Any, actor: Actor) -> bool:
    return _is_open(row, actor) and row.level < Level.COMMUNITY


def _community(row: Any, actor: Actor) -> bool:
    return _is_open(row, actor) and row.level == Level.COMMUNITY


def _has_children(row: Any, actor: Actor) -> bool:
    return _is_open(row, actor) and desk_reads.has_children(row)


def _movable(row: Any, actor: Actor) -> bool:
    return _is_open(row, actor) and row.parent_id is not None


def _may_place(row: Any, actor: Actor) -> bool:
    """Placing somebody opens a post, which is a right of its own."""
    return _is_open(row, actor) and actor.may(Staff.OPEN_POST, row)


def _may_place_in_community(row: Any, actor: Actor) -> bool:
    return _community(row, actor) and _may_place(row, actor)


def _may_relieve(row: Any, actor: Actor) -> bool:
    """Somebody is there, and ending an appointment is the actor's right too."""
    return (
        _is_open(row, actor)
        and actor.may(Staff.RELEASE, row)
        and desk_reads.holdings_here(actor, row, on=timezone.localdate()).exists()
    )


def _act(form: type[forms.ChangeForm]) -> Callable[[Doing], str]:
    return partial(_change, form)


def _change(form: type[forms.ChangeForm], asked: Doing) -> str:
    """The form's order once more, from what was confirmed."""
    filled = form(actor=asked.actor, row=asked.row)
    filled.cleaned_data = dict(asked.data)
    return doing.change(asked, filled.order())


def changing(verb: str, form: type[forms.ChangeForm], icon: str, **more: Any) -> Action:
    """A button for a change of the tree: asks, shows what moves, does it on confirmation."""
    more.setdefault("when", _is_open)
    return Action(
        verb, _act(form), form=form, icon=icon, save=_("Continue"), context=_change_context,
        **{"template": "divisions/change.html", **more},
    )  # fmt: skip


def _change_context(row: Any, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG001
    return {"unit": row}


def _boundary_context(row: Any, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG001
    return parts.editor(row)


class Units(Register):
    """Streets, communities and what stands above them."""

    name = "units"
    path = "divisions/units"
    model = Unit
    label = _("Units")
    rows = staticmethod(desk_reads.units)
    search = staticmethod(search)
    columns = (
        Column("name", _("Name"), sort="key"),
        Column(
            "level",
            _("Level"),
            needs=("level",),
            show=lambda row: str(Level(row["level"]).label),
        ),
        Column("kind", _("Kind"), needs=("kind",), show=lambda row: str(Kind(row["kind"]).label)),
        Column("parent", _("Belongs to")),
        parts.codes_column("nbs", _("Statistics code")),
        parts.codes_column("mca", _("Civil-affairs code"), hidden=True),
        Day("opened", _("On record from"), hidden=True),
        Day("closed", _("Abolished on")),
    )
    default_sort = "name"
    filters = (
        Choice("level", choices=lambda _actor: parts.levels(), label=_("Level")),
        Choice("kind", choices=lambda _actor: parts.kinds(), label=_("Kind")),
        Within("unit", path="key", label=_("Within")),
    )
    detail = (
        Template("divisions/parts/facts.html", parts.facts, _("Facts")),
        Template("divisions/parts/people.html", parts.people, _("Who looks after it")),
        Template("divisions/parts/grids.html", parts.grids_map, _("Grids")),
        Template("divisions/parts/history.html", parts.history, _("History")),
        parts.Story(place="side", say=parts.say),
    )
    actions = (
        changing(Verb.OPEN, forms.OpenForm, "plus", label=_("Establish below"),
                 when=_above_community),
        changing(Verb.OPEN_GRID, forms.OpenGridForm, "plus", when=_community),
        changing(Verb.RENAME, forms.RenameForm, "pencil"),
        changing(Verb.CHANGE_CODE, forms.CodeForm, "tag"),
        changing(Verb.CHANGE_PARENT, forms.ParentForm, "transfer", when=_movable),
        changing(Verb.MERGE, forms.MergeForm, "arrows-join", when=_movable),
        changing(Verb.SPLIT, SplitForm, "arrows-split", when=_has_children,
                 template="divisions/split.html"),
        changing(Verb.CLOSE, forms.CloseForm, "ban", tone="danger", when=_movable),
        Action(Verb.SET_BOUNDARY, doing.set_boundary, form=forms.BoundaryForm, icon="polygon",
               template="divisions/boundary.html", context=_boundary_context, when=_is_open),
        Action(Verb.IMPORT_GRIDS, doing.import_grids, form=forms.ImportForm, icon="upload",
               when=_is_open),
        Action(Verb.ESTIMATE, doing.estimate, form=forms.EstimateForm, icon="users",
               when=_community),
        Action(Verb.PLACE_WORKER, doing.place_worker, form=forms.WorkerForm, icon="user-plus",
               when=_may_place_in_community),
        Action(Verb.RELIEVE_WORKER, doing.relieve_worker, form=forms.RelieveForm, icon="logout",
               tone="danger", when=_may_relieve,
               about=_("The post stays and stands vacant until somebody else is placed.")),
    )  # fmt: skip
    menu = Menu(_("Units"), group="places", icon="list-tree", order=20)
    empty = Empty(_("No units yet"), _("Load a list of divisions, or establish units."))

    def badges(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return parts.state_badge(row)

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return parts.where(row)

    def detail_rows(self, actor: Actor) -> QuerySet[Unit]:
        return desk_reads.units(actor).select_related("parent")


class Grids(Register):
    """Grids, with their map."""

    name = "grids"
    path = "divisions/grids"
    model = Unit
    label = _("Grids")
    rows = staticmethod(desk_reads.grids)
    search = staticmethod(search)
    columns = (
        Column("name", _("Grid"), sort="key"),
        Column("parent", _("Community")),
        parts.codes_column("local", _("Grid code")),
        parts.households_column(),
        parts.worker_column(),
        Day("closed", _("Abolished on"), hidden=True),
    )
    default_sort = "name"
    filters = (Within("within", path="key", label=_("Within")),)
    detail = (
        Template("divisions/parts/facts.html", parts.facts, _("Facts")),
        Template("divisions/parts/people.html", parts.people, _("Who looks after it")),
        Template("divisions/parts/place.html", parts.place_map, _("Place")),
        Template("divisions/parts/history.html", parts.history, _("History")),
        parts.Story(place="side", say=parts.say),
    )
    actions = (
        Action(Verb.SET_BOUNDARY, doing.set_boundary, form=forms.BoundaryForm, icon="polygon",
               template="divisions/boundary.html", context=_boundary_context, when=_is_open,
               tone="primary"),
        Action(Verb.PLACE_WORKER, doing.place_worker, form=forms.WorkerForm, icon="user-plus",
               when=_may_place),
        Action(Verb.RELIEVE_WORKER, doing.relieve_worker, form=forms.RelieveForm, icon="logout",
               tone="danger", when=_may_relieve,
               about=_("The post stays and stands vacant until somebody else is placed.")),
        Action(Verb.ESTIMATE, doing.estimate, form=forms.EstimateForm, icon="users",
               when=_is_open),
        changing(Verb.RENAME_GRID, forms.RenameForm, "pencil"),
        changing(Verb.MOVE_GRID, forms.ParentForm, "transfer"),
        changing(Verb.MERGE_GRIDS, forms.MergeForm, "arrows-join"),
        changing(Verb.SPLIT_GRID, SplitForm, "arrows-split", template="divisions/split.html"),
        changing(Verb.CLOSE_GRID, forms.CloseForm, "ban", tone="danger"),
    )  # fmt: skip
    menu = Menu(_("Grids"), group="places", icon="grid-dots", order=30)
    list_template = "divisions/grids.html"
    empty = Empty(_("No grids yet"), _("Establish grids on the page of a community."))

    def badges(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return parts.state_badge(row)

    def summary(self, row: Any, actor: Actor) -> str:  # noqa: ARG002
        return parts.where(row)

    def detail_rows(self, actor: Actor) -> QuerySet[Unit]:
        return desk_reads.grids(actor).select_related("parent__parent")

    def list_context(self, request: HttpRequest, actor: Actor) -> Mapping[str, Any]:
        within = request.GET.get("within", "")
        query = f"?within={within}" if within else ""
        return {
            "shapes": reverse("desk:divisions.shapes") + query,
            "export": reverse("desk:divisions.shapes") + (query or "?") + "&download=1",
            "day": formats.day(timezone.localdate()),
            "households": desk_reads.households_of_grids(actor),
        }
